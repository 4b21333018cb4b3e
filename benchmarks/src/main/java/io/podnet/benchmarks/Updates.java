package io.podnet.benchmarks;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Locale;

/**
 * Times of changes: the call alone; until the answer to a query after it lies in the client's socket; until the client,
 * which shares the processor with the server, has got it. And what else the process did meanwhile.
 */
final class Updates {
    private static final double MILLI = 1_000;

    private final Samples apply = new Samples();
    private final Samples socket = new Samples();
    private final Samples client = new Samples();
    private long before;
    private long beforeWall;
    private long collections = collections();
    private long compiling = compiling();

    void begin() {
        Instant now = Instant.now();
        beforeWall = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        before = System.nanoTime();
    }

    void applied() {
        apply.add(System.nanoTime() - before);
    }

    /** The answer is there; it reached the socket at that time of the wall clock. */
    void answered(long wall) {
        client.add(System.nanoTime() - before);
        socket.add(wall - beforeWall);
    }

    void end() {
        collections = collections() - collections;
        compiling = compiling() - compiling;
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static long compiling() {
        return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "podnet update: apply %s; until the answer to a query after it is in the client's socket %s; until the"
                        + " client has it %s; meanwhile %d collections, %d ms of compilation",
                times(apply),
                times(socket),
                times(client),
                collections,
                compiling);
    }

    private static String times(Samples samples) {
        return String.format(
                Locale.ROOT,
                "p50 %.0f us, p99 %.0f us, above 1 ms %.1f %%",
                samples.micros(50),
                samples.micros(99),
                100 * samples.above(MILLI));
    }
}
