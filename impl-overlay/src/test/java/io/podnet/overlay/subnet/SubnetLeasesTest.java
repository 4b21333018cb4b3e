package io.podnet.overlay.subnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.spi.StoreSession;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.MemoryStore;
import io.podnet.store.memory.VirtualClock;
import io.podnet.testkit.store.Faults;
import io.podnet.testkit.store.FaultyStore;
import io.podnet.testkit.store.NodeCrash;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubnetLeasesTest {
    private static final NetworkKeys KEYS = NetworkKeys.of("pods");
    private static final SubnetRange IPV4 = new SubnetRange(Cidr.parse("10.244.0.0/22"), 24);
    private static final SubnetRange IPV6 = new SubnetRange(Cidr.parse("fd00:10:244::/62"), 64);
    private static final Duration TTL = Duration.ofSeconds(10);

    private final VirtualClock clock = new VirtualClock();
    private final MemoryHub hub = new MemoryHub(clock, Runnable::run, 64);

    private final class Member {
        private final MemoryStore store;
        private final SubnetLeases leases;
        private final String name;
        private StoreSession session;

        Member(String name) {
            this.name = name;
            store = hub.connect(name);
            leases = new SubnetLeases(store, KEYS, name);
            session = store.openSession(name, TTL, () -> {});
        }

        SubnetLease acquire(SubnetRange range, Optional<Cidr> before) {
            return leases.acquire(range, session, before);
        }

        void again() {
            session = store.openSession(name, TTL, () -> {});
        }
    }

    @Test
    void eachNodeGetsASubnetOfItsOwnUntilThereIsNone() {
        Set<Cidr> subnets = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            Member member = new Member("node-" + i);
            subnets.add(member.acquire(IPV4, Optional.empty()).subnet());
            subnets.add(member.acquire(IPV6, Optional.empty()).subnet());
        }
        assertThat(subnets).hasSize(8).allMatch(subnet -> IPV4.has(subnet) || IPV6.has(subnet));
        assertThatThrownBy(() -> new Member("node-4").acquire(IPV4, Optional.empty()))
                .isInstanceOf(PodnetException.PoolExhausted.class);
    }

    @Test
    void aRestartedNodeKeepsItsSubnetBeyondTheFormerSession() {
        Member former = new Member("a");
        SubnetLease lease = former.acquire(IPV4, Optional.empty());
        Member later = new Member("a");
        SubnetLease again = later.acquire(IPV4, Optional.empty());
        assertThat(again.subnet()).isEqualTo(lease.subnet());
        clock.advance(TTL.multipliedBy(3));
        assertThat(later.leases.list()).containsExactly(again);
        assertThatThrownBy(() -> former.acquire(IPV4, Optional.empty())).isInstanceOf(PodnetException.Conflict.class);
        assertThat(former.leases.release(lease))
                .as("released by a node that has been superseded")
                .isFalse();
    }

    @Test
    void aSubnetThatExpiredAndWasGivenAwayIsNotTakenBack() {
        Member a = new Member("a");
        Cidr former = a.acquire(IPV4, Optional.empty()).subnet();
        a.store.cut();
        clock.advance(TTL.multipliedBy(2));
        Member b = new Member("b");
        assertThat(b.acquire(IPV4, Optional.of(former)).subnet()).isEqualTo(former);
        a.store.heal();
        assertThat(a.session.alive()).isFalse();
        assertThatThrownBy(() -> a.acquire(IPV4, Optional.of(former))).isInstanceOf(PodnetException.Conflict.class);
        a.again();
        assertThat(a.acquire(IPV4, Optional.of(former)).subnet()).isNotEqualTo(former);
        assertThat(b.leases.list()).hasSize(2);
    }

    @Test
    void aSubnetThatExpiredAndIsFreeIsTakenAgain() {
        Member a = new Member("a");
        Cidr former = a.acquire(IPV4, Optional.empty()).subnet();
        a.session.close();
        assertThat(a.leases.list()).isEmpty();
        a.again();
        assertThat(a.acquire(IPV4, Optional.of(former)).subnet()).isEqualTo(former);
        // One of another range is of no use.
        a.session.close();
        a.again();
        assertThat(a.acquire(IPV4, Optional.of(Cidr.parse("192.168.0.0/24"))).subnet())
                .matches(IPV4::has);
    }

    @Test
    void aReservationOutlastsTheSessionAndStaysOneAfterARestart() {
        Member a = new Member("a");
        SubnetLease lease = a.acquire(IPV4, Optional.empty());
        assertThat(a.leases.reserve(lease, true, a.session).orElseThrow().reserved())
                .isTrue();
        a.session.close();
        a.again();
        SubnetLease again = a.acquire(IPV4, Optional.empty());
        assertThat(again.subnet()).isEqualTo(lease.subnet());
        assertThat(again.reserved()).isTrue();
        assertThat(a.leases.reserve(again, false, a.session).orElseThrow().reserved())
                .isFalse();
        a.session.close();
        assertThat(a.leases.list()).isEmpty();
    }

    @Test
    void nodesThatAreConfiguredOtherwiseAreRefused() {
        new Member("a").acquire(IPV4, Optional.empty());
        assertThatThrownBy(() ->
                        new Member("b").acquire(new SubnetRange(Cidr.parse("10.244.0.0/22"), 25), Optional.empty()))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("/24");
        assertThatThrownBy(() -> new SubnetRange(Cidr.parse("10.244.0.0/24"), 24))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> new SubnetRange(Cidr.parse("10.244.0.0/16"), 31))
                .isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void ipv6SubnetsLongerAndShorterThanHalfAnAddress() {
        for (SubnetRange range : List.of(
                new SubnetRange(Cidr.parse("fd00::/48"), 56),
                new SubnetRange(Cidr.parse("fd00::/48"), 64),
                new SubnetRange(Cidr.parse("fd00::/60"), 80),
                new SubnetRange(Cidr.parse("fd00::/112"), 126))) {
            List<Cidr> some = range.candidates("a", List.of()).limit(256).toList();
            assertThat(Set.copyOf(some)).hasSize(256);
            assertThat(some).allMatch(range::has);
            assertThat(some.get(0).overlaps(some.get(1))).isFalse();
        }
    }

    @Test
    void noSubnetTwiceWhateverGoesWrong() {
        long seed = System.nanoTime();
        System.out.println("subnet seed " + seed);
        Random random = new Random(seed);
        Faults faults = new Faults(20, 20, 20, 30, 0, 0, 0, 0);
        Map<String, Cidr> told = new HashMap<>();
        Map<String, Integer> outcomes = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            String name = "node-" + random.nextInt(5);
            MemoryStore connection = hub.connect(name);
            FaultyStore store = new FaultyStore(connection, random.nextLong(), faults);
            String outcome = "leased";
            try {
                StoreSession session = store.openSession(name, TTL, () -> {});
                Cidr subnet = new SubnetLeases(store, KEYS, name)
                        .acquire(IPV4, session, Optional.ofNullable(told.get(name)))
                        .subnet();
                told.put(name, subnet);
            } catch (PodnetException.TimedOut e) {
                outcome = "timed out";
            } catch (PodnetException.PoolExhausted e) {
                outcome = "exhausted";
                told.remove(name);
            } catch (NodeCrash e) {
                outcome = "crashed";
            }
            outcomes.merge(outcome, 1, Integer::sum);
            connection.close();
            if (random.nextInt(4) == 0) {
                clock.advance(Duration.ofSeconds(random.nextInt(20)));
            }
            // What has expired may be given away: only what is in the store still counts.
            List<SubnetLease> leases = new SubnetLeases(hub.connect("observer"), KEYS, "observer").list();
            assertThat(leases.stream().map(SubnetLease::node)).doesNotHaveDuplicates();
            told.entrySet()
                    .removeIf(each -> leases.stream()
                            .noneMatch(lease -> lease.node().equals(each.getKey())
                                    && lease.subnet().equals(each.getValue())));
            assertThat(told.values()).doesNotHaveDuplicates();
        }
        assertThat(outcomes).containsKeys("leased", "timed out", "exhausted", "crashed");
        clock.advance(TTL.multipliedBy(2));
        assertThat(hub.connect("observer").list(KEYS.subnets()).entries()).isEmpty();
    }
}
