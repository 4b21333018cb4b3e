package io.podnet.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Protocol;
import io.podnet.dns.ServedPod;
import io.podnet.dns.Shop;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.WireName;
import io.podnet.netlink.namespace.NamespaceChannels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TCP as RFC 7766 wants it, and clients as nobody wants them. */
@Timeout(60)
class StreamTest {
    private ServedPod served;
    private final List<SocketChannel> open = new ArrayList<>();

    @BeforeEach
    void serve() throws Exception {
        served = new ServedPod(Map.of());
        served.resolver().apply(Shop.example());
    }

    @AfterEach
    void end() throws Exception {
        for (SocketChannel channel : open) {
            channel.close();
        }
        served.close();
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel =
                new NamespaceChannels(served.threads(), served.pod().namespace()).socket();
        open.add(channel);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
        channel.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 10}), 53));
        return channel;
    }

    private static byte[] query(int id, String name) {
        byte[] wire = WireName.of(name);
        byte[] frame = new byte[2 + Header.LENGTH + wire.length + 4];
        byte[] query = new byte[frame.length - 2];
        Octets.put16(query, 0, id);
        Octets.put16(query, Header.QUESTIONS, 1);
        System.arraycopy(wire, 0, query, Header.LENGTH, wire.length);
        Octets.put16(query, query.length - 4, RecordType.A);
        Octets.put16(query, query.length - 2, 1);
        Octets.put16(frame, 0, query.length);
        System.arraycopy(query, 0, frame, 2, query.length);
        return frame;
    }

    private static byte[] read(SocketChannel channel) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(2);
        fill(channel, length);
        ByteBuffer message = ByteBuffer.allocate(length.getShort(0) & 0xffff);
        fill(channel, message);
        return message.array();
    }

    private static void fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("closed");
            }
        }
    }

    private static boolean closed(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void manyQueriesOnOneConnectionInOnePiece() throws Exception {
        SocketChannel channel = connect();
        ByteBuffer all = ByteBuffer.allocate(64 * 1024);
        for (int i = 0; i < 500; i++) {
            all.put(query(i, i % 2 == 0 ? "api.shop.svc.cluster.local" : "nobody.shop.svc.cluster.local"));
        }
        all.flip();
        while (all.hasRemaining()) {
            channel.write(all);
        }
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            byte[] answer = read(channel);
            ids.add(Octets.u16(answer, 0));
            assertThat(Header.flags(answer) & Header.RCODE).isEqualTo(Octets.u16(answer, 0) % 2 == 0 ? 0 : 3);
        }
        assertThat(ids).hasSize(500);
    }

    @Test
    void aQueryOctetByOctet() throws Exception {
        SocketChannel channel = connect();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        for (byte octet : query(7, "api.shop.svc.cluster.local")) {
            channel.write(ByteBuffer.wrap(new byte[] {octet}));
        }
        assertThat(Octets.u16(read(channel), 0)).isEqualTo(7);
    }

    @Test
    void aClientThatClosesItsHalfGetsItsAnswer() throws Exception {
        SocketChannel channel = connect();
        channel.write(ByteBuffer.wrap(query(7, "api.shop.svc.cluster.local")));
        channel.shutdownOutput();
        assertThat(Octets.u16(read(channel), 0)).isEqualTo(7);
        assertThat(closed(channel)).isTrue();
    }

    @Test
    void aLengthThatCannotBeRightEndsTheConnection() throws Exception {
        for (int length : new int[] {0, 11, 5000, 65535}) {
            SocketChannel channel = connect();
            byte[] frame = new byte[14];
            Octets.put16(frame, 0, length);
            channel.write(ByteBuffer.wrap(frame));
            assertThat(closed(channel)).as("length " + length).isTrue();
        }
    }

    /** CVE-2024-8418 of aardvark-dns, and CVE-2025-47950 of CoreDNS: idle and slow clients harm only themselves. */
    @Test
    void slowClientsHarmNobodyElse() throws Exception {
        List<SocketChannel> slow = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            SocketChannel channel = connect();
            channel.write(ByteBuffer.wrap(new byte[] {0}));
            slow.add(channel);
        }
        assertThat(served.dig("api.shop.svc.cluster.local")).contains("10.96.7.4");
        assertThat(served.dig("+tcp", "api.shop.svc.cluster.local")).contains("10.96.7.4");
        // Within three seconds half a query is given up.
        for (SocketChannel channel : slow) {
            assertThat(closed(channel)).isTrue();
        }
    }

    @Test
    void aPodHasNoMoreThanItsConnections() throws Exception {
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SocketChannel channel = connect();
            channel.write(ByteBuffer.wrap(query(i, "api.shop.svc.cluster.local")));
            read(channel);
            channels.add(channel);
        }
        assertThat(closed(connect())).isTrue();
        channels.get(0).close();
        Thread.sleep(100);
        SocketChannel again = connect();
        again.write(ByteBuffer.wrap(query(9, "api.shop.svc.cluster.local")));
        assertThat(Octets.u16(read(again), 0)).isEqualTo(9);
    }

    /** CVE-2026-35406 of aardvark-dns: half a frame, then RST, must not keep a processor busy. */
    @Test
    void aResetInTheMiddleOfAFrameCostsNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            SocketChannel channel = connect();
            channel.write(ByteBuffer.wrap(new byte[] {0, 40, 1, 2, 3}));
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }
        java.lang.management.ThreadMXBean threads = java.lang.management.ManagementFactory.getThreadMXBean();
        long server = 0;
        for (long id : threads.getAllThreadIds()) {
            java.lang.management.ThreadInfo info = threads.getThreadInfo(id);
            server = info != null && info.getThreadName().equals("podnet-dns-0") ? id : server;
        }
        Thread.sleep(500);
        long before = threads.getThreadCpuTime(server);
        Thread.sleep(1_000);
        assertThat(threads.getThreadCpuTime(server) - before).isLessThan(500_000_000L);
        assertThat(served.dig("api.shop.svc.cluster.local")).contains("10.96.7.4");
    }

    @Test
    void aClientThatReadsNothingIsNotReadFrom() throws Exception {
        SocketChannel channel = connect();
        channel.configureBlocking(false);
        ByteBuffer frame = ByteBuffer.wrap(query(1, "db.shop.svc.cluster.local"));
        long written = 0;
        int refusals = 0;
        while (refusals < 20) {
            int now = channel.write(frame);
            written += now;
            refusals = now == 0 ? refusals + 1 : 0;
            if (now == 0) {
                Thread.sleep(20);
            }
            if (!frame.hasRemaining()) {
                frame.rewind();
            }
        }
        // The kernel's buffers are full on both sides, and the server holds no more than one answer's rest.
        assertThat(written).isPositive();
        assertThat(served.dig("api.shop.svc.cluster.local")).contains("10.96.7.4");
    }

    /** Queries wait where their answers would, so that a client holds no more of the server than it may, and gets them all. */
    @Test
    void queriesWaitWhileAnswersAreNotTaken() throws Exception {
        String[] endpoints = new String[3_500];
        for (int i = 0; i < endpoints.length; i++) {
            endpoints[i] = "10.0." + i / 250 + "." + (i % 250 + 1);
        }
        served.resolver()
                .apply(Shop.change(
                        List.of(Shop.headless("shop", "huge", Shop.port("a", Protocol.TCP, 1))),
                        List.of(Shop.slice(
                                "shop", "huge", "huge-1", List.of(Shop.endpointPort("a", Protocol.TCP, 1)), endpoints)),
                        "shop"));
        // The kernel holds little, so that the rest is the server's.
        served.pod().run("sysctl", "-qw", "net.ipv4.tcp_wmem=4096 16384 65536");
        int queries = 80;
        long before = used();
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SocketChannel channel = connect();
            ByteBuffer all = ByteBuffer.allocate(8 * 1024);
            for (int id = 0; id < queries; id++) {
                all.put(query(id, "huge.shop.svc.cluster.local"));
            }
            channel.write(all.flip());
            channels.add(channel);
        }
        assertThat(served.dig("api.shop.svc.cluster.local")).contains("10.96.7.4");
        Thread.sleep(500);
        assertThat(used() - before).as("octets that the server holds").isLessThan(10L << 20);
        for (SocketChannel channel : channels) {
            for (int id = 0; id < queries; id++) {
                byte[] answer = read(channel);
                assertThat(Octets.u16(answer, 0)).isEqualTo(id);
                assertThat(Header.count(answer, Header.ANSWERS)).isEqualTo(endpoints.length);
            }
        }
    }

    private static long used() {
        Runtime.getRuntime().gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
