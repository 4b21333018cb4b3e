package io.podnet.iptables.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.conntrack.UdpConnections;
import io.podnet.netlink.conntrack.UdpFlow;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.services.Backend;
import io.podnet.services.Claim;
import io.podnet.services.UdpFlows;
import io.podnet.services.conntrack.Staleness;
import io.podnet.services.conntrack.UdpReconciler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that keep one socket, servers that come and go, and the rules of a service between them: all real. */
class StaleFlowsTest {
    private static final String NODE_PORT_RULE = "-A OUTPUT -p udp -m addrtype --dst-type LOCAL -m udp --dport 30053";

    private final NamespaceThreads threads = new NamespaceThreads();
    private final NetworkNamespace node = threads.makeUnpinned();
    private final NetlinkConversation conversation =
            threads.callIn(node, () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
    private final UdpConnections connections = new UdpConnections(conversation);
    private final StaleFlows staleFlows = new StaleFlows(connections);
    private final List<DatagramChannel> opened = new ArrayList<>();
    private NamespaceChannels channels;

    /** Addresses of one family. */
    private record Net(IpFamily family, String service, String own, String one, String two) {
        static Net of(IpFamily family) {
            return family == IpFamily.IPV4
                    ? new Net(family, "10.96.0.10", "192.0.2.1", "10.244.1.2", "10.244.1.3")
                    : new Net(family, "fd00:96::a", "2001:db8::1", "fd00:244::2", "fd00:244::3");
        }

        Backend at(String ip, int port) {
            return new Backend(IpAddress.parse(ip), port);
        }

        List<UdpFlows> serving(String... endpoints) {
            List<Backend> backends =
                    List.of(endpoints).stream().map(ip -> at(ip, 5353)).toList();
            return List.of(
                    new UdpFlows(new Claim(family, IpAddress.parse(service), 53, Protocol.UDP), backends),
                    new UdpFlows(new Claim(family, null, 30053, Protocol.UDP), backends));
        }

        UdpReconciler reconciler(List<UdpFlows> now, List<UdpFlows> before) {
            return UdpReconciler.of(now, before, List.of(IpAddress.parse(own)), List.<Cidr>of());
        }
    }

    @BeforeEach
    void open() throws Exception {
        channels = new NamespaceChannels(threads, node);
        run("", "ip", "link", "set", "lo", "up");
        // Where untranslated packets go; over loopback, IPv6 would drop them before they are tracked.
        run("", "ip", "link", "add", "out", "type", "veth", "peer", "name", "far");
        run("", "ip", "link", "set", "out", "up");
        run("", "ip", "link", "set", "far", "up");
        for (IpFamily family : IpFamily.values()) {
            Net net = Net.of(family);
            String length = "/" + family.bits();
            for (String own : List.of(net.own, net.one, net.two)) {
                // Detection of duplicates runs beside the test, and until then the address cannot be bound.
                run("", "ip", "addr", "add", own + length, "dev", "lo", "nodad");
            }
            outside(net.service, length);
            rules(net);
        }
    }

    private void outside(String ip, String length) throws Exception {
        run("", "ip", "route", "add", ip + length, "dev", "out");
        run("", "ip", "neigh", "add", ip, "lladdr", "02:00:00:00:00:01", "dev", "out", "nud", "permanent");
    }

    @AfterEach
    void close() throws Exception {
        for (DatagramChannel channel : opened) {
            channel.close();
        }
        conversation.close();
        node.close();
        threads.close();
    }

    private String run(String input, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + node.path()));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }

    /** Writes the service's rules: to the only endpoint, or to none. */
    private void rules(Net net, String... endpoints) throws Exception {
        // The kernel tracks as long as some rule asks for it; on a node there is always one.
        StringBuilder text = new StringBuilder("*nat\n-A POSTROUTING -m conntrack --ctstate DNAT -j ACCEPT\n");
        for (String endpoint : endpoints) {
            String to = net.family == IpFamily.IPV4 ? endpoint + ":5353" : "[" + endpoint + "]:5353";
            text.append("-A OUTPUT -d ")
                    .append(net.service)
                    .append(" -p udp -m udp --dport 53 -j DNAT --to-destination ")
                    .append(to);
            text.append('\n')
                    .append(NODE_PORT_RULE)
                    .append(" -j DNAT --to-destination ")
                    .append(to)
                    .append('\n');
        }
        run(text + "COMMIT\n", net.family == IpFamily.IPV4 ? "iptables-legacy-restore" : "ip6tables-legacy-restore");
    }

    private DatagramChannel bound(String ip, int port) throws Exception {
        DatagramChannel channel = channels.datagram();
        opened.add(channel);
        channel.bind(new InetSocketAddress(ip, port));
        channel.configureBlocking(false);
        return channel;
    }

    /** Sends one datagram; over loopback it has arrived when this returns. */
    private static void send(DatagramChannel from, String to, int port) throws Exception {
        for (int answers = 0; answers < 10; answers++) {
            try {
                from.send(ByteBuffer.allocate(1), new InetSocketAddress(to, port));
                return;
            } catch (java.net.PortUnreachableException told) {
                // The answer to an earlier datagram, in whose place this one was not sent.
                continue;
            }
        }
        throw new IOException("nothing can be sent to " + to);
    }

    private static int received(DatagramChannel server) throws Exception {
        int count = 0;
        while (server.receive(ByteBuffer.allocate(8)) != null) {
            count++;
        }
        return count;
    }

    private List<UdpFlow> to(Net net, String ip) {
        return connections.list(flow -> flow.original().destination().equals(IpAddress.parse(ip)));
    }

    @ParameterizedTest
    @EnumSource
    void clientsFollowAServerThatIsReplaced(IpFamily family) throws Exception {
        Net net = Net.of(family);
        DatagramChannel one = bound(net.one, 5353);
        DatagramChannel two = bound(net.two, 5353);
        DatagramChannel client = bound(net.own, 40000);
        rules(net, net.one);
        send(client, net.service, 53);
        send(client, net.own, 30053);
        assertThat(received(one)).isEqualTo(2);

        rules(net, net.two);
        send(client, net.service, 53);
        assertThat(received(one))
                .as("rules are not asked again for a flow that goes on")
                .isEqualTo(1);
        Map<Staleness, Integer> forgotten =
                staleFlows.forget(net.reconciler(net.serving(net.two), net.serving(net.one)));
        send(client, net.service, 53);
        send(client, net.own, 30053);

        assertThat(forgotten).isEqualTo(Map.of(Staleness.ENDPOINT_GONE, 2));
        assertThat(received(two)).isEqualTo(2);
        assertThat(received(one)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void clientsThatWereThereBeforeTheServer(IpFamily family) throws Exception {
        Net net = Net.of(family);
        DatagramChannel client = bound(net.own, 40000);
        send(client, net.service, 53);
        send(client, net.own, 30053);
        assertThat(staleFlows.forget(net.reconciler(net.serving(), List.of()))).isEmpty();

        DatagramChannel one = bound(net.one, 5353);
        rules(net, net.one);
        Map<Staleness, Integer> forgotten = staleFlows.forget(net.reconciler(net.serving(net.one), net.serving()));
        send(client, net.service, 53);
        send(client, net.own, 30053);

        assertThat(forgotten).isEqualTo(Map.of(Staleness.NOT_TRANSLATED, 2));
        assertThat(received(one)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aServiceWithoutEndpointsAndOneThatIsGone(IpFamily family) throws Exception {
        Net net = Net.of(family);
        DatagramChannel one = bound(net.one, 5353);
        DatagramChannel client = bound(net.own, 40000);
        for (Staleness why : List.of(Staleness.NO_ENDPOINTS, Staleness.SERVICE_GONE)) {
            rules(net, net.one);
            send(client, net.service, 53);
            send(client, net.own, 30053);
            assertThat(received(one)).isEqualTo(2);
            rules(net);

            List<UdpFlows> now = why == Staleness.SERVICE_GONE ? List.of() : net.serving();
            assertThat(staleFlows.forget(net.reconciler(now, net.serving(net.one))))
                    .isEqualTo(Map.of(why, 2));
            send(client, net.service, 53);
            send(client, net.own, 30053);
            assertThat(received(one))
                    .as("a reused pod address gets nothing that was meant for the service")
                    .isZero();
            connections.forgetAll(to(net, net.service));
            connections.forgetAll(to(net, net.own));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRestartForgetsNothing(IpFamily family) throws Exception {
        Net net = Net.of(family);
        bound(net.one, 5353);
        DatagramChannel client = bound(net.own, 40000);
        rules(net, net.one);
        send(client, net.service, 53);
        send(client, net.own, 30053);
        // Others' flows: to an endpoint itself, to a port of the node, to the node port's number elsewhere.
        send(client, net.one, 5353);
        send(client, net.own, 53);
        send(client, net.two, 9);
        List<UdpFlow> before = connections.list(flow -> true);
        assertThat(before).hasSizeGreaterThanOrEqualTo(5);

        assertThat(staleFlows.forget(net.reconciler(net.serving(net.one), List.of())))
                .isEmpty();
        assertThat(connections.list(flow -> true))
                .extracting(UdpFlow::original)
                .containsAll(before.stream().map(UdpFlow::original).toList());
    }

    /** A node port's number is nobody's on an address that is not the node's. */
    @Test
    void thePortNumberOfANodePortElsewhere() throws Exception {
        Net net = Net.of(IpFamily.IPV4);
        outside("203.0.113.5", "/32");
        DatagramChannel client = bound(net.own, 40000);
        send(client, "203.0.113.5", 30053);
        assertThat(to(net, "203.0.113.5")).hasSize(1);
        assertThat(staleFlows.forget(net.reconciler(net.serving(net.one), net.serving(net.two))))
                .isEmpty();
        assertThat(to(net, "203.0.113.5")).hasSize(1);
    }
}
