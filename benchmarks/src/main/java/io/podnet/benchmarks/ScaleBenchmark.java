package io.podnet.benchmarks;

import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.store.memory.MemoryHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Many nodes in one JVM over the memory store, backend {@code neighbour}: each node is a real network namespace, in which the
 * production model and reconciler program a real neighbour for every pod of the others. The pods themselves have addresses and
 * no interfaces. Measured is a new pod, from the call of set-up until every other node's kernel has it.
 */
final class ScaleBenchmark {
    private static final String RANGE = "10.128.0.0/12";

    private ScaleBenchmark() {}

    /**
     * Runs.
     *
     * @param arguments nodes, pods, samples at each step
     */
    public static void main(String[] arguments) throws Exception {
        int nodeCount = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int podCount = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        int samples = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100;
        Lab lab = new Lab();
        MemoryHub hub = new MemoryHub();
        List<Podnet> nodes = new ArrayList<>();
        long before = System.nanoTime();
        for (int i = 0; i < nodeCount; i++) {
            nodes.add(node(lab, hub));
        }
        System.out.printf(Locale.ROOT, "%d nodes up in %.1f s%n", nodeCount, (System.nanoTime() - before) / 1e9);
        System.out.printf(
                Locale.ROOT,
                "%8s %12s %14s %14s %14s %12s%n",
                "pods",
                "setUp p50 ms",
                "everywhere p50",
                "everywhere p99",
                "everywhere max",
                "heap used MB");
        int pods = 0;
        for (int level : new int[] {podCount / 10, podCount / 2, podCount}) {
            while (pods < level) {
                setUp(nodes, pods++);
            }
            settle(nodes, pods - 1);
            Samples call = new Samples();
            Samples everywhere = new Samples();
            for (int i = 0; i < samples; i++) {
                Podnet node = nodes.get(i % nodes.size());
                PodId pod = new PodId("measured", "pod-" + level + "-" + i);
                long start = System.nanoTime();
                node.setUp(PodSpec.of(pod.namespace(), pod.name()).build());
                call.add(System.nanoTime() - start);
                int acknowledged =
                        node.programmed(pod).get(60, TimeUnit.SECONDS).size();
                everywhere.add(System.nanoTime() - start);
                if (acknowledged < nodeCount - 1) {
                    throw new IllegalStateException("only " + acknowledged + " nodes answered");
                }
                node.tearDown(pod);
            }
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            System.out.printf(
                    Locale.ROOT,
                    "%8d %12.1f %14.1f %14.1f %14.1f %12d%n",
                    pods,
                    call.micros(50) / 1e3,
                    everywhere.micros(50) / 1e3,
                    everywhere.micros(99) / 1e3,
                    everywhere.micros(100) / 1e3,
                    (runtime.totalMemory() - runtime.freeMemory()) >> 20);
        }
        String rows = Lab.output(Lab.path("n" + (nodeCount - 1)), "ip", "neigh", "show", "nud", "permanent");
        System.out.printf(
                Locale.ROOT,
                "the last node's kernel has %d permanent neighbours, of %d pods on other nodes%n",
                rows.lines().filter(line -> line.startsWith("10.")).count(),
                pods - pods / nodeCount);
        // What is in namespaces goes with them.
        Runtime.getRuntime().halt(0);
    }

    private static PodId setUp(List<Podnet> nodes, int number) {
        PodId pod = new PodId("bench", "pod-" + number);
        nodes.get(number % nodes.size())
                .setUp(PodSpec.of(pod.namespace(), pod.name()).build());
        return pod;
    }

    /** Waits until all that was set up is everywhere. */
    private static void settle(List<Podnet> nodes, int last) throws Exception {
        for (int i = Math.max(0, last - nodes.size() + 1); i <= last; i++) {
            nodes.get(i % nodes.size())
                    .programmed(new PodId("bench", "pod-" + i))
                    .get(300, TimeUnit.SECONDS);
        }
    }

    private static Podnet node(Lab lab, MemoryHub hub) throws Exception {
        String name = lab.node();
        Path state = Files.createTempDirectory(Path.of("/run"), "podnet-" + name);
        return Podnet.builder()
                .nodeName(name)
                .nodeNamespace(Lab.path(name))
                .stateDirectory(state.resolve("state"))
                .netnsDirectory(state.resolve("netns"))
                .clusterStore(hub.connect(name))
                .sandboxes("unwired")
                .ipam("cluster")
                .podCidr(RANGE)
                .networkPlugin("overlay")
                .networkPluginOption("delegate", "unwired")
                .networkPluginOption("backend", "neighbour")
                .networkPluginOption("clusterCidr", RANGE)
                .networkPluginOption("probe", "false")
                .start();
    }
}
