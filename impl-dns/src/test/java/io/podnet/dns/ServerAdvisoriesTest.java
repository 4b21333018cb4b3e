package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.PodSpec;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.Query;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What happened to other servers, each by its name, with real sockets from inside two pods. */
class ServerAdvisoriesTest {
    @TempDir
    Path directory;

    private final NamespaceThreads threads = new NamespaceThreads();
    private final List<PodPlace> places = new ArrayList<>();
    private final List<SocketChannel> connections = new ArrayList<>();
    private NameResolver resolver;
    private PodClient bad;
    private PodClient good;

    @BeforeEach
    void serve() throws Exception {
        Path conf = directory.resolve("resolv.conf");
        Files.writeString(conf, "nameserver 192.0.2.1\n");
        resolver = new DnsResolverProvider()
                .create(new NameResolverProvider.Context(
                        "cluster.local",
                        List.of(Cidr.parse("10.0.0.0/16")),
                        List.of(Cidr.parse("10.96.0.0/12")),
                        List.of(),
                        conf,
                        NetworkNamespace.current(),
                        directory,
                        Map.of("threads", "1")));
        resolver.apply(Shop.example());
        bad = pod("bad");
        good = pod("good");
    }

    private PodClient pod(String name) throws Exception {
        PodPlace place = new PodPlace(threads);
        places.add(place);
        resolver.attachPod(PodSpec.of("shop", name).build(), place.namespace());
        return new PodClient(new NamespaceChannels(threads, place.namespace()));
    }

    @AfterEach
    void end() throws Exception {
        for (SocketChannel connection : connections) {
            connection.close();
        }
        resolver.close();
        places.forEach(PodPlace::close);
        threads.close();
    }

    private static byte[] query(String name) {
        return Message.newQuery(Record.newRecord(Name.fromConstantString(name), Type.A, DClass.IN))
                .toWire();
    }

    private static void serves(PodClient client) throws IOException {
        byte[] query = query("api.shop.svc.cluster.local.");
        for (byte[] answer : List.of(client.datagram(query), client.stream(query))) {
            assertThat(new Message(answer).getSection(Section.ANSWER)).hasSize(1);
        }
    }

    @Test
    @DisplayName("CVE-2025-47950, CVE-2025-68151, GHSA-2wpx-qpw2-g5h5: thousands of connections that send one byte")
    void manyConnections() throws Exception {
        Runtime.getRuntime().gc();
        long before = used();
        int closed = 0;
        for (int i = 0; i < 10_000; i++) {
            SocketChannel connection = bad.connection();
            try {
                connection.write(ByteBuffer.wrap(new byte[] {0}));
            } catch (IOException refused) {
                closed++;
            }
            // What the server holds is its own business; ours is bounded by the files that a process may have.
            connections.add(connection);
            if (connections.size() > 500) {
                connections.remove(0).close();
            }
        }
        serves(good);
        byte[] query = query("api.shop.svc.cluster.local.");
        assertThat(new Message(bad.datagram(query)).getRcode()).isEqualTo(Rcode.NOERROR);
        Runtime.getRuntime().gc();
        assertThat(used() - before)
                .as("%d connections were refused at once", closed)
                .isLessThan(32L << 20);
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @DisplayName("aardvark CVE-2024-8418: an idle connection does not keep others waiting")
    void idleConnection() throws Exception {
        connections.add(bad.connection());
        SocketChannel half = bad.connection();
        connections.add(half);
        half.write(ByteBuffer.wrap(new byte[] {0, 40, 1, 2, 3}));
        serves(good);
        serves(bad);
    }

    @Test
    @DisplayName("aardvark CVE-2026-35406: half a frame, then a reset, costs no processor time")
    void halfFrameAndReset() throws Exception {
        for (int i = 0; i < 50; i++) {
            SocketChannel connection = bad.connection();
            connection.setOption(StandardSocketOptions.SO_LINGER, 0);
            connection.write(ByteBuffer.wrap(new byte[] {0, 40, 1, 2, 3}));
            connection.close();
        }
        serves(good);
        long before = serverNanos();
        Thread.sleep(1_000);
        // A loop would take the whole second.
        assertThat(serverNanos() - before).isLessThan(300_000_000L);
        serves(bad);
    }

    private static long serverNanos() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith("podnet-dns"))
                .mapToLong(info -> Math.max(0, threads.getThreadCpuTime(info.getThreadId())))
                .sum();
    }

    @Test
    @DisplayName("CVE-2026-32936: the size is looked at first, and hostile headers cost no memory")
    void screenFirst() throws IOException {
        List<byte[]> hostile = new ArrayList<>();
        for (int flags : new int[] {0x8000, 0x0000, 0x2800, 0x0100, 0x7800}) {
            for (int count = 4; count <= 10; count += 2) {
                byte[] header = new byte[12];
                Octets.put16(header, 2, flags);
                Octets.put16(header, count, 0xffff);
                hostile.add(header);
                hostile.add(Arrays.copyOf(header, 65_535));
            }
        }
        Query query = new Query();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int round = 0; round < 3; round++) {
            hostile.forEach(message -> query.read(message, message.length));
        }
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < 100; i++) {
            for (int j = 0; j < hostile.size(); j++) {
                query.read(hostile.get(j), hostile.get(j).length);
            }
        }
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(allocated).as("octets for 4000 hostile messages").isLessThan(1_000);
        // A frame that claims more than a query may have ends the connection at once.
        try (SocketChannel connection = bad.connection()) {
            connection.write(ByteBuffer.wrap(new byte[] {(byte) 0xff, (byte) 0xff, 1}));
            assertThat(connection.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("CVE-2026-33190: the same query gets the same verdict over UDP and TCP")
    void sameChecks() throws IOException {
        List<byte[]> queries = new ArrayList<>();
        for (int type : new int[] {Type.A, Type.ANY, Type.AXFR, Type.IXFR, Type.TKEY, Type.TSIG, Type.OPT, 65_280}) {
            for (int dclass : new int[] {DClass.IN, DClass.CH, DClass.ANY}) {
                byte[] query = query("api.shop.svc.cluster.local.");
                Octets.put16(query, query.length - 4, type);
                Octets.put16(query, query.length - 2, dclass);
                queries.add(query);
            }
        }
        byte[] twoQuestions = query("api.shop.svc.cluster.local.");
        Octets.put16(twoQuestions, 4, 2);
        queries.add(twoQuestions);
        queries.add(Arrays.copyOf(query("api.shop.svc.cluster.local."), 30));
        for (byte[] query : queries) {
            assertThat(bad.datagram(query)[3] & 0xf)
                    .as("type %d class %d", Octets.u16(query, query.length - 4), Octets.u16(query, query.length - 2))
                    .isEqualTo(bad.stream(query)[3] & 0xf);
        }
    }

    @Test
    @DisplayName("A response is answered by nobody (ping-pong)")
    void responses() throws IOException {
        byte[] response = query("api.shop.svc.cluster.local.");
        response[2] |= (byte) 0x80;
        assertThat(bad.datagram(response, 300)).isEmpty();
        assertThat(bad.datagram(new byte[11], 300)).isEmpty();
        serves(bad);
    }

    @Test
    @DisplayName("CVE-2022-2835, CVE-2022-2837: a namespace that would capture names gets none, and the status says so")
    void capture() throws IOException {
        assertThat(resolver.status().code()).isEqualTo(Condition.Code.READY);
        resolver.apply(Shop.change(
                List.of(Shop.clusterIp("svc", "kubernetes", List.of("10.96.6.6"))), List.of(), "shop", "empty", "svc"));
        assertThat(new Message(bad.datagram(query("kubernetes.svc.svc.cluster.local."))).getRcode())
                .isEqualTo(Rcode.NXDOMAIN);
        assertThat(resolver.status().toString()).contains("svc");
    }
}
