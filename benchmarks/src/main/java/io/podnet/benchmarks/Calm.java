package io.podnet.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Waits until the machine does nothing, so that nobody pays for what came before: the kernel frees namespaces long after
 * whoever had them is gone, and holds the lock of all links meanwhile.
 */
final class Calm {
    private static final Path STAT = Path.of("/proc/stat");
    private static final long LOOK_MILLIS = 200;
    private static final int MOST_LOOKS = 75;
    private static final int CALM_LOOKS = 3;
    private static final double IDLE_SHARE = 0.93;

    private Calm() {}

    /** Waits, for 15 seconds at the most: others may be at work for longer than that. */
    static void await() throws IOException, InterruptedException {
        int calm = 0;
        Ticks before = Ticks.now();
        for (int i = 0; i < MOST_LOOKS && calm < CALM_LOOKS; i++) {
            Thread.sleep(LOOK_MILLIS);
            Ticks now = Ticks.now();
            calm = now.idle - before.idle > IDLE_SHARE * (now.all - before.all) ? calm + 1 : 0;
            before = now;
        }
        if (calm < CALM_LOOKS) {
            System.err.println("others are at work on this machine: the figures are theirs too");
        }
    }

    /**
     * What all processors did so far, see proc_stat(5).
     *
     * @param idle ticks in which they did nothing
     * @param all all ticks
     */
    private record Ticks(long idle, long all) {
        private static final int IDLE = 4;
        private static final int IOWAIT = 5;
        private static final int STEAL = 8;

        static Ticks now() throws IOException {
            String[] fields = Files.readAllLines(STAT).get(0).split(" +", -1);
            long all = 0;
            for (int i = 1; i <= STEAL; i++) {
                all += Long.parseLong(fields[i]);
            }
            return new Ticks(Long.parseLong(fields[IDLE]) + Long.parseLong(fields[IOWAIT]), all);
        }
    }
}
