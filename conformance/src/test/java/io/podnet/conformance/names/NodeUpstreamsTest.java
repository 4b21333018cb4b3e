package io.podnet.conformance.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.testkit.cluster.Cluster;
import io.podnet.testkit.cluster.ClusterNode;
import io.podnet.testkit.cluster.PodnetCluster;
import io.podnet.testkit.machine.FixedNameServer;
import io.podnet.testkit.machine.NodeDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A whole node whose resolv.conf changes, as DHCP and VPN clients change it. */
@PodnetCluster(nodes = 3)
class NodeUpstreamsTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final IpAddress OFFICE = IpAddress.parse("203.0.113.1");
    private static final IpAddress TUNNEL = IpAddress.parse("203.0.113.2");

    private static Podnet start(ClusterNode machine, NodeDirectory directory, Path resolvConf) {
        return Podnet.builder()
                .nodeName("node-1")
                .nodeNamespace(machine.machine().namespace().path())
                .netnsDirectory(directory.netns())
                .stateDirectory(directory.state())
                .resolvConf(resolvConf)
                .networkPlugin("bridge")
                .serviceCidrs("10.96.0.0/16")
                .podCidr("10.244.1.0/24")
                .nameResolver("dns")
                .removePodsOnClose(true)
                .start();
    }

    private static String resolve(PodNetwork pod) throws Exception {
        Process getent = pod.sandbox().start(new ProcessBuilder("getent", "ahostsv4", "www.example.com"));
        String output = new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        getent.waitFor();
        return output.split("\\s", 2)[0];
    }

    private static void awaitAnswer(PodNetwork pod, IpAddress wanted) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        String got = resolve(pod);
        while (!got.equals(wanted.toString()) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(100);
            got = resolve(pod);
        }
        assertThat(got).isEqualTo(wanted.toString());
    }

    /** As dhclient-script and resolvconf(8) do it: a new file takes the old one's place. */
    private static void replace(Path file, String text) throws Exception {
        Path fresh = Files.writeString(file.resolveSibling("resolv.conf.new"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aPodsNamesFollowTheNodesFile(Cluster cluster, ClusterNode node, ClusterNode office, ClusterNode tunnel)
            throws Exception {
        try (NodeDirectory directory = new NodeDirectory();
                FixedNameServer first = new FixedNameServer(office.machine(), office.ip(), "www.example.com", OFFICE);
                FixedNameServer second =
                        new FixedNameServer(tunnel.machine(), tunnel.ip(), "www.example.com", TUNNEL)) {
            // The node starts before DHCP is done.
            Path file = directory.resolvConf("# not yet\n");
            try (Podnet podnet = start(node, directory, file)) {
                PodNetwork pod = podnet.setUp(PodSpec.of("default", "web").build());
                assertThat(resolve(pod)).isEmpty();
                Files.writeString(file, "nameserver " + office.ip() + "\n");
                awaitAnswer(pod, OFFICE);
                replace(file, "nameserver fe80::1%eth0\nnameserver fe80::2\nnameserver " + tunnel.ip() + "\n");
                awaitAnswer(pod, TUNNEL);
                int asked = first.asked().size();
                // Caught while it is written: whom the node asked last is still asked.
                Files.writeString(file, "");
                TimeUnit.MILLISECONDS.sleep(1_500);
                assertThat(resolve(pod)).isEqualTo(TUNNEL.toString());
                Files.delete(file);
                TimeUnit.MILLISECONDS.sleep(1_500);
                assertThat(resolve(pod)).isEqualTo(TUNNEL.toString());
                assertThat(first.asked())
                        .as("the old server is not asked any more")
                        .hasSize(asked);
                replace(file, "nameserver " + office.ip() + "\n");
                awaitAnswer(pod, OFFICE);
            }
        }
    }
}
