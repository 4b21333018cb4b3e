package io.podnet.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Vxlan;
import io.podnet.testkit.machine.Mesh;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyTest {
    @TempDir
    Path directory;

    private static long counted(UnderlayLab.LabNode node, String comment) throws Exception {
        Matcher matcher = Pattern.compile(
                        "counter packets ([0-9]+) bytes [0-9]+ [a-z0-9 -]*comment \"" + comment + "\"")
                .matcher(node.run("nft", "list", "table", "inet", "podnet-pnvx"));
        long packets = 0;
        while (matcher.find()) {
            packets += Long.parseLong(matcher.group(1));
        }
        return packets;
    }

    private static PodNetwork pod(Podnet node, Map<IpAddress, Mesh.Opener> ends) {
        PodNetwork pod = node.setUp(PodSpec.of("default", "pod").build());
        pod.ips().forEach(ip -> ends.put(ip, pod.sandbox()::openDatagramChannel));
        return pod;
    }

    @Test
    void aStrangersPacketsAreDroppedAndOuterPacketsAreNotTracked() throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode one = lab.node(1);
            UnderlayLab.LabNode two = lab.node(2);
            UnderlayLab.LabNode stranger = lab.node(9);
            // Whoever masquerades everything must not get at the outer packets.
            one.run(
                    "nft",
                    "add table ip everything; add chain ip everything post { type nat hook postrouting priority 100; };"
                            + " add rule ip everything post oifname eth0 udp dport 8477 counter masquerade random");
            try (Podnet a = CrossNodeTest.builder(one, "vxlan", false)
                            .removePodsOnClose(true)
                            .start();
                    Podnet b = CrossNodeTest.builder(two, "vxlan", false)
                            .removePodsOnClose(true)
                            .start()) {
                Map<IpAddress, Mesh.Opener> ends = new HashMap<>();
                IpAddress target = pod(a, ends).ips().get(0);
                pod(b, ends);
                assertThat(Mesh.missing(ends, 1)).isEmpty();
                assertThat(one.run("nft", "list", "table", "ip", "everything")).contains("counter packets 0 bytes 0");

                stranger.run(
                        "ip",
                        "link",
                        "add",
                        "forged",
                        "type",
                        "vxlan",
                        "id",
                        "1",
                        "dstport",
                        "8477",
                        "local",
                        "192.0.2.9",
                        "nolearning");
                stranger.run("ip", "address", "add", "10.244.255.9/32", "dev", "forged");
                stranger.run("ip", "link", "set", "forged", "up");
                stranger.run(
                        "bridge",
                        "fdb",
                        "add",
                        one.device().mac().orElseThrow().toString(),
                        "dev",
                        "forged",
                        "dst",
                        "192.0.2.1");
                stranger.run("ip", "route", "add", target + "/32", "dev", "forged");
                stranger.run(
                        "ip",
                        "neigh",
                        "add",
                        target.toString(),
                        "lladdr",
                        one.device().mac().orElseThrow().toString(),
                        "nud",
                        "permanent",
                        "dev",
                        "forged");
                assertThat(counted(one, "VXLAN of a stranger")).isZero();
                Map<IpAddress, Mesh.Opener> forged = new HashMap<>();
                forged.put(target, ends.get(target));
                forged.put(
                        IpAddress.parse("10.244.255.9"),
                        () -> new NamespaceChannels(stranger.threads(), stranger.namespace())
                                .datagram(StandardProtocolFamily.INET));
                assertThat(Mesh.missing(forged, 1)).hasSize(2);
                assertThat(counted(one, "VXLAN of a stranger")).isPositive();
            }
        }
    }

    /** As node ports of a third node do: what comes by the tunnel leaves by it, and the answer too. */
    @ParameterizedTest
    @ValueSource(strings = {"vxlan", "neighbour"})
    void aThirdNodeTranslates(String backend) throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode third = lab.node(3);
            try (Podnet a = CrossNodeTest.builder(lab.node(1), backend, false)
                            .removePodsOnClose(true)
                            .start();
                    Podnet b = CrossNodeTest.builder(lab.node(2), backend, false)
                            .removePodsOnClose(true)
                            .start();
                    Podnet c = CrossNodeTest.builder(third, backend, false)
                            .removePodsOnClose(true)
                            .start()) {
                Map<IpAddress, Mesh.Opener> ends = new HashMap<>();
                PodNetwork client = pod(a, ends);
                IpAddress server = pod(b, ends).ips().get(0);
                assertThat(Mesh.missing(ends, 1)).isEmpty();
                assertThat(c.status()).isEqualTo(Condition.READY);
                IpAddress translating = third.route()
                        .addresses()
                        .list(third.device().index())
                        .get(0)
                        .address()
                        .address();
                third.run(
                        "nft",
                        "add table ip port; add chain ip port pre { type nat hook prerouting priority -100; };"
                                + " add chain ip port post { type nat hook postrouting priority 100; };"
                                + " add rule ip port pre ip daddr " + translating + " udp dport 30000 dnat to " + server
                                + ":9; add rule ip port post ct status dnat masquerade");
                try (DatagramChannel to = ends.get(server).open();
                        DatagramChannel from = client.sandbox().openDatagramChannel()) {
                    to.bind(new InetSocketAddress(server.toInetAddress(), 9));
                    to.configureBlocking(false);
                    from.configureBlocking(false);
                    from.connect(new InetSocketAddress(translating.toInetAddress(), 30_000));
                    Waiting.until("an answer came", () -> {
                        from.write(ByteBuffer.allocate(1));
                        SocketAddress asker = to.receive(ByteBuffer.allocate(9));
                        if (asker != null) {
                            to.send(ByteBuffer.allocate(2), asker);
                        }
                        return from.read(ByteBuffer.allocate(9)) == 2;
                    });
                }
            }
        }
    }

    @Test
    void anAddressThatNoPodHasIsRefusedBeforeItReachesTheDevice() throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode one = lab.node(1);
            try (Podnet a = CrossNodeTest.builder(one, "neighbour", false)
                            .removePodsOnClose(true)
                            .start();
                    Podnet b = CrossNodeTest.builder(lab.node(2), "neighbour", false)
                            .removePodsOnClose(true)
                            .start()) {
                Map<IpAddress, Mesh.Opener> ends = new HashMap<>();
                PodNetwork pod = pod(a, ends);
                pod(b, ends);
                assertThat(Mesh.missing(ends, 1)).isEmpty();
                try (SocketChannel channel = pod.sandbox().openSocketChannel()) {
                    assertThatThrownBy(() -> channel.connect(new InetSocketAddress(
                                    IpAddress.parse("10.244.200.200").toInetAddress(), 7)))
                            .isInstanceOf(NoRouteToHostException.class);
                }
                assertThat(counted(one, "no pod has the address")).isPositive();
                assertThat(one.run("ip", "neigh", "show", "dev", "pnvx4", "nud", "failed")
                                + one.run("ip", "neigh", "show", "dev", "pnvx4", "nud", "incomplete"))
                        .isEmpty();
            }
        }
    }

    @Test
    void aSubnetThatNobodyHasIsUnreachable() throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode one = lab.node(1);
            one.run("ip", "route", "add", "default", "via", "192.0.2.254");
            try (Podnet a = CrossNodeTest.builder(one, "vxlan", false)
                    .removePodsOnClose(true)
                    .start()) {
                assertThat(a.status()).isEqualTo(Condition.READY);
                assertThat(one.run("ip", "route")).contains("unreachable 10.244.0.0/16");
            }
            assertThat(one.run("ip", "route")).doesNotContain("unreachable");
        }
    }

    @Test
    void aVniThatAnotherDeviceHasIsRefusedWithItsName() throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode one = lab.node(1);
            one.route()
                    .links()
                    .create(
                            new Vxlan(1, 8477, Optional.of(IpAddress.parse("192.0.2.1")), 0, false),
                            LinkAttributes.named("others0").alias("somebody's").up());
            assertThatThrownBy(() -> CrossNodeTest.builder(one, "vxlan", false).start())
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("others0")
                    .hasMessageContaining("somebody's")
                    .hasMessageContaining("'vni'");
            assertThat(one.route().links().find("pnvx4")).isEmpty();
        }
    }

    @Test
    void aPathThatLosesLargePacketsIsFoundAndNamed() throws Exception {
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            UnderlayLab.LabNode one = lab.node(1);
            UnderlayLab.LabNode two = lab.node(2);
            lab.middle().links().change("to-2", LinkAttributes.none().mtu(1400));
            try (Podnet a = CrossNodeTest.builder(one, "vxlan", false)
                            .removePodsOnClose(true)
                            .start();
                    Podnet b = CrossNodeTest.builder(two, "vxlan", false)
                            .removePodsOnClose(true)
                            .start()) {
                Waiting.until("the path is found bad", () -> a.status().reason().equals("PathMtu"));
                assertThat(a.status().message()).contains("node-2").contains("1450");
                lab.middle().links().change("to-2", LinkAttributes.none().mtu(1500));
                Waiting.until(
                        "the path is found good",
                        () -> a.status().equals(Condition.READY) && b.status().equals(Condition.READY));
            }
        }
    }
}
