package io.podnet.iptables.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.services.ServiceHealth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real connections inside a namespace. */
class HealthCheckServerTest {
    private static final ServiceId WEB = new ServiceId("default", "web");

    private final NamespaceThreads threads = new NamespaceThreads();
    private final NetworkNamespace node = threads.makeUnpinned();
    private volatile boolean proxyHealthy = true;
    private NamespaceChannels channels;
    private HealthCheckServer server;

    @BeforeEach
    void open() throws Exception {
        channels = new NamespaceChannels(threads, node);
        server = new HealthCheckServer(channels, () -> proxyHealthy);
        Process up = new ProcessBuilder("nsenter", "--net=" + node.path(), "ip", "link", "set", "lo", "up").start();
        assertThat(up.waitFor()).isZero();
    }

    @AfterEach
    void close() {
        server.close();
        node.close();
        threads.close();
    }

    private static ServiceHealth health(ServiceId service, int port, int endpoints) {
        return new ServiceHealth(service, port, endpoints);
    }

    private SocketChannel connect(String address, int port) throws IOException {
        SocketChannel channel = channels.socket();
        channel.socket().setSoTimeout(10_000);
        channel.connect(new InetSocketAddress(address, port));
        return channel;
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        return new String(channel.socket().getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private String ask(int port, String request) throws IOException {
        try (SocketChannel channel = connect("127.0.0.1", port)) {
            send(channel, request);
            return readAll(channel);
        }
    }

    private String get(int port) throws IOException {
        return ask(port, "GET /healthz HTTP/1.1\r\nHost: node\r\n\r\n");
    }

    private boolean refuses(int port) {
        try (SocketChannel channel = connect("127.0.0.1", port)) {
            return !channel.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    void aLocalEndpointAndAHealthyProxyAre200() throws Exception {
        assertThat(server.reconcile(List.of(health(WEB, 31000, 2)))).isEmpty();
        assertThat(get(31000))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nX-Load-Balancing-Endpoint-Weight: 2\r\n")
                .contains("\r\nContent-Type: application/json\r\n")
                .containsPattern("\r\nDate: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n")
                .contains("\r\nContent-Length: 94\r\n")
                .endsWith("\r\n\r\n{\"service\":{\"namespace\":\"default\",\"name\":\"web\"},\"localEndpoints\":2,"
                        + "\"serviceProxyHealthy\":true}");
    }

    @Test
    void withoutEndpointOrHealthItIs503() throws Exception {
        server.reconcile(List.of(health(WEB, 31000, 1)));
        proxyHealthy = false;
        assertThat(get(31000))
                .startsWith("HTTP/1.1 503 ")
                .contains("\"localEndpoints\":1,\"serviceProxyHealthy\":false");
        proxyHealthy = true;
        assertThat(get(31000)).startsWith("HTTP/1.1 200 ");

        server.reconcile(List.of(health(WEB, 31000, 0)));
        assertThat(get(31000))
                .startsWith("HTTP/1.1 503 ")
                .contains("Weight: 0\r\n")
                .contains("\"localEndpoints\":0,\"serviceProxyHealthy\":true");
    }

    @Test
    void bothFamiliesAreAnswered() throws Exception {
        server.reconcile(List.of(health(WEB, 31000, 1)));
        try (SocketChannel six = connect("::1", 31000)) {
            send(six, "GET / HTTP/1.0\r\n\r\n");
            assertThat(readAll(six)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void portsComeAndGo() throws Exception {
        ServiceId dns = new ServiceId("kube-system", "dns");
        server.reconcile(List.of(health(WEB, 31000, 1), health(dns, 31001, 3)));
        assertThat(get(31001)).contains("\"name\":\"dns\"").contains("Weight: 3");

        server.reconcile(List.of(health(dns, 31000, 3)));
        assertThat(get(31000)).contains("\"name\":\"dns\"");
        assertThat(refuses(31001)).isTrue();
        // The port is free at once, and can be taken again.
        try (ServerSocketChannel other = channels.serverSocket()) {
            other.bind(new InetSocketAddress(31001));
        }
        assertThat(server.reconcile(List.of(health(dns, 31001, 1)))).isEmpty();
        assertThat(get(31001)).startsWith("HTTP/1.1 200 ");
        server.reconcile(List.of());
        assertThat(refuses(31001)).isTrue();
    }

    @Test
    void aPortInUseIsToldAndTheOthersGoOn() throws Exception {
        List<ServiceHealth> wanted = List.of(health(WEB, 31000, 1), health(WEB, 31001, 1), health(WEB, 31002, 1));
        try (ServerSocketChannel other = channels.serverSocket()) {
            other.bind(new InetSocketAddress(31001));
            Map<Integer, PodnetException> failures = server.reconcile(wanted);
            assertThat(failures.keySet()).containsExactly(31001);
            assertThat(failures.get(31001))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("health check node port 31001 of default/web");
            assertThat(get(31000)).startsWith("HTTP/1.1 200 ");
            assertThat(get(31002)).startsWith("HTTP/1.1 200 ");
        }
        assertThat(server.reconcile(wanted)).isEmpty();
        assertThat(get(31001)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void twoServicesOnOnePort() throws Exception {
        Map<Integer, PodnetException> failures =
                server.reconcile(List.of(health(WEB, 31000, 1), health(new ServiceId("default", "late"), 31000, 5)));
        assertThat(failures.get(31000))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("late");
        assertThat(get(31000)).contains("\"name\":\"web\"");
    }

    @Test
    void whatIsNoRequest() throws Exception {
        server.reconcile(List.of(health(WEB, 31000, 1)));
        assertThat(ask(31000, "HEAD / HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n");
        assertThat(ask(31000, "GET / HTTP/1.1\n\n")).startsWith("HTTP/1.1 200 ");
        assertThat(ask(31000, "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi")).startsWith("HTTP/1.1 405 ");
        assertThat(ask(31000, "\u0016\u0003\u0001\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(ask(31000, "GET /\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(ask(31000, "GET / HTTP/2.0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(ask(31000, "GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(get(31000)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aRequestInPieces() throws Exception {
        server.reconcile(List.of(health(WEB, 31000, 1)));
        try (SocketChannel channel = connect("127.0.0.1", 31000)) {
            for (char c : "GET / HTTP/1.1\r\nHost: x\r\n\r\n".toCharArray()) {
                send(channel, String.valueOf(c));
            }
            assertThat(readAll(channel)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whoSaysNothingIsCutOff() throws Exception {
        server.reconcile(List.of(health(WEB, 31000, 1)));
        try (SocketChannel silent = connect("127.0.0.1", 31000)) {
            send(silent, "GET / HT");
            // Ends by the server's time, not by this client's, which would be an exception.
            assertThat(readAll(silent)).isEmpty();
        }
    }

    @Test
    void silentCrowdsDoNotKeepLoadBalancersOut() throws Exception {
        server.reconcile(List.of(health(WEB, 31000, 1)));
        List<SocketChannel> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                crowd.add(connect("127.0.0.1", 31000));
            }
            assertThat(get(31000)).startsWith("HTTP/1.1 200 ");
        } finally {
            for (SocketChannel one : crowd) {
                one.close();
            }
        }
    }

    @Test
    void aSupplierThatFailsIsUnhealthy() throws Exception {
        try (HealthCheckServer broken = new HealthCheckServer(channels, () -> {
            throw new IllegalStateException("no idea");
        })) {
            broken.reconcile(List.of(health(WEB, 31005, 1)));
            assertThat(get(31005)).startsWith("HTTP/1.1 503 ").contains("\"serviceProxyHealthy\":false");
            assertThat(get(31005)).startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    void closeFreesThePortsAndEndsTheThread() {
        server.reconcile(List.of(health(WEB, 31000, 1)));
        server.close();
        server.close();
        assertThat(refuses(31000)).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("podnet-health-checks"));
        assertThatThrownBy(() -> server.reconcile(List.of())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void neverUsedNothingIsStarted() {
        assertThat(server.reconcile(List.of())).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("podnet-health-checks"));
        server.close();
    }
}
