package io.podnet.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.nftables.BaseHook;
import io.podnet.netlink.nftables.Chain;
import io.podnet.netlink.nftables.Expression;
import io.podnet.netlink.nftables.Family;
import io.podnet.netlink.nftables.NftBatch;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.Rule;
import io.podnet.netlink.nftables.Table;
import io.podnet.netlink.socket.NetlinkConversation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UdpConnectionsTest {
    private static final Table TABLE = new Table(Family.INET, "t");
    private static final int MASQUERADED = 5002;
    private static final String HOST = "192.0.2.9";

    private FreshNamespace namespace;
    private NetlinkConversation conversation;
    private UdpConnections connections;

    /** Connections are tracked as soon as a rule asks for them; those to one port get another source port. */
    @BeforeEach
    void open() throws Exception {
        namespace = new FreshNamespace();
        namespace.run("ip", "link", "set", "lo", "up");
        namespace.run("ip", "addr", "add", HOST + "/32", "dev", "lo");
        conversation = namespace.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
        connections = new UdpConnections(conversation);
        Rule masquerade = new Rule(
                "c",
                List.of(
                        new Expression.Meta(Expression.Meta.Key.L4PROTO, 0),
                        new Expression.Cmp(Expression.Cmp.Operator.EQ, 0, RegisterData.u8(17)),
                        new Expression.Payload(Expression.Payload.Base.TRANSPORT, 2, 2, 0),
                        new Expression.Cmp(Expression.Cmp.Operator.EQ, 0, RegisterData.be16(MASQUERADED)),
                        new Expression.Masquerade(true)),
                "");
        new Nftables(conversation)
                .commit(new NftBatch()
                        .addTable(TABLE, "")
                        .addChain(TABLE, Chain.base("c", BaseHook.Type.NAT, BaseHook.Point.POSTROUTING, 100))
                        .addRule(TABLE, masquerade));
    }

    @AfterEach
    void close() {
        conversation.close();
        namespace.close();
    }

    private void send(String from, int port) throws Exception {
        try (DatagramChannel channel = namespace.call(DatagramChannel::open)) {
            InetAddress address = InetAddress.getByName(from);
            channel.bind(new InetSocketAddress(address, 0));
            channel.send(ByteBuffer.allocate(1), new InetSocketAddress(address, port));
        }
    }

    @Test
    void flowsToThePortOfBothFamiliesAndNoOthers() throws Exception {
        send("127.0.0.1", 5000);
        send("127.0.0.1", 5000);
        send("::1", 5000);
        send("127.0.0.1", 5001);

        assertThat(connections.forgetTo(5000)).isEqualTo(3);
        assertThat(connections.forgetTo(5000)).isZero();
        assertThat(connections.forgetTo(5001)).isEqualTo(1);
    }

    @Test
    void flowsThroughTheHostStay() throws Exception {
        send(HOST, MASQUERADED);

        assertThat(connections.forgetTo(MASQUERADED)).isZero();
        assertThat(namespace.run("cat", "/proc/net/nf_conntrack")).contains("dport=" + MASQUERADED);
    }
}
