package io.podnet.bridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.Protocol;
import io.podnet.bridge.TestNode;
import io.podnet.bridge.ipam.MemoryDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand pods come and go on four threads, and everything is as it was: kernel, files, descriptors, threads, heap. */
class SoakTest {
    private static final int THREADS = 4;
    private static final int WARM_UP = 50;
    private static final int CYCLES = 250;
    private static final long HEAP_NOISE = 8L << 20;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @Test
    void aThousandCyclesLeaveNothing() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try (TestNode test = new TestNode(directory);
                Inventory inventory = new Inventory(test, directory)) {
            List<String> process = inventory.process();
            try (Podnet node = Pods.soaked(test).removePodsOnClose(true).start()) {
                node.setUp(Pods.keeper());
                cycles(executor, node, WARM_UP);
                List<String> before = inventory.lasting();
                long heap = usedHeap();
                cycles(executor, node, CYCLES);
                long grown = usedHeap() - heap;
                System.out.println("heap after " + THREADS * CYCLES + " cycles: " + (grown >> 10) + " KiB more");
                assertThat(grown).isLessThan(HEAP_NOISE);
                assertThat(Inventory.changes(before, inventory.lasting())).isEmpty();
                assertThat(node.pods()).hasSize(1);
                assertThat(node.check(Pods.KEEPER)).isEmpty();
                node.quiesce();
                assertThat(test.kernel()).noneMatch(line -> line.contains(Inventory.DEAD));
            }
            assertThat(Inventory.changes(process, Settling.after(inventory::process, process)))
                    .isEmpty();
        } finally {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void cycles(ExecutorService executor, Podnet node, int each)
            throws InterruptedException, ExecutionException {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            running.add(executor.submit(() -> cycle(node, thread, each)));
        }
        for (Future<?> one : running) {
            one.get();
        }
    }

    private static void cycle(Podnet node, int thread, int times) {
        for (int i = 0; i < times; i++) {
            PodId id = new PodId("default", "soak-" + thread + "-" + i);
            PodSpec.Builder spec = PodSpec.of(id.namespace(), id.name());
            if (i % 10 == 0) {
                spec.hostPort(10_000 + thread, 80, Protocol.TCP);
            }
            PodNetwork pod = node.setUp(spec.build());
            assertThat(pod.ips()).hasSize(2);
            assertThat(node.tearDown(id)).isTrue();
        }
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        // More than one collection is needed where buffers are freed by what the first one enqueues.
        for (int i = 0; i < 5; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
