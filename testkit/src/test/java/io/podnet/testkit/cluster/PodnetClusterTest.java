package io.podnet.testkit.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.PodnetException;
import io.podnet.testkit.machine.Traffic;
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
    void aDelayHoldsWhereTheKernelHasNetem(ClusterNode a, ClusterNode b) {
        boolean netem;
        try {
            a.delay(Duration.ofMillis(100));
            netem = true;
        } catch (PodnetException.Unsupported e) {
            assertTrue(e.getMessage().contains("CONFIG_NET_SCH_NETEM"), e::getMessage);
            netem = false;
        }
        // The handshake's answer waits, and so does what ends the transfer.
        long took = Traffic.nanosFor(b.machine(), a.machine(), a.ip(), BYTES);
        assertTrue(!netem || took > TimeUnit.MILLISECONDS.toNanos(100));
        a.unlimited();
        reachEachOther(List.of(a, b));
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
