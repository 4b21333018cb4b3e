package io.podnet.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import io.podnet.spi.Ipam.Assignment;
import io.podnet.spi.Ipam.Lease;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.Providers;
import io.podnet.store.memory.MemoryHub;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an {@link Ipam} promises. A provider's test class extends this and names the provider, which ServiceLoader must find:
 * {@code class MineTest extends IpamContract { MineTest() { super("mine"); } }}. The network is {@code 10.244.1.0/28}, with
 * IPv6 also {@code fd00:10:244:1::/124}; the node {@code node-a} is one of a cluster whose store is in memory.
 */
@SuppressWarnings("NullAway.Init")
public abstract class IpamContract {
    private static final String IPV4 = "10.244.1.0/28";
    private static final String IPV6 = "fd00:10:244:1::/124";
    /** All but the network's, the gateway's and the broadcast address. */
    private static final int CAPACITY = 13;

    private final String name;
    private final Map<String, String> options;
    private final MemoryHub hub = new MemoryHub();
    private final List<Ipam> opened = new ArrayList<>();

    @TempDir
    Path state;

    /**
     * Takes the Ipam with its own settings.
     *
     * @param name the provider's name
     */
    protected IpamContract(String name) {
        this(name, Map.of());
    }

    /**
     * Takes the Ipam with some options.
     *
     * @param name the provider's name
     * @param options its options
     */
    protected IpamContract(String name, Map<String, String> options) {
        this.name = name;
        this.options = Map.copyOf(options);
    }

    private static List<AddressRangeSet> sets(String... cidrs) {
        return Arrays.stream(cidrs)
                .map(cidr -> new AddressRangeSet(List.of(AddressRange.of(Cidr.parse(cidr)))))
                .toList();
    }

    private Ipam open(String... cidrs) {
        return open(Map.of(), sets(cidrs));
    }

    private Ipam open(Map<String, String> more, List<AddressRangeSet> sets) {
        Map<String, String> all = new HashMap<>(options);
        all.putAll(more);
        Ipam ipam = Providers.discover(IpamProvider.class, getClass().getClassLoader())
                .get(name)
                .create(new IpamProvider.Context(
                        "contract",
                        sets,
                        state,
                        all,
                        Optional.of(new IpamProvider.Membership("node-a", hub.connect("node-a")))));
        opened.add(ipam);
        return ipam;
    }

    private Ipam reopen(Ipam former, String... cidrs) {
        former.close();
        return open(cidrs);
    }

    @AfterEach
    void close() {
        opened.forEach(Ipam::close);
    }

    private static AttachmentId owner(int number) {
        return new AttachmentId("pod-" + number, "eth0");
    }

    private static List<IpAddress> ips(List<Assignment> assignments) {
        return assignments.stream()
                .map(assignment -> assignment.address().address())
                .toList();
    }

    private static IpAddress take(Ipam ipam, int number) {
        Lease lease = ipam.reserve(owner(number), List.of());
        ipam.commit(owner(number));
        return ips(lease.assignments()).get(0);
    }

    /** Takes what is left, and tells whether the pool is full then as it should be. */
    private static Set<IpAddress> takeAll(Ipam ipam, int from, int count) {
        Set<IpAddress> taken = new HashSet<>();
        for (int i = from; i < from + count; i++) {
            assertTrue(taken.add(take(ipam, i)), "an address is given twice");
        }
        return taken;
    }

    private static Set<Lease> leases(Ipam ipam) {
        return new HashSet<>(ipam.list());
    }

    @Test
    @DisplayName("an owner gets an address of each range set, IPv4 first, with the subnet's prefix length and gateway")
    void anAddressOfEachSet() {
        Ipam ipam = open(IPV4, IPV6);
        Lease lease = ipam.reserve(owner(1), List.of());
        assertEquals(owner(1), lease.owner());
        assertFalse(lease.committed(), "between reserve and commit");
        assertEquals(2, lease.assignments().size());
        List<Cidr> subnets = List.of(Cidr.parse(IPV4), Cidr.parse(IPV6));
        for (int i = 0; i < 2; i++) {
            Assignment given = lease.assignments().get(i);
            assertEquals(subnets.get(i), given.address().cidr());
            assertEquals(Optional.of(subnets.get(i).gateway()), given.gateway());
        }
        ipam.commit(owner(1));
        assertEquals(Optional.of(new Lease(owner(1), lease.assignments(), true)), ipam.lease(owner(1)));
    }

    @Test
    @DisplayName(
            "all addresses but the network's, the gateway's and the broadcast address are given, each once; then PoolExhausted")
    void exhaustion() {
        Ipam ipam = open(IPV4);
        Set<IpAddress> taken = takeAll(ipam, 0, CAPACITY);
        Cidr subnet = Cidr.parse(IPV4);
        assertTrue(taken.stream().allMatch(subnet::contains));
        assertFalse(taken.contains(subnet.network()));
        assertFalse(taken.contains(subnet.gateway()));
        assertFalse(taken.contains(subnet.last()));
        Set<Lease> before = leases(ipam);
        PodnetException.PoolExhausted full =
                assertThrows(PodnetException.PoolExhausted.class, () -> ipam.reserve(owner(99), List.of()));
        assertEquals(CAPACITY, full.capacity());
        assertEquals(CAPACITY, full.allocated());
        assertTrue(full.retryable());
        assertEquals(before, leases(ipam), "nothing is reserved then");
        assertEquals(Optional.empty(), ipam.lease(owner(99)));
        assertEquals(Condition.Code.NOT_READY, ipam.status().condition().code());
        ipam.release(owner(0));
        assertEquals(Optional.empty(), ipam.lease(owner(0)));
    }

    @Test
    @DisplayName("all or none: where one set has no free address, nothing of the others is taken")
    void allOrNone() {
        Ipam ipam = open("10.244.1.0/27", "fd00:10:244:1::/125");
        int given = 0;
        while (given < 30) {
            try {
                take(ipam, given);
            } catch (PodnetException.PoolExhausted full) {
                break;
            }
            given++;
        }
        assertTrue(given > 0 && given < 8, "the smaller set is full first");
        Set<Lease> before = leases(ipam);
        for (int i = 0; i < 30; i++) {
            int late = 100 + i;
            assertThrows(PodnetException.PoolExhausted.class, () -> ipam.reserve(owner(late), List.of()));
        }
        assertEquals(before, leases(ipam));
        // What half a reservation would keep is still to be had, as another process of the node sees.
        takeAll(open("10.244.1.0/27"), 200, 29 - given);
    }

    @Test
    @DisplayName("reserving again for the same owner gives the same lease")
    void reserveAgain() {
        Ipam ipam = open(IPV4, IPV6);
        Lease lease = ipam.reserve(owner(1), List.of());
        assertEquals(lease, ipam.reserve(owner(1), List.of()));
        ipam.commit(owner(1));
        ipam.commit(owner(1));
        assertEquals(lease.assignments(), ipam.reserve(owner(1), List.of()).assignments());
        assertTrue(ipam.reserve(owner(1), List.of()).committed());
        assertEquals(1, ipam.list().size());
    }

    @Test
    @DisplayName("assign reserves and commits in one step, the same lease each time, and its lease survives a restart")
    void assign() {
        Ipam ipam = open(IPV4, IPV6);
        Lease lease = ipam.assign(owner(1), List.of());
        assertTrue(lease.committed());
        assertEquals(lease, ipam.assign(owner(1), List.of()));
        List<Assignment> reserved = ipam.reserve(owner(2), List.of()).assignments();
        assertEquals(reserved, ipam.assign(owner(2), List.of()).assignments());
        assertThrows(
                PodnetException.Conflict.class,
                () -> ipam.assign(owner(3), List.of(ips(reserved).get(0))));
        assertEquals(Optional.empty(), ipam.lease(owner(3)));
        Ipam later = reopen(ipam, IPV4, IPV6);
        assertEquals(Optional.of(lease), later.lease(owner(1)));
        assertTrue(later.lease(owner(2)).isPresent());
    }

    @Test
    @DisplayName("another interface of the same sandbox is another owner")
    void interfacesAreOwners() {
        Ipam ipam = open(IPV4);
        AttachmentId second = new AttachmentId(owner(1).sandboxId(), "eth1");
        IpAddress first = take(ipam, 1);
        assertNotEquals(List.of(first), ips(ipam.reserve(second, List.of()).assignments()));
        assertEquals(List.of(first), ipam.release(owner(1)));
        assertTrue(ipam.lease(second).isPresent());
    }

    @Test
    @DisplayName("commit without a lease is NotFound, release without one is nothing")
    void withoutALease() {
        Ipam ipam = open(IPV4);
        assertThrows(PodnetException.NotFound.class, () -> ipam.commit(owner(1)));
        assertEquals(List.of(), ipam.release(owner(1)));
        assertEquals(Optional.empty(), ipam.lease(owner(1)));
        assertEquals(List.of(), ipam.list());
        IpAddress address = take(ipam, 1);
        assertEquals(List.of(address), ipam.release(owner(1)));
        assertEquals(List.of(), ipam.release(owner(1)));
        assertThrows(PodnetException.NotFound.class, () -> ipam.commit(owner(1)));
    }

    @Test
    @DisplayName("a released address is the last to be handed out again")
    void releasedAddressesRest() {
        Ipam ipam = open(IPV4);
        IpAddress first = take(ipam, 0);
        ipam.release(owner(0));
        assertFalse(takeAll(ipam, 1, CAPACITY - 1).contains(first));
        // With the rest over it is to be had again, and to nobody else.
        try {
            assertEquals(first, take(ipam, 50));
        } catch (PodnetException.PoolExhausted cools) {
            assertEquals(1, cools.coolingDown());
            assertEquals(CAPACITY - 1, cools.allocated());
            assertEquals(1, ipam.status().coolingDown());
        }
    }

    @Test
    @DisplayName("a requested address is given, and one that is not to be had is refused without changing anything")
    void requested() {
        Ipam ipam = open(IPV4, IPV6);
        IpAddress wish = IpAddress.parse("10.244.1.9");
        IpAddress wish6 = IpAddress.parse("fd00:10:244:1::9");
        assertEquals(
                List.of(wish, wish6),
                ips(ipam.reserve(owner(1), List.of(wish6, wish)).assignments()));
        assertEquals(
                List.of(wish, wish6), ips(ipam.reserve(owner(1), List.of(wish)).assignments()));
        Set<Lease> before = leases(ipam);
        assertThrows(PodnetException.Conflict.class, () -> ipam.reserve(owner(2), List.of(wish)));
        assertThrows(
                PodnetException.Conflict.class,
                () -> ipam.reserve(owner(2), List.of(IpAddress.parse("10.244.1.8"), wish6)));
        for (String none : List.of("10.244.2.9", "10.244.1.0", "10.244.1.1", "10.244.1.15", "fd00:10:244:2::9")) {
            assertThrows(
                    PodnetException.Invalid.class, () -> ipam.reserve(owner(2), List.of(IpAddress.parse(none))), none);
        }
        assertEquals(before, leases(ipam));
        IpAddress other = IpAddress.parse("10.244.1.8");
        Lease half = ipam.reserve(owner(3), List.of(other));
        assertEquals(other, ips(half.assignments()).get(0));
        assertEquals(2, half.assignments().size(), "other sets choose freely");
    }

    @Test
    @DisplayName("excluded addresses are never given, and a request for one is Invalid")
    void exclusions() {
        Cidr subnet = Cidr.parse(IPV4);
        Cidr excluded = Cidr.parse("10.244.1.8/30");
        AddressRange range = new AddressRange(
                subnet,
                subnet.network().plus(1),
                subnet.network().plus(14),
                Optional.of(subnet.gateway()),
                List.of(excluded));
        Ipam ipam = open(Map.of(), List.of(new AddressRangeSet(List.of(range))));
        assertTrue(takeAll(ipam, 0, CAPACITY - 4).stream().noneMatch(excluded::contains));
        assertThrows(PodnetException.PoolExhausted.class, () -> ipam.reserve(owner(99), List.of()));
        assertThrows(
                PodnetException.Invalid.class, () -> ipam.reserve(owner(99), List.of(IpAddress.parse("10.244.1.9"))));
    }

    @Test
    @DisplayName("preview tells what reserve would give, and takes nothing")
    void preview() {
        Ipam ipam = open(IPV4, IPV6);
        take(ipam, 1);
        Set<Lease> before = leases(ipam);
        List<Assignment> shown = ipam.preview(List.of());
        assertEquals(shown, ipam.preview(List.of()));
        assertEquals(before, leases(ipam));
        assertEquals(shown, ipam.reserve(owner(2), List.of()).assignments());
        IpAddress wish = IpAddress.parse("10.244.1.9");
        assertEquals(wish, ips(ipam.preview(List.of(wish))).get(0));
        assertThrows(PodnetException.Invalid.class, () -> ipam.preview(List.of(IpAddress.parse("10.9.9.9"))));
    }

    @Test
    @DisplayName("leases survive a restart; the next start frees what was not committed")
    void restart() {
        Ipam former = open(IPV4, IPV6);
        Lease kept = former.reserve(owner(1), List.of());
        former.commit(owner(1));
        Lease dropped = former.reserve(owner(2), List.of());
        Lease adopted = former.reserve(owner(3), List.of());
        former.gc(Set.of(owner(1), owner(2), owner(3)));
        former.reserve(owner(4), List.of());
        Ipam later = reopen(former, IPV4, IPV6);
        assertEquals(kept.assignments(), later.lease(owner(1)).orElseThrow().assignments());
        assertTrue(later.lease(owner(1)).orElseThrow().committed());
        assertEquals(
                dropped.assignments(),
                later.lease(owner(2)).orElseThrow().assignments(),
                "its owner was in the valid set of a gc");
        assertEquals(adopted.assignments(), later.lease(owner(3)).orElseThrow().assignments());
        assertEquals(Optional.empty(), later.lease(owner(4)));
        assertThrows(PodnetException.NotFound.class, () -> later.commit(owner(4)));
        assertEquals(3, later.list().size());
        Set<IpAddress> taken = new HashSet<>();
        later.list().forEach(lease -> taken.addAll(ips(lease.assignments())));
        assertEquals(6, taken.size());
        assertTrue(
                ips(later.reserve(owner(5), List.of()).assignments()).stream().noneMatch(taken::contains));
        assertEquals(ips(kept.assignments()), later.release(owner(1)));
    }

    @Test
    @DisplayName("gc releases every lease whose owner is not valid, and tells whose")
    void gc() {
        Ipam ipam = open(IPV4, IPV6);
        for (int i = 0; i < 4; i++) {
            take(ipam, i);
        }
        ipam.reserve(owner(4), List.of());
        Lease kept = ipam.lease(owner(1)).orElseThrow();
        assertEquals(Set.of(owner(0), owner(2), owner(3), owner(4)), Set.copyOf(ipam.gc(Set.of(owner(1), owner(77)))));
        assertEquals(Set.of(kept), leases(ipam));
        assertEquals(Set.of(), ipam.gc(Set.of(owner(1))));
        assertEquals(Set.of(owner(1)), ipam.gc(Set.of()), "an empty set releases everything");
        assertEquals(List.of(), ipam.list());
    }

    @Test
    @DisplayName("status counts what is leased")
    void status() {
        Ipam ipam = open(IPV4);
        assertEquals(CAPACITY, ipam.status().capacity());
        assertEquals(0, ipam.status().allocated());
        assertEquals(Condition.Code.READY, ipam.status().condition().code());
        take(ipam, 1);
        ipam.reserve(owner(2), List.of());
        assertEquals(2, ipam.status().allocated());
        ipam.release(owner(1));
        assertEquals(1, ipam.status().allocated());
        assertEquals(CAPACITY, ipam.status().capacity());
    }

    @Test
    @DisplayName("threads that ask at once get different addresses, and one owner the same")
    void parallel() throws Exception {
        Ipam ipam = open(IPV4);
        Set<IpAddress> given = new HashSet<>();
        ExecutorService executor = Executors.newFixedThreadPool(6);
        try {
            List<Future<IpAddress>> futures = new ArrayList<>();
            for (int i = 0; i < 4 * CAPACITY; i++) {
                int number = i % CAPACITY;
                futures.add(executor.submit(() -> take(ipam, number)));
            }
            for (Future<IpAddress> future : futures) {
                given.add(future.get());
            }
        } finally {
            executor.shutdownNow();
        }
        assertEquals(CAPACITY, given.size());
        assertEquals(CAPACITY, ipam.list().size());
    }

    @Test
    @DisplayName("two processes on one state directory give no address twice, and see each other's leases")
    void twoProcesses() {
        Ipam one = open(IPV4);
        Ipam other = open(IPV4);
        Set<IpAddress> given = new HashSet<>();
        for (int i = 0; i < CAPACITY; i++) {
            assertTrue(given.add(take(i % 2 == 0 ? one : other, i)), "an address is given twice");
        }
        assertEquals(leases(one), leases(other));
        assertEquals(CAPACITY, one.list().size());
        assertThrows(PodnetException.PoolExhausted.class, () -> one.reserve(owner(99), List.of()));
        one.release(owner(1));
        assertEquals(Optional.empty(), other.lease(owner(1)));
    }

    @Test
    @DisplayName("an IPv6 network alone")
    void ipv6() {
        Ipam ipam = open(IPV6);
        IpAddress address = take(ipam, 1);
        assertEquals(IpFamily.IPV6, address.family());
        assertTrue(Cidr.parse(IPV6).contains(address));
        assertNotEquals(address, take(ipam, 2));
    }

    @Test
    @DisplayName("create refuses options that it does not know")
    void unknownOption() {
        assertThrows(PodnetException.Invalid.class, () -> open(Map.of("no-such-option", "1"), sets(IPV4)));
    }

    @Test
    @DisplayName("close may be repeated, and leaves leases alone")
    void closeTwice() {
        Ipam ipam = open(IPV4);
        IpAddress address = take(ipam, 1);
        ipam.close();
        ipam.close();
        assertEquals(
                List.of(address), ips(open(IPV4).lease(owner(1)).orElseThrow().assignments()));
    }
}
