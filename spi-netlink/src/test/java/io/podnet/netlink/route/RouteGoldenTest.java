package io.podnet.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.netlink.Golden;
import io.podnet.netlink.fake.FakeKernel;
import io.podnet.netlink.socket.NetlinkConversation;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is read from, and written as, real messages. */
class RouteGoldenTest {
    @Test
    void aVethWhosePeerIsElsewhere() {
        assertThat(Links.decode(Golden.message("newlink-veth")))
                .contains(new Link(
                        3,
                        "veth0",
                        "veth",
                        Optional.of(MacAddress.parse("02:00:00:00:00:01")),
                        1400,
                        0x1003,
                        OperState.DOWN,
                        2,
                        5,
                        "pod default/web",
                        2,
                        OptionalInt.of(0),
                        Optional.empty()));
    }

    @Test
    void theLoopback() {
        Link link = Links.decode(Golden.message("newlink-lo")).orElseThrow();
        assertThat(link.index()).isEqualTo(1);
        assertThat(link.name()).isEqualTo("lo");
        assertThat(link.kind()).isEmpty();
        assertThat(link.isLoopback()).isTrue();
        assertThat(link.isUp()).isFalse();
        assertThat(link.mtu()).isEqualTo(65536);
    }

    @Test
    void aVxlan() {
        assertThat(Links.decode(Golden.message("newlink-vxlan")).orElseThrow().vxlan())
                .contains(new Vxlan(7, 8472, Optional.of(IpAddress.parse("192.0.2.1")), 2, false));
    }

    @Test
    void bridgeFamilyMessagesAreNoLinks() {
        assertThat(Links.decode(Golden.message("newlink-bridge-port"))).isEmpty();
    }

    @Test
    void addresses() {
        AssignedAddress v4 = Addresses.decode(Golden.message("newaddr", 0)).orElseThrow();
        assertThat(v4.address()).isEqualTo(InterfaceAddress.parse("10.244.1.1/24"));
        assertThat(v4.linkIndex()).isEqualTo(2);
        AssignedAddress v6 = Addresses.decode(Golden.message("newaddr", 1)).orElseThrow();
        assertThat(v6.address()).isEqualTo(InterfaceAddress.parse("fd00::1/64"));
        // IFA_F_PERMANENT, IFA_F_NODAD and IFA_F_NOPREFIXROUTE, the last only in the 32-bit attribute.
        assertThat(v6.flags()).isEqualTo(0x282);
    }

    @Test
    void routes() {
        assertThat(Routes.decode(Golden.message("newroute-v4")))
                .contains(Route.defaultRoute(IpFamily.IPV4)
                        .via(IpAddress.parse("10.244.1.9"))
                        .on(2)
                        .ofProtocol(98)
                        .withMtu(1380)
                        .from(IpAddress.parse("10.244.1.1")));
        assertThat(Routes.decode(Golden.message("newroute-v6")))
                .contains(
                        Route.to(Cidr.parse("fd00:1::/64")).on(2).ofProtocol(98).withMetric(55));
    }

    @Test
    void neighbours() {
        Neighbour neighbour = Neighbours.decode(Golden.message("newneigh-v4")).orElseThrow();
        assertThat(neighbour)
                .isEqualTo(
                        Neighbour.permanent(2, IpAddress.parse("10.244.1.77"), MacAddress.parse("02:00:00:00:00:77")));
        FdbEntry entry = BridgeFdb.decode(Golden.message("newneigh-fdb")).orElseThrow();
        assertThat(entry.mac()).isEqualTo(MacAddress.parse("02:00:00:00:00:33"));
        assertThat(entry.destination()).contains(IpAddress.parse("192.0.2.7"));
        assertThat(Neighbours.decode(Golden.message("newneigh-fdb"))).isEmpty();
        assertThat(BridgeFdb.decode(Golden.message("newneigh-v4"))).isEmpty();
    }

    @Test
    void aVethRequestIsAsCaptured() {
        FakeKernel kernel = new FakeKernel();
        Links links = new Links(new NetlinkConversation(kernel));
        links.create(
                new Veth(LinkAttributes.named("eth0")
                        .mac(MacAddress.parse("02:00:00:00:00:02"))
                        .mtu(1400)
                        .namespaceFd(21)),
                LinkAttributes.named("veth0")
                        .mac(MacAddress.parse("02:00:00:00:00:01"))
                        .mtu(1400)
                        .master(2)
                        .group(5)
                        .alias("pod default/web")
                        .noAddressGeneration()
                        .up());
        List<byte[]> sent = kernel.sent();
        assertThat(sent).hasSize(3);
        assertThat(withoutSequence(sent.get(0))).isEqualTo(withoutSequence(Golden.bytes("request-newlink-veth")));
        ByteArrayOutputStream late = new ByteArrayOutputStream();
        late.writeBytes(withoutSequence(sent.get(1)));
        late.writeBytes(withoutSequence(sent.get(2)));
        byte[] captured = Golden.bytes("request-newlink-veth-late");
        captured[8] = 0;
        captured[sent.get(1).length + 8] = 0;
        assertThat(late.toByteArray()).isEqualTo(captured);
    }

    private static byte[] withoutSequence(byte[] message) {
        byte[] copy = message.clone();
        copy[8] = 0;
        return copy;
    }
}
