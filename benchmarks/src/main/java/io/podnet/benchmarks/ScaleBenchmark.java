package io.podnet.benchmarks;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.overlay.address.ClusterIpamProvider;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import io.podnet.store.memory.MemoryHub;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Many nodes in one JVM over the memory store, backend {@code neighbour}: each node is a real network namespace, in which the
 * production model and reconciler program a real neighbour for every pod of the others. The pods themselves have addresses and
 * no interfaces; most of them are in the store before the nodes start, as after a restart of all. Measured is a new pod, from the
 * call of set-up until every other node's kernel has it, and what processors spend on its coming and going.
 */
final class ScaleBenchmark {
    private static final String RANGE = "10.128.0.0/12";

    private ScaleBenchmark() {}

    /**
     * Runs.
     *
     * @param arguments nodes, pods, samples
     */
    public static void main(String[] arguments) throws Exception {
        int nodeCount = Integer.parseInt(arguments[0]);
        int podCount = Integer.parseInt(arguments[1]);
        int samples = Integer.parseInt(arguments[2]);
        Lab lab = new Lab();
        MemoryHub hub = new MemoryHub();
        List<Podnet> nodes = new ArrayList<>();
        long before = System.nanoTime();
        for (int i = 0; i < nodeCount; i++) {
            populate(hub, "n" + i, podCount / nodeCount - 1);
        }
        for (int i = 0; i < nodeCount; i++) {
            nodes.add(node(lab, hub));
        }
        // One more of each, the first of which shows that everything before it is everywhere.
        measure(nodes, nodeCount, "settle", false);
        System.out.printf(
                Locale.ROOT,
                "%d nodes up with %d pods in %.1f s%n",
                nodeCount,
                podCount,
                (System.nanoTime() - before) / 1e9);
        measure(nodes, samples, "warm", true);
        long work = work();
        Measured measured = measure(nodes, samples, "measured", true);
        work = work() - work;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "%8s %12s %14s %14s %14s %14s %12s%n%8d %12.1f %14.1f %14.1f %14.1f %14.1f %12d%n",
                "pods",
                "setUp p50 ms",
                "everywhere p50",
                "everywhere p99",
                "everywhere max",
                "processors ms",
                "heap used MB",
                podCount,
                measured.call().micros(50) / 1e3,
                measured.everywhere().micros(50) / 1e3,
                measured.everywhere().micros(99) / 1e3,
                measured.everywhere().micros(100) / 1e3,
                work / 1e6 / samples,
                (runtime.totalMemory() - runtime.freeMemory()) >> 20);
        String rows = Lab.output(Lab.path("n" + (nodeCount - 1)), "ip", "neigh", "show", "nud", "permanent");
        System.out.printf(
                Locale.ROOT,
                "the last node's kernel has %d permanent neighbours, of %d pods on other nodes%n",
                rows.lines().filter(line -> line.startsWith("10.")).count(),
                podCount - podCount / nodeCount);
        // What is in namespaces goes with them.
        Runtime.getRuntime().halt(0);
    }

    private record Measured(Samples call, Samples everywhere) {}

    /** Processor time of this process, the kernel's work for it included, in nanoseconds. */
    private static long work() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static Measured measure(List<Podnet> nodes, int samples, String namespace, boolean passing)
            throws Exception {
        Samples call = new Samples();
        Samples everywhere = new Samples();
        for (int i = 0; i < samples; i++) {
            Podnet node = nodes.get(i % nodes.size());
            PodId pod = new PodId(namespace, "pod-" + i);
            long start = System.nanoTime();
            node.setUp(PodSpec.of(pod.namespace(), pod.name()).build());
            call.add(System.nanoTime() - start);
            int acknowledged = node.programmed(pod).get(120, TimeUnit.SECONDS).size();
            everywhere.add(System.nanoTime() - start);
            if (acknowledged < nodes.size() - 1) {
                throw new IllegalStateException("only " + acknowledged + " nodes answered");
            }
            if (passing) {
                node.tearDown(pod);
            }
        }
        return new Measured(call, everywhere);
    }

    /** Gives a node's pods their addresses before it starts. */
    private static void populate(MemoryHub hub, String node, int pods) {
        AddressRangeSet range = new AddressRangeSet(List.of(AddressRange.of(Cidr.parse(RANGE))));
        try (ClusterStore store = hub.connect(node);
                Ipam ipam = new ClusterIpamProvider()
                        .create(new IpamProvider.Context(
                                "overlay",
                                List.of(range),
                                Path.of("/run"),
                                Map.of(),
                                Optional.of(new IpamProvider.Membership(node, store))))) {
            for (int i = 0; i < pods; i++) {
                AttachmentId pod = new AttachmentId(node + "-" + i, "eth0");
                ipam.reserve(pod, List.of());
                ipam.commit(pod);
            }
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
