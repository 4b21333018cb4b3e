package io.podnet.iptables;

import static io.podnet.iptables.Lab.PATIENCE;
import static io.podnet.iptables.Lab.clusterIp;
import static io.podnet.iptables.Lab.podIp;
import static io.podnet.iptables.Lab.podIp6;
import static io.podnet.iptables.Lab.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.iptables.restore.Flavour;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy.EndpointCount;
import io.podnet.spi.ServiceProxy.Verdict;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real packets from pod to pod through services. */
class TrafficKernelTest {
    private static final int TIMEOUT = 5000;

    /** Answers each connection with the server's name and the client's address as it sees it. */
    private static ServerSocketChannel serve(Lab lab, NetworkNamespace pod, String name) throws IOException {
        ServerSocketChannel server = new NamespaceChannels(lab.threads, pod).serverSocket();
        server.bind(new InetSocketAddress(8080));
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    try (SocketChannel client = server.accept()) {
                        InetSocketAddress from = (InetSocketAddress) client.getRemoteAddress();
                        String answer = name + " " + from.getAddress().getHostAddress();
                        client.write(ByteBuffer.wrap(answer.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
                    }
                }
            } catch (IOException end) {
                // The test closed the server.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static String ask(Lab lab, NetworkNamespace from, String ip, int port) throws IOException {
        try (SocketChannel channel = new NamespaceChannels(lab.threads, from).socket()) {
            channel.socket().connect(new InetSocketAddress(Lab.ip(ip).toInetAddress(), port), TIMEOUT);
            channel.socket().setSoTimeout(TIMEOUT);
            byte[] answer = channel.socket().getInputStream().readAllBytes();
            return new String(answer, java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tcpThroughAClusterIpReachesItsEndpoints(Flavour flavour) throws IOException {
        Service web = clusterIp("web", List.of("10.96.0.1", "fd96::1"), Protocol.TCP);
        Service empty = clusterIp("empty", List.of("10.96.0.9"), Protocol.TCP);
        try (Lab lab = new Lab(flavour);
                IptablesServiceProxy proxy = lab.proxy()) {
            NetworkNamespace client = lab.pod(1);
            NetworkNamespace one = lab.pod(2);
            NetworkNamespace two = lab.pod(3);
            proxy.awaitProgrammed(
                    proxy.apply(ServiceChanges.complete(
                            List.of(web, empty),
                            List.of(slice(web, List.of(podIp(2), podIp(3))), slice(web, List.of(podIp6(2)))))),
                    PATIENCE);
            try (ServerSocketChannel a = serve(lab, one, "one");
                    ServerSocketChannel b = serve(lab, two, "two")) {
                int ones = 0;
                for (int i = 0; i < 40; i++) {
                    String answer = ask(lab, client, "10.96.0.1", 80);
                    // A pod's own address is kept.
                    assertThat(answer).isIn("one " + podIp(1), "two " + podIp(1));
                    ones += answer.startsWith("one") ? 1 : 0;
                }
                assertThat(ones).isBetween(4, 36);
                assertThat(ask(lab, client, "fd96::1", 80)).startsWith("one fd44:1:");
                // The node is no pod: it is masqueraded.
                assertThat(ask(lab, lab.node, "10.96.0.1", 80)).endsWith("10.244.1.254");
                // A pod that reaches itself is masqueraded too, or it would answer itself.
                for (int i = 0; i < 8; i++) {
                    assertThat(ask(lab, one, "10.96.0.1", 80)).isIn("one 10.244.1.254", "two " + podIp(2));
                }
                assertThatThrownBy(() -> ask(lab, client, "10.96.0.9", 80)).isInstanceOf(ConnectException.class);
                assertThat(proxy.counters(web.id()).stream()
                                .filter(count -> count.ip().family() == io.podnet.api.IpFamily.IPV4)
                                .mapToLong(EndpointCount::packets)
                                .sum())
                        .isEqualTo(49);
                var explained = proxy.explain(
                        new Packet(Lab.ip(podIp(1)), Lab.ip("10.96.0.1"), Protocol.TCP, 1, 80, Optional.of("pn1")));
                assertThat(explained.verdict()).isEqualTo(Verdict.TRANSLATE);
                assertThat(explained.candidates()).hasSize(2);
                assertThat(explained.steps().get(explained.steps().size() - 1)).contains("KUBE-SVC-", "KUBE-SEP-");
            }
        }
    }

    /** A client that goes on sending from one port must find the new endpoint: conntrack remembers the old one. */
    @ParameterizedTest
    @EnumSource
    void udpIsNotBlackHoledWhenTheServerCycles(Flavour flavour) throws IOException {
        Service dns = clusterIp("dns", List.of("10.96.0.2"), Protocol.UDP);
        try (Lab lab = new Lab(flavour);
                IptablesServiceProxy proxy = lab.proxy()) {
            NetworkNamespace client = lab.pod(1);
            NetworkNamespace one = lab.pod(2);
            NetworkNamespace two = lab.pod(3);
            proxy.awaitProgrammed(
                    proxy.apply(ServiceChanges.complete(List.of(dns), List.of(slice(dns, List.of(podIp(2)))))),
                    PATIENCE);
            try (DatagramChannel a = new NamespaceChannels(lab.threads, one).datagram();
                    DatagramChannel b = new NamespaceChannels(lab.threads, two).datagram();
                    DatagramChannel sender = new NamespaceChannels(lab.threads, client).datagram()) {
                a.bind(new InetSocketAddress(8080));
                b.bind(new InetSocketAddress(8080));
                sender.bind(new InetSocketAddress(5555));
                assertThat(arrives(sender, a)).isTrue();
                proxy.awaitProgrammed(
                        proxy.apply(new ServiceChanges(
                                false, List.of(), List.of(), List.of(slice(dns, List.of(podIp(3)))), List.of())),
                        PATIENCE);
                assertThat(arrives(sender, b)).isTrue();
            }
        }
    }

    private static boolean arrives(DatagramChannel from, DatagramChannel at) throws IOException {
        at.socket().setSoTimeout(500);
        for (int i = 0; i < 10; i++) {
            from.send(
                    ByteBuffer.wrap(new byte[] {1}),
                    new InetSocketAddress(Lab.ip("10.96.0.2").toInetAddress(), 80));
            try {
                at.socket().receive(new java.net.DatagramPacket(new byte[8], 8));
                return true;
            } catch (SocketTimeoutException again) {
                // A first datagram may be lost while a neighbour is looked for.
            }
        }
        return false;
    }
}
