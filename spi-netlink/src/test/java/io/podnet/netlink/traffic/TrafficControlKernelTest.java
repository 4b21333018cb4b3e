package io.podnet.netlink.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.LinkKind;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.route.Veth;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shaping on the real kernel, checked against what tc sees. */
class TrafficControlKernelTest {
    private static final MacAddress POD_MAC = MacAddress.parse("02:00:00:00:00:02");
    private static final MacAddress HOST_MAC = MacAddress.parse("02:00:00:00:00:01");

    private static final int DATAGRAMS = 50;

    private final FreshNamespace node = new FreshNamespace();
    private final FreshNamespace pod = new FreshNamespace();
    private final RouteNetlink host = node.call(RouteNetlink::open);
    private final RouteNetlink inPod = pod.call(RouteNetlink::open);
    private final TrafficControl traffic = new TrafficControl(host.conversation());
    private int veth;
    private int ifb;

    @BeforeEach
    void makeLinks() {
        int fd = pod.openFd();
        try {
            host.links()
                    .create(
                            new Veth(LinkAttributes.named("eth0").mac(POD_MAC).namespaceFd(fd)),
                            LinkAttributes.named("veth0")
                                    .mac(HOST_MAC)
                                    .noAddressGeneration()
                                    .up());
        } finally {
            Libc.instance().close(fd);
        }
        host.links()
                .create(
                        LinkKind.ifb(),
                        LinkAttributes.named("ifb0").noAddressGeneration().up());
        veth = host.links().get("veth0").index();
        ifb = host.links().get("ifb0").index();
    }

    @AfterEach
    void close() {
        host.close();
        inPod.close();
        node.close();
        pod.close();
    }

    @Test
    void ratesFromOneKilobitToBeyond32BitsAreReadBack() {
        for (long bits : new long[] {1_000, 56_000, 10_000_000, 1_000_000_000, 40_000_000_000L, 1_000_000_000_000L}) {
            TokenBucket bucket = TokenBucket.ofBits(bits);
            traffic.shape(veth, bucket);
            TokenBucket shown = traffic.shaping(veth).orElseThrow();
            assertThat(bucket.isShownAs(shown))
                    .as("%s shown as %s", bucket, shown)
                    .isTrue();
            assertThat(node.run("tc", "-j", "-d", "qdisc", "show", "dev", "veth0"))
                    .contains("\"kind\":\"tbf\"", "\"rate\":" + bits / 8);
        }
    }

    @Test
    void whatTcMakesIsWhatWeMake() {
        node.run(
                "tc", "qdisc", "add", "dev", "veth0", "root", "tbf", "rate", "10mbit", "burst", "32kb", "latency",
                "25ms");
        String theirs = node.run("tc", "-d", "qdisc", "show", "dev", "veth0").replaceAll("tbf [0-9a-f]+:", "tbf");
        TokenBucket bucket = TokenBucket.ofBits(10_000_000, 32 * 1024, Duration.ofMillis(25));
        assertThat(bucket.isShownAs(traffic.shaping(veth).orElseThrow())).isTrue();
        assertThat(traffic.removeShaping(veth)).isTrue();
        traffic.shape(veth, bucket);
        assertThat(node.run("tc", "-d", "qdisc", "show", "dev", "veth0").replaceAll("tbf [0-9a-f]+:", "tbf"))
                .isEqualTo(theirs);
    }

    @Test
    void shapingIsReplacedAndRemoved() {
        assertThat(traffic.shaping(veth)).isEmpty();
        assertThat(traffic.removeShaping(veth)).isFalse();
        traffic.shape(veth, TokenBucket.ofBits(1_000_000));
        traffic.shape(veth, TokenBucket.ofBits(2_000_000));
        assertThat(traffic.shaping(veth).orElseThrow().bytesPerSecond()).isEqualTo(250_000);
        assertThat(traffic.list()).extracting(Qdisc::linkIndex).containsExactly(veth);
        assertThat(traffic.removeShaping(veth)).isTrue();
        assertThat(traffic.removeShaping(veth)).isFalse();
        assertThat(traffic.shaping(4711)).isEmpty();
        assertThat(traffic.removeShaping(4711)).isFalse();
        assertThatThrownBy(() -> traffic.shape(4711, TokenBucket.ofBits(1_000_000)))
                .isInstanceOf(PodnetException.KernelRejected.class)
                .hasMessageContaining("ENODEV");
    }

    @Test
    void aForeignRootIsLeftAlone() {
        node.run("tc", "qdisc", "add", "dev", "veth0", "root", "pfifo");
        assertThat(traffic.shaping(veth)).isEmpty();
        assertThat(traffic.removeShaping(veth)).isFalse();
        assertThat(traffic.list()).singleElement().satisfies(qdisc -> {
            assertThat(qdisc.kind()).isEqualTo("pfifo");
            assertThat(qdisc.parent()).isEqualTo(Qdisc.ROOT);
        });
    }

    @Test
    void redirectionIsIdempotentReadBackAndRemoved() {
        assertThat(traffic.ingressRedirect(veth)).isEmpty();
        traffic.redirectIngress(veth, ifb);
        traffic.redirectIngress(veth, ifb);
        assertThat(traffic.ingressRedirect(veth)).isEqualTo(OptionalInt.of(ifb));
        assertThat(node.run("tc", "-d", "filter", "show", "dev", "veth0", "parent", "ffff:"))
                .contains("protocol all", "match 00000000/00000000", "Egress Redirect to device ifb0");

        host.links()
                .create(
                        LinkKind.ifb(),
                        LinkAttributes.named("ifb1").noAddressGeneration().up());
        int other = host.links().get("ifb1").index();
        traffic.redirectIngress(veth, other);
        assertThat(traffic.ingressRedirect(veth)).isEqualTo(OptionalInt.of(other));
        host.links().delete(other);
        assertThat(traffic.ingressRedirect(veth)).isEqualTo(OptionalInt.of(0));
        traffic.redirectIngress(veth, ifb);
        assertThat(traffic.ingressRedirect(veth)).isEqualTo(OptionalInt.of(ifb));

        assertThat(traffic.removeIngress(veth)).isTrue();
        assertThat(traffic.removeIngress(veth)).isFalse();
        assertThat(traffic.ingressRedirect(veth)).isEmpty();
        assertThat(traffic.removeIngress(4711)).isFalse();
    }

    @Test
    void packetsOfBothFamiliesTakeTheRedirection() throws Exception {
        traffic.redirectIngress(veth, ifb);
        traffic.shape(ifb, TokenBucket.ofBits(1_000_000_000));
        inPod.links().change("eth0", LinkAttributes.none().noAddressGeneration().up());
        int eth0 = inPod.links().get("eth0").index();
        for (List<String> pair : List.of(List.of("10.9.0.1/24", "10.9.0.2/24"), List.of("fd00::1/64", "fd00::2/64"))) {
            InterfaceAddress ours = InterfaceAddress.parse(pair.get(0));
            InterfaceAddress theirs = InterfaceAddress.parse(pair.get(1));
            host.addresses().create(AssignedAddress.of(veth, ours));
            inPod.addresses().create(AssignedAddress.of(eth0, theirs));
            inPod.neighbours().replace(Neighbour.permanent(eth0, ours.address(), HOST_MAC));
            try (DatagramChannel receiver = node.call(DatagramChannel::open);
                    DatagramChannel sender = pod.call(DatagramChannel::open)) {
                receiver.bind(new InetSocketAddress(ours.address().toInetAddress(), 0));
                receiver.socket().setSoTimeout(10_000);
                int before = packetsShaped();
                for (int i = 0; i < DATAGRAMS; i++) {
                    sender.send(ByteBuffer.wrap(new byte[100]), receiver.getLocalAddress());
                    DatagramPacket packet = new DatagramPacket(new byte[200], 200);
                    receiver.socket().receive(packet);
                    assertThat(packet.getLength()).isEqualTo(100);
                }
                // Besides them there may be a few of the kernel's own, such as multicast listener reports.
                assertThat(packetsShaped() - before).isBetween(DATAGRAMS, DATAGRAMS + 10);
            }
        }
    }

    private int packetsShaped() {
        Matcher matcher = Pattern.compile("\"packets\":(\\d+)")
                .matcher(node.run("tc", "-s", "-j", "qdisc", "show", "dev", "ifb0"));
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
