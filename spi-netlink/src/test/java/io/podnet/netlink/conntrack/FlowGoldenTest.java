package io.podnet.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.IpAddress;
import io.podnet.netlink.Golden;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.fake.FakeKernel;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from, and written as, real messages. */
class FlowGoldenTest {
    private static final UdpFlow FOUR = flow("192.0.2.9", "10.96.0.10", 0x3ebd77e9, 0);
    private static final UdpFlow SIX = flow("fd00::9", "fd00:96::a", 0x5a2829ec, 7);

    /** Confirmed, translated, both translations decided: 0x1a8. */
    private static UdpFlow flow(String endpoint, String service, int id, int zone) {
        IpAddress ip = IpAddress.parse(endpoint);
        return new UdpFlow(
                new FlowTuple(ip, 40000, IpAddress.parse(service), 53),
                new FlowTuple(ip, 5353, ip, 40000),
                0x1a8,
                id,
                zone,
                0);
    }

    @Test
    void flowsAreReadWhole() {
        FlowDecoder decoder = new FlowDecoder();
        assertThat(decoder.flow(Golden.message("newct-udp-v4"))).contains(FOUR);
        assertThat(decoder.flow(Golden.message("newct-udp-v6"))).contains(SIX);
        assertThat(decoder.flow(Golden.message("newct-udp-v4"))).contains(FOUR);
    }

    @Test
    void anotherProtocolIsNoFlow() {
        byte[] bytes = Golden.bytes("newct-udp-v4");
        bytes[52] = 6;
        assertThat(new FlowDecoder().flow(first(bytes))).isEmpty();
    }

    @Test
    void aFlowWithoutAddressesIsMalformed() {
        byte[] bytes = Golden.bytes("newct-udp-v4");
        bytes[26] = 9; // CTA_TUPLE_IP gets a type that nobody knows.
        assertThatThrownBy(() -> new FlowDecoder().flow(first(bytes)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("lacks an address");
    }

    private static io.podnet.netlink.codec.MessageReader first(byte[] bytes) {
        var reader = Golden.reader(bytes);
        assertThat(reader.next()).isTrue();
        return reader;
    }

    /** The identity goes back as the kernel wrote it: its tuple is found in the request byte for byte. */
    @Test
    void deletionsNameWhatWasRead() {
        FakeKernel kernel = new FakeKernel();
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            new UdpConnections(conversation).forgetAll(List.of(FOUR, SIX));
        }
        for (int i = 0; i < 2; i++) {
            byte[] golden = Golden.bytes(i == 0 ? "newct-udp-v4" : "newct-udp-v6");
            String request = HexFormat.of().formatHex(kernel.sent().get(i));
            int tupleLength = golden[20] & 0xff;
            assertThat(request).contains(HexFormat.of().formatHex(Arrays.copyOfRange(golden, 20, 20 + tupleLength)));
            assertThat(request).contains("08000c00" + (i == 0 ? "3ebd77e9" : "5a2829ec"));
            assertThat(request.contains("060012000007")).isEqualTo(i == 1);
        }
    }

    @Test
    void flowsThatEndedAreCountedAndOtherRefusalsAreThrown() {
        FakeKernel kernel = new FakeKernel().refuse(0, Errno.ENOENT).refuse(2, Errno.EBUSY);
        try (NetlinkConversation conversation = new NetlinkConversation(kernel)) {
            UdpConnections connections = new UdpConnections(conversation);
            assertThat(connections.forgetAll(List.of(FOUR, SIX))).isEqualTo(1);
            assertThatThrownBy(() -> connections.forgetAll(List.of(SIX, FOUR)))
                    .hasMessageContaining("EBUSY")
                    .hasMessageContaining("fd00:96::a");
            assertThat(connections.forgetAll(List.of())).isZero();
        }
    }
}
