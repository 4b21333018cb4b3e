package io.podnet.overlay.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.Providers;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.MemoryStore;
import io.podnet.store.memory.VirtualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterIpamTest {
    private static final NetworkKeys KEYS = NetworkKeys.of("pods");
    private static final Map<String, String> SMALL =
            Map.of("blockSizeIpv4", "29", "blockSizeIpv6", "125", "coolDown", "PT30S", "reclaimAfter", "PT1H");

    private final VirtualClock clock = new VirtualClock();
    private final MemoryHub hub = new MemoryHub(clock, Runnable::run, 64);
    private final List<AddressRangeSet> ranges = Cluster.ranges("10.244.0.0/27");

    private ClusterIpam ipam(MemoryStore store, String node) {
        return Cluster.ipam(store, node, ranges, SMALL, clock::nanoTime);
    }

    private ClusterIpam ipam(String node) {
        return ipam(hub.connect(node), node);
    }

    private static AttachmentId pod(int number) {
        return new AttachmentId("pod" + number, "eth0");
    }

    private static IpAddress address(Ipam.Lease lease) {
        return lease.assignments().get(0).address().address();
    }

    private static void take(Ipam ipam, int from, int count) {
        for (int i = from; i < from + count; i++) {
            ipam.reserve(pod(i), List.of());
            ipam.commit(pod(i));
        }
    }

    @Test
    void aLeaseIsTheSameWhenAskedAgainAndOnAnotherProcess() {
        ClusterIpam ipam = ipam("a");
        Ipam.Lease lease = ipam.reserve(pod(1), List.of());
        assertThat(lease.committed()).isFalse();
        assertThat(ipam.reserve(pod(1), List.of())).isEqualTo(lease);
        ipam.commit(pod(1));
        ipam.reserve(pod(2), List.of());
        ClusterIpam later = ipam("a");
        assertThat(later.lease(pod(1)).orElseThrow().assignments()).isEqualTo(lease.assignments());
        assertThat(later.lease(pod(1)).orElseThrow().committed()).isTrue();
        assertThat(later.lease(pod(2))).as("it was never committed").isEmpty();
        assertThatThrownBy(() -> later.commit(pod(2))).isInstanceOf(PodnetException.NotFound.class);
        assertThat(later.release(pod(1))).containsExactly(address(lease));
        assertThat(later.release(pod(1))).isEmpty();
    }

    @Test
    void twoProcessesOfOneNameGiveNoAddressTwice() {
        ClusterIpam former = ipam("a");
        take(former, 1, 1);
        ClusterIpam later = ipam("a");
        IpAddress second = address(later.reserve(pod(2), List.of()));
        // It opens a session in its turn and sees what the other did.
        assertThat(address(former.reserve(pod(3), List.of()))).isNotEqualTo(second);
        assertThat(former.list()).hasSize(3);
    }

    @Test
    void aReleasedAddressRestsUnlessItIsAskedFor() {
        ClusterIpam ipam = ipam("a");
        IpAddress first = address(ipam.reserve(pod(1), List.of()));
        ipam.release(pod(1));
        for (int i = 2; i < 30; i++) {
            assertThat(address(ipam.reserve(pod(i), List.of()))).isNotEqualTo(first);
        }
        assertThat(ipam.status().coolingDown()).isEqualTo(1);
        assertThatThrownBy(() -> ipam.reserve(pod(30), List.of()))
                .isInstanceOfSatisfying(
                        PodnetException.PoolExhausted.class,
                        full -> assertThat(full.coolingDown()).isEqualTo(1));
        clock.advance(Duration.ofSeconds(30));
        assertThat(address(ipam.reserve(pod(30), List.of()))).isEqualTo(first);
        assertThatThrownBy(() -> ipam.reserve(pod(31), List.of()))
                .isInstanceOfSatisfying(PodnetException.PoolExhausted.class, full -> {
                    assertThat(full.capacity()).isEqualTo(29);
                    assertThat(full.allocated()).isEqualTo(29);
                });
        assertThat(ipam.status().condition().code()).isEqualTo(Condition.Code.NOT_READY);
    }

    @Test
    void requestedAddresses() {
        ClusterIpam a = ipam("a");
        ClusterIpam b = ipam("b");
        IpAddress wish = IpAddress.parse("10.244.0.9");
        assertThat(a.preview(List.of(wish)).get(0).address().address()).isEqualTo(wish);
        assertThat(address(a.reserve(pod(1), List.of(wish)))).isEqualTo(wish);
        assertThat(address(a.reserve(pod(1), List.of(wish)))).isEqualTo(wish);
        for (String taken : new String[] {"10.244.0.9", "10.244.0.10"}) {
            assertThatThrownBy(() -> b.reserve(pod(2), List.of(IpAddress.parse(taken))))
                    .isInstanceOf(PodnetException.Conflict.class);
        }
        assertThatThrownBy(() -> a.reserve(pod(1), List.of(IpAddress.parse("10.244.0.11"))))
                .isInstanceOf(PodnetException.Conflict.class);
        for (String bad : new String[] {"10.244.0.0", "10.244.0.1", "10.244.0.31", "10.245.0.5", "fd00::5"}) {
            assertThatThrownBy(() -> a.reserve(pod(3), List.of(IpAddress.parse(bad))))
                    .isInstanceOf(PodnetException.Invalid.class);
        }
        assertThat(b.lease(pod(2))).isEmpty();
    }

    @Test
    void dualStackIsAllOrNothing() {
        List<AddressRangeSet> both = Cluster.ranges("10.244.0.0/24", "fd00:10:244::/125");
        ClusterIpam ipam = Cluster.ipam(hub.connect("a"), "a", both, SMALL, clock::nanoTime);
        for (int i = 0; i < 6; i++) {
            assertThat(ipam.reserve(pod(i), List.of()).assignments()).hasSize(2);
        }
        assertThatThrownBy(() -> ipam.reserve(pod(6), List.of())).isInstanceOf(PodnetException.PoolExhausted.class);
        assertThat(ipam.lease(pod(6))).isEmpty();
        assertThat(ipam.list()).hasSize(6);
    }

    @Test
    void aDeadNodesBlocksAreTakenAfterAWhileAndItYields() {
        MemoryStore dying = hub.connect("a");
        ClusterIpam a = ipam(dying, "a");
        take(a, 1, 29);
        ClusterIpam b = ipam("b");
        assertThatThrownBy(() -> b.reserve(pod(100), List.of())).isInstanceOf(PodnetException.PoolExhausted.class);
        dying.cut();
        clock.advance(Duration.ofMinutes(30));
        // The first look after the session has expired only starts the time.
        assertThatThrownBy(() -> b.reserve(pod(100), List.of())).isInstanceOf(PodnetException.PoolExhausted.class);
        clock.advance(Duration.ofMinutes(59));
        assertThatThrownBy(() -> b.reserve(pod(100), List.of())).isInstanceOf(PodnetException.PoolExhausted.class);
        assertThatThrownBy(() -> a.reserve(pod(31), List.of())).isInstanceOf(PodnetException.TimedOut.class);
        clock.advance(Duration.ofMinutes(1));
        b.reserve(pod(100), List.of());
        dying.heal();
        assertThat(a.list()).as("another node has its blocks").isEmpty();
        assertThat(a.reserve(pod(31), List.of()).assignments()).hasSize(1);
    }

    @Test
    void aNodeThatComesBackInTimeKeepsItsBlocks() {
        MemoryStore slow = hub.connect("a");
        ClusterIpam a = ipam(slow, "a");
        take(a, 1, 29);
        ClusterIpam b = ipam("b");
        slow.cut();
        clock.advance(Duration.ofMinutes(30));
        assertThatThrownBy(() -> b.reserve(pod(100), List.of())).isInstanceOf(PodnetException.PoolExhausted.class);
        slow.heal();
        assertThat(a.release(pod(1))).hasSize(1);
        clock.advance(Duration.ofHours(2));
        assertThatThrownBy(() -> b.reserve(pod(100), List.of())).isInstanceOf(PodnetException.PoolExhausted.class);
        assertThat(a.list()).hasSize(28);
    }

    @Test
    void garbageIsCollectedAndEmptyBlocksGivenBack() {
        ClusterIpam ipam = ipam("a");
        take(ipam, 1, 20);
        assertThat(ipam.gc(Set.of(pod(1)))).hasSize(19);
        assertThat(ipam.list()).hasSize(1);
        assertThat(hub.connect("observer").list(KEYS.blocks()).entries()).hasSizeLessThanOrEqualTo(2);
        assertThat(hub.connect("observer").list(KEYS.affinities()).entries())
                .hasSameSizeAs(hub.connect("observer").list(KEYS.blocks()).entries());
    }

    @Test
    void fieldsOfNewerVersionsSurvive() {
        ClusterIpam ipam = ipam("a");
        take(ipam, 1, 1);
        MemoryStore store = hub.connect("newer");
        Entry block = store.list(KEYS.blocks()).entries().get(0);
        var json = StoredJson.of(block).object().put("newer", 7);
        ((com.fasterxml.jackson.databind.node.ObjectNode)
                        json.path("allocations").elements().next())
                .put("label", "kept");
        store.put(block.key(), json.toString(), Expect.of(block));
        take(ipam, 2, 2);
        String text = store.get(block.key()).orElseThrow().value();
        assertThat(text).contains("\"newer\":7").contains("\"label\":\"kept\"").contains("pod3");
    }

    @Test
    void whatCannotWorkIsRefused() {
        MemoryStore store = hub.connect("a");
        ipam("a").list();
        ClusterIpam other = Cluster.ipam(store, "b", ranges, Map.of("blockSizeIpv4", "30"), clock::nanoTime);
        assertThatThrownBy(other::list)
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("/29");
        for (Map<String, String> bad : List.of(
                Map.of("blockSizeIpv4", "33"),
                Map.of("blockSizeIpv4", "26"),
                Map.of("blockSizeIpv4", "29", "coolDown", "30"),
                Map.of("blockSizeIpv4", "29", "unknown", "1"))) {
            assertThatThrownBy(() -> Cluster.ipam(store, "a", ranges, bad, clock::nanoTime))
                    .as("%s", bad)
                    .isInstanceOf(PodnetException.Invalid.class);
        }
        IpamProvider provider = Providers.discover(
                        IpamProvider.class, getClass().getClassLoader())
                .get("cluster");
        assertThatThrownBy(() -> provider.create(new IpamProvider.Context(
                        "pods", ranges, Path.of("/nonexistent"), Map.of("blockSizeIpv4", "29"), Optional.empty())))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("store");
    }
}
