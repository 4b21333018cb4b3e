package io.podnet.testkit.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.PodnetException;
import io.podnet.testkit.machine.Traffic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A cluster as tests of distributed programs use it, with real packets. */
@PodnetCluster(nodes = 3)
class PodnetClusterTest {
    private static final int BYTES = 500_000;

    private static boolean reaches(ClusterNode from, ClusterNode to) {
        return Traffic.reachesBriefly(from.machine(), to.machine(), to.ip());
    }

    private static void reachEachOther(List<ClusterNode> nodes) {
        for (ClusterNode from : nodes) {
            for (ClusterNode to : nodes) {
                if (from != to) {
                    assertEquals(from.ip(), Traffic.sourceSeen(from.machine(), to.machine(), to.ip()));
                    assertEquals(from.ip6(), Traffic.sourceSeen(from.machine(), to.machine(), to.ip6()));
                }
            }
        }
    }

    @Test
    void aLimitThatIsNoneLeavesTheOneThatIsThere(Cluster cluster, ClusterNode a) {
        a.limit(4_000_000);
        String limited = a.machine().run("tc", "qdisc", "show");
        assertTrue(limited.contains("tbf"), limited);
        assertThrows(PodnetException.Invalid.class, () -> a.limit(0));
        assertEquals(limited, a.machine().run("tc", "qdisc", "show"));
    }

    @Test
    void nodesReachEachOther(Cluster cluster, ClusterNode a, ClusterNode b, ClusterNode c) {
        assertEquals(List.of(a, b, c), cluster.nodes());
        reachEachOther(cluster.nodes());
    }

    @Test
    void aCutIsBetweenTwoAndCanBeUndone(Cluster cluster, ClusterNode a, ClusterNode b, ClusterNode c) {
        reachEachOther(cluster.nodes());
        cluster.cut(a, b);
        assertFalse(reaches(a, b));
        assertFalse(reaches(b, a));
        assertFalse(Traffic.reachesBriefly(a.machine(), b.machine(), b.ip6()));
        reachEachOther(List.of(a, c));
        reachEachOther(List.of(b, c));
        cluster.restore(a, b);
        cluster.restore(a, b);
        reachEachOther(cluster.nodes());
    }

    @Test
    void aNodeCannotBeCutOffFromItselfOrFromStrangers(Cluster cluster, ClusterNode a, ClusterNode b, ClusterNode c) {
        assertThrows(PodnetException.Invalid.class, () -> cluster.cut(a, a));
        assertThrows(PodnetException.Invalid.class, () -> cluster.cutOneWay(b, b));
        assertThrows(PodnetException.Invalid.class, () -> cluster.restore(c, c));
        try (Cluster others = new Cluster(1)) {
            ClusterNode stranger = others.nodes().get(0);
            assertThrows(PodnetException.Invalid.class, () -> cluster.cut(b, stranger));
            assertThrows(PodnetException.Invalid.class, () -> cluster.partition(List.of(b, stranger)));
        }
        reachEachOther(cluster.nodes());
    }

    @Test
    void oneDirectionAlone(Cluster cluster, ClusterNode a, ClusterNode b) {
        cluster.cutOneWay(a, b);
        assertFalse(reaches(a, b));
        assertTrue(reaches(b, a), "a hears b, though b hears no answer");
        cluster.restoreAll();
        reachEachOther(List.of(a, b));
    }

    @Test
    @PodnetCluster(nodes = 5)
    void aPartitionSplitsAndHeals(Cluster cluster, ClusterNode a, ClusterNode b) {
        assertEquals(5, cluster.nodes().size());
        cluster.partition(List.of(a, b));
        reachEachOther(List.of(a, b));
        reachEachOther(cluster.nodes().subList(2, 5));
        assertFalse(reaches(a, cluster.nodes().get(2)));
        assertFalse(reaches(cluster.nodes().get(4), b));
        cluster.restoreAll();
        reachEachOther(cluster.nodes());
    }

    @Test
    void aLimitHoldsInBothDirections(Cluster cluster, ClusterNode a, ClusterNode b) {
        a.limit(4_000_000);
        // Half a megabyte takes a second, less the burst; a busy machine only makes it longer.
        long least = TimeUnit.MILLISECONDS.toNanos(500);
        assertTrue(Traffic.nanosFor(a.machine(), b.machine(), b.ip(), BYTES) > least);
        assertTrue(Traffic.nanosFor(b.machine(), a.machine(), a.ip(), BYTES) > least);
        a.unlimited();
        // Twenty times the limit's bytes, which would take ten seconds and more with it.
        Traffic.nanosFor(a.machine(), b.machine(), b.ip(), 20 * BYTES);
        cluster.restoreAll();
    }

    @Test
    void aDelayHoldsInBothDirections(Cluster cluster, ClusterNode a, ClusterNode b, ClusterNode c) throws IOException {
        Duration delay = Duration.ofMillis(120);
        a.delay(delay);
        for (ClusterNode other : List.of(b, c)) {
            assertTrue(roundTrip(a, other) >= 2 * delay.toNanos());
            assertTrue(roundTrip(other, a) >= 2 * delay.toNanos());
        }
        b.delay(delay);
        assertTrue(roundTrip(a, b) >= 4 * delay.toNanos());
        cluster.restoreAll();
        assertTrue(roundTripBelow(a, b, delay), "the delay is gone");
        reachEachOther(cluster.nodes());
    }

    @Test
    void bytesComeThroughADelayedLinkAsTheyWere(Cluster cluster, ClusterNode a, ClusterNode b) {
        a.delay(Duration.ofMillis(5), Duration.ofMillis(4));
        // In both directions: checksums and the cutting of what is sent are left to virtual links as a rule.
        Traffic.nanosFor(a.machine(), b.machine(), b.ip(), 4 * BYTES);
        Traffic.nanosFor(b.machine(), a.machine(), a.ip(), 4 * BYTES);
        reachEachOther(cluster.nodes());
        a.unlimited();
        Traffic.nanosFor(b.machine(), a.machine(), a.ip(), 4 * BYTES);
    }

    @Test
    void aDelayedLinkIsCutAndLimitedToo(Cluster cluster, ClusterNode a, ClusterNode b, ClusterNode c) {
        a.delay(Duration.ofMillis(20));
        a.limit(4_000_000);
        assertTrue(Traffic.nanosFor(a.machine(), b.machine(), b.ip(), BYTES) > TimeUnit.MILLISECONDS.toNanos(500));
        cluster.cut(a, b);
        assertFalse(reaches(a, b));
        assertTrue(reaches(a, c));
        cluster.restoreAll();
        reachEachOther(cluster.nodes());
    }

    @Test
    void framesAreLost(Cluster cluster, ClusterNode a, ClusterNode b) {
        a.lose(1);
        assertFalse(reaches(a, b));
        assertFalse(reaches(b, a));
        a.lose(0.2);
        reachEachOther(List.of(a, b));
        a.lose(0);
        reachEachOther(List.of(a, b));
        assertThrows(PodnetException.Invalid.class, () -> a.lose(1.5));
        assertThrows(PodnetException.Invalid.class, () -> a.delay(Duration.ofMillis(-1)));
        assertThrows(PodnetException.Invalid.class, () -> a.delay(Duration.ofMillis(1), Duration.ofMillis(2)));
        reachEachOther(cluster.nodes());
    }

    /** One round trip of a datagram, after one that found the neighbour. */
    private static long roundTrip(ClusterNode from, ClusterNode to) throws IOException {
        try (DatagramChannel server = to.machine().openDatagramChannel();
                DatagramChannel client = from.machine().openDatagramChannel()) {
            server.bind(new InetSocketAddress(to.ip().toInetAddress(), 7));
            client.connect(new InetSocketAddress(to.ip().toInetAddress(), 7));
            exchange(client, server);
            return exchange(client, server);
        }
    }

    private static long exchange(DatagramChannel client, DatagramChannel server) throws IOException {
        long begun = System.nanoTime();
        client.write(ByteBuffer.wrap(new byte[] {1}));
        ByteBuffer received = ByteBuffer.allocate(1);
        SocketAddress sender = server.receive(received);
        server.send(received.flip(), sender);
        client.read(ByteBuffer.allocate(1));
        return System.nanoTime() - begun;
    }

    /** A busy machine may need some tries. */
    private static boolean roundTripBelow(ClusterNode from, ClusterNode to, Duration most) throws IOException {
        for (int i = 0; i < 20; i++) {
            if (roundTrip(from, to) < most.toNanos()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void processesRunOnTheirNode(ClusterNode a) throws Exception {
        Process addresses = a.start(new ProcessBuilder("ip", "-o", "-4", "address", "show", "dev", "eth0"));
        String output = new String(addresses.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, addresses.waitFor());
        assertTrue(output.contains(a.ip() + "/24"), output);
    }

    @Test
    void processesEndWithTheCluster() throws Exception {
        Process sleeping;
        try (Cluster cluster = new Cluster(1)) {
            sleeping = cluster.nodes().get(0).start(new ProcessBuilder("sleep", "600"));
        }
        assertTrue(sleeping.waitFor(10, TimeUnit.SECONDS));
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThrows(PodnetException.Invalid.class, () -> new Cluster(0));
        assertThrows(PodnetException.Invalid.class, () -> new Cluster(201));
    }
}
