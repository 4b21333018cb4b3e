package io.podnet.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.examples.PodMatrix;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.MemoryStore;
import io.podnet.store.memory.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three nodes in this JVM, on real packets in namespaces of their own: every pod reaches every pod by every backend. */
class BackendsRealKernelTest {
    private static final List<String> NODES = List.of("node-1", "node-2", "node-3");
    private static final String IPV4 = "10.244.0.0/16";
    private static final String DUAL = "10.244.0.0/16,fd00:10:244::/48";

    @TempDir
    Path work;

    private final VirtualClock clock = new VirtualClock();
    private final ExecutorService callbacks = Executors.newCachedThreadPool();
    private final MemoryHub hub = new MemoryHub(clock, callbacks, 64);
    private final List<MemoryStore> stores = new ArrayList<>();
    private final List<Podnet> nodes = new ArrayList<>();
    private Machines machines = null;

    @BeforeEach
    void makeNodes() throws IOException {
        work = work.toRealPath();
        machines = Machines.of(work, NODES);
    }

    @AfterEach
    void removeNodes() {
        nodes.forEach(Podnet::close);
        stores.forEach(MemoryStore::close);
        try {
            machines.remove();
        } finally {
            machines.close();
        }
        callbacks.shutdownNow();
    }

    private void start(String backend, String cidr) {
        for (String name : NODES) {
            MemoryStore store = hub.connect(name);
            stores.add(store);
            PodnetBuilder builder = Podnet.builder()
                    .nodeName(name)
                    .nodeNamespace(machines.path(name))
                    .stateDirectory(work.resolve("nodes").resolve(name))
                    .netnsDirectory(work.resolve("pods").resolve(name))
                    .clusterStore(store)
                    .networkPlugin("overlay")
                    .networkPluginOption("backend", backend)
                    .networkPluginOption("clusterCidr", cidr)
                    .removePodsOnClose(true);
            if (backend.equals("neighbour")) {
                builder.ipam("cluster").podCidr(cidr);
            }
            nodes.add(builder.start());
        }
    }

    private void pods(int each) throws Exception {
        for (int i = 0; i < each; i++) {
            for (Podnet node : nodes) {
                node.setUp(PodSpec.of("default", "p" + i + "-" + nodes.indexOf(node))
                        .build());
            }
        }
        for (Podnet node : nodes) {
            for (PodNetwork pod : node.pods()) {
                reachable(node, pod.id());
            }
        }
    }

    /** The promise that set-up gives: from then on no connection fails for want of a route. */
    private static void reachable(Podnet node, PodId pod) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        // A node whose session is lost is none that is waited for, until it is there again.
        while (node.programmed(pod).get(30, TimeUnit.SECONDS).size() < NODES.size() - 1) {
            assertThat(System.nanoTime()).as("all nodes").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private String matrix() throws IOException, InterruptedException {
        PodMatrix matrix = new PodMatrix();
        nodes.forEach(node -> node.pods()
                .forEach(pod -> matrix.pod(
                        pod.record().netns().toString(),
                        pod.ips().stream().map(IpAddress::toString).toList())));
        String said = matrix.run(work);
        return said.equals(Integer.toString(matrix.size())) ? "all" : said;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"vxlan " + IPV4, "vxlan " + DUAL, "host-gw " + DUAL, "direct-routing " + DUAL, "neighbour " + DUAL
            })
    void everyPodReachesEveryPodAndSeesItsAddress(String backend, String cidr) throws Exception {
        start(backend, cidr);
        pods(10);
        assertThat(matrix()).as(backend).isEqualTo("all");
    }

    /** What the overlay has in the kernels of all nodes: what is on its devices, and routes of its protocol. */
    private Set<String> kernel() throws IOException, InterruptedException {
        Set<String> rows = new TreeSet<>();
        for (String name : NODES) {
            for (String command : List.of(
                    "ip -4 route show table all",
                    "ip -6 route show table all",
                    "ip neigh show nud permanent",
                    "bridge fdb show")) {
                List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + machines.path(name)));
                all.addAll(List.of(command.split(" ", -1)));
                Path out = work.resolve("kernel.txt");
                assertThat(new ProcessBuilder(all)
                                .redirectErrorStream(true)
                                .redirectOutput(out.toFile())
                                .start()
                                .waitFor())
                        .as(command)
                        .isZero();
                Files.readString(out)
                        .lines()
                        .filter(row -> row.contains(" pnvx") || row.contains(" proto 112 "))
                        // The kernel's own, as link-local addresses come to be.
                        .filter(row -> !row.contains("fe80:") && !row.contains("multicast"))
                        .forEach(row -> rows.add(name + ": " + command + ": " + row));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"vxlan", "neighbour"})
    void aPartitionChangesNothingAndEverythingConvergesAfter(String backend) throws Exception {
        start(backend, IPV4);
        pods(2);
        assertThat(matrix()).isEqualTo("all");
        Set<String> before = kernel();
        assertThat(before).hasSizeGreaterThan(2 * NODES.size());
        stores.get(1).cut();
        // Longer than any session of a node lives.
        clock.advance(Duration.ofSeconds(60));
        assertThat(matrix()).as("while node-2 is cut off").isEqualTo("all");
        assertThat(kernel()).as("while node-2 is cut off").isEqualTo(before);
        Podnet first = nodes.get(0);
        first.setUp(PodSpec.of("default", "meanwhile").build());
        PodId gone = new PodId("default", "p0-2");
        nodes.get(2).tearDown(gone);
        stores.get(1).heal();
        reachable(first, new PodId("default", "meanwhile"));
        nodes.get(1).setUp(PodSpec.of("default", "after").build());
        reachable(nodes.get(1), new PodId("default", "after"));
        assertThat(matrix()).as("after").isEqualTo("all");
    }

    @Test
    void aNodeWithoutAStoreIsToldWhatItLacks() {
        assertThat(catchThrowable(() -> Podnet.builder()
                        .nodeName("node-1")
                        .nodeNamespace(machines.path("node-1"))
                        .stateDirectory(work.resolve("alone"))
                        .netnsDirectory(work.resolve("pods"))
                        .podCidr(IPV4)
                        .ipam("cluster")
                        .start()))
                .hasMessageContaining("the Ipam 'cluster' needs a cluster store");
        assertThat(catchThrowable(() -> Podnet.builder()
                        .nodeName("node-1")
                        .nodeNamespace(machines.path("node-1"))
                        .stateDirectory(work.resolve("alone"))
                        .netnsDirectory(work.resolve("pods"))
                        .networkPlugin("overlay")
                        .networkPluginOption("clusterCidr", IPV4)
                        .start()))
                .hasMessageContaining("store");
    }
}
