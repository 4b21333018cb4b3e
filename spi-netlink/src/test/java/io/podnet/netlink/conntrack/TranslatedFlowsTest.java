package io.podnet.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flows through rules that translate their destination, as a service proxy's do. */
class TranslatedFlowsTest {
    private static final String SERVICE = "10.96.0.10";
    private static final String SERVICE_6 = "fd00:96::a";
    private static final String ENDPOINT = "192.0.2.9";
    private static final String ENDPOINT_6 = "fd00::9";
    private static final String NEXT = "192.0.2.8";
    private static final String NEXT_6 = "fd00::8";

    private FreshNamespace namespace;
    private NetlinkConversation conversation;
    private UdpConnections connections;

    @BeforeEach
    void open() throws Exception {
        namespace = new FreshNamespace();
        namespace.run("ip", "link", "set", "lo", "up");
        for (String address : List.of(ENDPOINT + "/32", NEXT + "/32", ENDPOINT_6 + "/128", NEXT_6 + "/128")) {
            namespace.run("ip", "addr", "add", address, "dev", "lo");
        }
        namespace.run("ip", "route", "add", SERVICE + "/32", "dev", "lo");
        namespace.run("ip", "route", "add", SERVICE_6 + "/128", "dev", "lo");
        translate(ENDPOINT, ENDPOINT_6);
        conversation = namespace.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
        connections = new UdpConnections(conversation);
    }

    @AfterEach
    void close() {
        conversation.close();
        namespace.close();
    }

    private void translate(String to, String to6) throws Exception {
        namespace.run(
                "nft",
                "table inet t\ndelete table inet t\ntable inet t {"
                        + " chain zones { type filter hook output priority raw; udp dport 7000 ct zone set 7;"
                        + " udp dport 7001 ct original zone set 8; }\n"
                        + " chain c { type nat hook output priority -100;"
                        + " ip daddr " + SERVICE + " udp dport 53 dnat ip to " + to + ":5353;"
                        + " ip6 daddr " + SERVICE_6 + " udp dport 53 dnat ip6 to [" + to6 + "]:5353; }\n}");
    }

    private DatagramChannel client(String from) throws Exception {
        DatagramChannel channel = namespace.call(DatagramChannel::open);
        channel.bind(new InetSocketAddress(from, 0));
        return channel;
    }

    private static int send(DatagramChannel client, String to, int port) throws Exception {
        client.send(ByteBuffer.allocate(1), new InetSocketAddress(to, port));
        return ((InetSocketAddress) client.getLocalAddress()).getPort();
    }

    private static FlowTuple tuple(String source, int sourcePort, String destination, int destinationPort) {
        return new FlowTuple(IpAddress.parse(source), sourcePort, IpAddress.parse(destination), destinationPort);
    }

    @Test
    void bothFamiliesWithWhereTheyWereTranslatedTo() throws Exception {
        try (DatagramChannel four = client(ENDPOINT);
                DatagramChannel six = client(ENDPOINT_6)) {
            int port4 = send(four, SERVICE, 53);
            int port6 = send(six, SERVICE_6, 53);
            List<UdpFlow> flows = connections.list(flow -> true);

            assertThat(flows)
                    .extracting(UdpFlow::original)
                    .containsExactlyInAnyOrder(
                            tuple(ENDPOINT, port4, SERVICE, 53), tuple(ENDPOINT_6, port6, SERVICE_6, 53));
            assertThat(flows)
                    .extracting(UdpFlow::reply)
                    .containsExactlyInAnyOrder(
                            tuple(ENDPOINT, 5353, ENDPOINT, port4), tuple(ENDPOINT_6, 5353, ENDPOINT_6, port6));
            assertThat(flows).allMatch(flow -> (flow.status() & UdpFlow.IPS_DST_NAT) != 0 && flow.zone() == 0);
        }
    }

    @Test
    void aForgottenFlowIsTranslatedAnew() throws Exception {
        try (DatagramChannel client = client(ENDPOINT);
                DatagramChannel other = client(ENDPOINT)) {
            int port = send(client, SERVICE, 53);
            send(other, SERVICE, 53);
            UdpFlow old = connections
                    .list(flow -> flow.original().sourcePort() == port)
                    .get(0);
            translate(NEXT, NEXT_6);
            send(client, SERVICE, 53);
            assertThat(connections.list(flow -> flow.reply().source().equals(IpAddress.parse(NEXT))))
                    .as("rules are not asked again for a flow that goes on")
                    .isEmpty();

            assertThat(connections.forget(old)).isTrue();
            assertThat(connections.forget(old)).isFalse();
            send(client, SERVICE, 53);

            List<UdpFlow> anew = connections.list(flow -> flow.original().equals(old.original()));
            assertThat(anew)
                    .singleElement()
                    .satisfies(flow -> assertThat(flow.reply()).isEqualTo(tuple(NEXT, 5353, ENDPOINT, port)));
            assertThat(connections.list(flow -> true)).hasSize(2);
        }
    }

    @Test
    void manyAtOnceCountOnlyWhatWasThere() throws Exception {
        try (DatagramChannel client = client(ENDPOINT)) {
            for (int port = 6000; port < 6600; port++) {
                send(client, ENDPOINT, port);
            }
            List<UdpFlow> flows = connections.list(flow -> flow.original().destinationPort() >= 6000);
            assertThat(flows).hasSize(600);
            connections.forget(flows.get(3));
            connections.forget(flows.get(599));

            assertThat(connections.forgetAll(flows)).isEqualTo(598);
            assertThat(connections.list(flow -> true)).isEmpty();
        }
    }

    @Test
    void flowsOfOtherZonesAreKnownByThem() throws Exception {
        try (DatagramChannel client = client(ENDPOINT)) {
            send(client, ENDPOINT, 7000);
            send(client, ENDPOINT, 7001);
            List<UdpFlow> flows = connections.list(flow -> true);

            assertThat(flows).extracting(UdpFlow::zone).containsExactlyInAnyOrder(7, 0);
            assertThat(flows).extracting(UdpFlow::originalZone).containsExactlyInAnyOrder(0, 8);
            for (UdpFlow flow : flows) {
                assertThat(connections.forget(flow)).as(flow.toString()).isTrue();
            }
            assertThat(connections.list(flow -> true)).isEmpty();
        }
    }

    @Test
    void otherProtocolsAreNotListed() throws Exception {
        try (ServerSocketChannel server = namespace.call(ServerSocketChannel::open);
                SocketChannel client = namespace.call(SocketChannel::open)) {
            server.bind(new InetSocketAddress(ENDPOINT, 0));
            client.connect(server.getLocalAddress());
            assertThat(namespace.run("cat", "/proc/net/nf_conntrack")).contains("tcp");
            assertThat(connections.list(flow -> true)).isEmpty();
        }
    }
}
