package io.podnet.bridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Bandwidth;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.Protocol;
import io.podnet.bridge.Datagrams;
import io.podnet.bridge.TestNode;
import io.podnet.bridge.ipam.MemoryDirectory;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.traffic.TokenBucket;
import io.podnet.netlink.traffic.TrafficControl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Host ports, limits and anti-spoofing as one gets them from the facade. */
class PodTrafficTest {
    private static final long WAIT_MILLIS = 3_000;
    private static final int POD_PORT = 53;
    private static final int HOST_PORT = 5353;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private TestNode test;
    private Podnet node;

    @BeforeEach
    void open() throws IOException {
        test = new TestNode(directory);
        node = Pods.soaked(test).removePodsOnClose(true).start();
    }

    @AfterEach
    void close() {
        node.close();
        test.close();
    }

    @Test
    void aHostPortLeadsToThePodUntilItIsGone() throws Exception {
        PodSpec spec = PodSpec.of("default", "dns")
                .hostPort(HOST_PORT, POD_PORT, Protocol.UDP)
                .build();
        PodNetwork pod = node.setUp(spec);
        for (int family = 0; family < 2; family++) {
            IpAddress gateway = pod.status().gateways().get(family);
            try (DatagramChannel server = pod.sandbox().openDatagramChannel();
                    DatagramChannel client = Datagrams.opener(test).open()) {
                server.bind(new InetSocketAddress(pod.ips().get(family).toInetAddress(), POD_PORT));
                client.send(
                        ByteBuffer.wrap(new byte[] {42}), new InetSocketAddress(gateway.toInetAddress(), HOST_PORT));
                assertThat(receive(server)).as(gateway + " port " + HOST_PORT).contains((byte) 42);
            }
        }
        node.tearDown(pod.id());
        // The port is free again, for another pod.
        node.setUp(PodSpec.of("default", "other")
                .hostPort(HOST_PORT, POD_PORT, Protocol.UDP)
                .build());
    }

    @Test
    void limitsAreInTheKernelOnBothSides() {
        PodNetwork pod = node.setUp(PodSpec.of("default", "slow")
                .annotation(Bandwidth.INGRESS_ANNOTATION, "10M")
                .annotation(Bandwidth.EGRESS_ANNOTATION, "20M")
                .build());
        Link port = test.route().links().get(pod.status().hostInterfaceName().orElseThrow());
        TrafficControl traffic = new TrafficControl(test.route().conversation());
        assertThat(traffic.shaping(port.index()))
                .hasValueSatisfying(
                        shown -> assertThat(TokenBucket.ofBits(10_000_000).isShownAs(shown))
                                .isTrue());
        int shaper = traffic.ingressRedirect(port.index()).orElseThrow();
        assertThat(traffic.shaping(shaper))
                .hasValueSatisfying(
                        shown -> assertThat(TokenBucket.ofBits(20_000_000).isShownAs(shown))
                                .isTrue());
        assertThat(node.check(pod.id())).isEmpty();
    }

    @Test
    void aPodSendsFromItsOwnAddressesOnly() throws Exception {
        PodNetwork pod = node.setUp(PodSpec.of("default", "liar").build());
        IpAddress stolen = IpAddress.parse("10.244.1.200");
        IpAddress gateway = pod.status().gateways().get(0);
        try (RouteNetlink inside = test.threads().callIn(pod.sandbox().network(), () -> RouteNetlink.open())) {
            int index = inside.links().get("eth0").index();
            inside.addresses().create(AssignedAddress.of(index, new InterfaceAddress(stolen, 32)));
        }
        try (DatagramChannel receiver = Datagrams.opener(test).open();
                DatagramChannel liar = pod.sandbox().openDatagramChannel();
                DatagramChannel honest = pod.sandbox().openDatagramChannel()) {
            receiver.bind(new InetSocketAddress(gateway.toInetAddress(), HOST_PORT));
            liar.bind(new InetSocketAddress(stolen.toInetAddress(), 0));
            honest.bind(new InetSocketAddress(pod.ips().get(0).toInetAddress(), 0));
            // Both go the same way one behind the other, so that the first would arrive first.
            liar.send(ByteBuffer.wrap(new byte[] {1}), new InetSocketAddress(gateway.toInetAddress(), HOST_PORT));
            honest.send(ByteBuffer.wrap(new byte[] {2}), new InetSocketAddress(gateway.toInetAddress(), HOST_PORT));
            assertThat(receive(receiver)).contains((byte) 2);
        }
    }

    private static Optional<Byte> receive(DatagramChannel channel) throws IOException {
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            if (selector.select(WAIT_MILLIS) == 0) {
                return Optional.empty();
            }
            ByteBuffer buffer = ByteBuffer.allocate(16);
            channel.receive(buffer);
            return Optional.of(buffer.get(0));
        }
    }
}
