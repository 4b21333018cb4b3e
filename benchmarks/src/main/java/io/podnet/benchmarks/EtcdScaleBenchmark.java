package io.podnet.benchmarks;

import io.podnet.api.Cidr;
import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.route.RouteNetlink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Nodes over a real etcd, each a real network namespace: how long until all others route to a node that joins, and until all
 * know a new pod of backend {@code neighbour}. Beside the real flannel where FLANNELD names its binary and PEERS a directory with
 * {@code flannel/run.sh} that measures the same.
 */
final class EtcdScaleBenchmark {
    private static final String ENDPOINT = "http://127.0.0.1:2379";

    private EtcdScaleBenchmark() {}

    /**
     * Runs.
     *
     * @param arguments nodes, joins, pods
     */
    public static void main(String[] arguments) throws Exception {
        int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        int joins = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int pods = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
        flannel(nodes);
        Lab lab = new Lab();
        Process etcd = etcd();
        try {
            join(lab, nodes, joins);
            neighbours(lab, nodes, pods);
        } finally {
            etcd.destroyForcibly();
        }
        // What is in namespaces goes with them.
        Runtime.getRuntime().halt(0);
    }

    private static Process etcd() throws IOException, InterruptedException {
        Process etcd = new ProcessBuilder(
                        "etcd",
                        "--data-dir",
                        Files.createTempDirectory(Path.of("/run"), "etcd").toString(),
                        "--log-level",
                        "error")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        for (int i = 0; i < 500; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 2379));
                return etcd;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("etcd does not start");
    }

    private static PodnetBuilder node(Lab lab, String cluster, String backend) throws Exception {
        String name = lab.node();
        Path state = Files.createTempDirectory(Path.of("/run"), "podnet-" + name);
        return Podnet.builder()
                .nodeName(name)
                .nodeNamespace(Lab.path(name))
                .stateDirectory(state.resolve("state"))
                .netnsDirectory(state.resolve("netns"))
                .clusterName(cluster)
                .clusterStore("etcd", Map.of("endpoints", ENDPOINT))
                .sandboxes("unwired")
                .networkPlugin("overlay")
                .networkPluginOption("delegate", "unwired")
                .networkPluginOption("backend", backend)
                .networkPluginOption("clusterCidr", "10.128.0.0/12")
                .networkPluginOption("probe", "false");
    }

    private static void join(Lab lab, int count, int joins) throws Exception {
        List<Podnet> nodes = new ArrayList<>();
        List<RouteNetlink> kernels = new ArrayList<>();
        try (NamespaceThreads threads = new NamespaceThreads(1)) {
            for (int i = 0; i < count; i++) {
                nodes.add(node(lab, "join", "vxlan").start());
                kernels.add(kernel(threads, "n" + i));
            }
            awaitRoutes(kernels, count - 1);
            System.out.printf(Locale.ROOT, "podnet vxlan: %d nodes up in one process%n", count);
            for (int i = 0; i < joins; i++) {
                PodnetBuilder builder = node(lab, "join", "vxlan");
                long start = System.nanoTime();
                nodes.add(builder.start());
                double up = (System.nanoTime() - start) / 1e6;
                awaitRoutes(kernels, count + i);
                double all = (System.nanoTime() - start) / 1e6;
                System.out.printf(
                        Locale.ROOT,
                        "  join: node up after %.0f ms, all %d route to it after %.0f ms%n",
                        up,
                        count,
                        all);
            }
            kernels.forEach(RouteNetlink::close);
        }
        nodes.forEach(Podnet::close);
    }

    private static RouteNetlink kernel(NamespaceThreads threads, String node) {
        try (NetworkNamespace namespace = NetworkNamespace.open(Lab.path(node))) {
            return threads.callIn(namespace, () -> RouteNetlink.open());
        }
    }

    /** Waits until each kernel has routes to so many other subnets. */
    private static void awaitRoutes(List<RouteNetlink> kernels, int others) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Cidr range = Cidr.parse("10.128.0.0/12");
        for (RouteNetlink kernel : kernels) {
            while (kernel.routes().list(IpFamily.IPV4).stream()
                            .filter(route -> route.gateway().isPresent()
                                    && range.contains(route.destination().network()))
                            .count()
                    < others) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("not all nodes route to " + others + " others");
                }
            }
        }
    }

    private static void neighbours(Lab lab, int count, int pods) throws Exception {
        List<Podnet> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(node(lab, "neighbours", "neighbour")
                    .ipam("cluster")
                    .podCidr("10.128.0.0/12")
                    .start());
        }
        Samples everywhere = new Samples();
        for (int i = 0; i < pods + count; i++) {
            Podnet node = nodes.get(i % count);
            PodId pod = new PodId("bench", "pod-" + i);
            long start = System.nanoTime();
            node.setUp(PodSpec.of(pod.namespace(), pod.name()).build());
            int answers = node.programmed(pod).get(30, TimeUnit.SECONDS).size();
            if (answers < count - 1) {
                throw new IllegalStateException("only " + answers + " nodes answered");
            }
            // A node's first pod claims its block.
            if (i >= count) {
                everywhere.add(System.nanoTime() - start);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "podnet neighbour: %d nodes, new pod from the call of set-up until all others have it: p50 %.1f ms, p99 %.1f"
                        + " ms, of %d%n",
                count,
                everywhere.micros(50) / 1e3,
                everywhere.micros(99) / 1e3,
                pods);
    }

    private static void flannel(int nodes) throws Exception {
        String binary = System.getenv("FLANNELD");
        String peers = System.getenv("PEERS");
        if (binary == null || peers == null) {
            System.out.println("flannel: left out (FLANNELD=its binary, PEERS=a directory with flannel/run.sh)");
            return;
        }
        Process process = new ProcessBuilder(
                        "unshare",
                        "-nm",
                        Path.of(peers, "flannel", "run.sh").toString(),
                        binary,
                        Integer.toString(nodes))
                .inheritIO()
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }
}
