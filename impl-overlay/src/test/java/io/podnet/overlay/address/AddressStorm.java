package io.podnet.overlay.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.Ipam;
import io.podnet.spi.StoreKey;
import io.podnet.testkit.store.Faults;
import io.podnet.testkit.store.FaultyStore;
import io.podnet.testkit.store.NodeCrash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Nodes that reserve, commit, release, collect garbage, restart, lose the store and die at random. Knows of each node what it was
 * told it has, which nobody else may be told, and looks after each step that no claim is without an owner.
 */
final class AddressStorm {
    private static final NetworkKeys KEYS = NetworkKeys.of("pods");

    private final Random random;
    private final Function<String, ClusterStore> connect;
    private final ClusterStore observer;
    private final List<AddressRangeSet> ranges;
    private final Map<String, String> options;
    private final LongSupplier nanoTime;
    private final Faults faults;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<IpAddress, String> told = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int ids;
    private int steps;
    private int phase;

    private static final class Node {
        private final String name;
        private final Map<AttachmentId, Set<IpAddress>> pods = new HashMap<>();
        private ClusterStore connection;
        private FaultyStore store;
        private ClusterIpam ipam;

        Node(String name, ClusterStore connection, FaultyStore store, ClusterIpam ipam) {
            this.name = name;
            this.connection = connection;
            this.store = store;
            this.ipam = ipam;
        }
    }

    AddressStorm(
            long seed,
            Function<String, ClusterStore> connect,
            List<AddressRangeSet> ranges,
            Map<String, String> options,
            LongSupplier nanoTime,
            Faults faults) {
        this.random = new Random(seed);
        this.connect = connect;
        this.ranges = ranges;
        this.options = options;
        this.nanoTime = nanoTime;
        this.faults = faults;
        this.observer = connect.apply("observer");
    }

    Map<String, Integer> counts() {
        return counts;
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    void addNodes(int number) {
        for (int i = 0; i < number; i++) {
            String name = "node-" + i;
            ClusterStore connection = connect.apply(name);
            FaultyStore store = new FaultyStore(connection, random.nextLong(), faults);
            nodes.add(new Node(name, connection, store, Cluster.ipam(store, name, ranges, options, nanoTime)));
        }
    }

    void run(int operations) {
        phase = Math.max(300, operations / 12);
        for (int i = 0; i < operations; i++) {
            Node node = nodes.get(random.nextInt(nodes.size()));
            try {
                step(node);
            } catch (PodnetException.TimedOut e) {
                count("timed out");
            } catch (PodnetException.PoolExhausted e) {
                count("exhausted");
            } catch (NodeCrash e) {
                count("crashed");
                restart(node);
            }
            if (i % 500 == 0) {
                checkStore();
            }
        }
        checkStore();
    }

    private void step(Node node) {
        int dice = random.nextInt(100);
        // The network fills up and empties by turns.
        int reserving = steps++ / phase % 2 == 0 ? 65 : 33;
        if (dice < reserving) {
            reserve(node);
        } else if (dice < 88) {
            release(node);
        } else if (dice < 94) {
            count("gc");
            node.ipam.gc(node.pods.keySet());
            compare(node);
        } else if (dice < 96) {
            count("lost sessions");
            node.store.killSessions();
        } else if (dice < 98) {
            count("partitioned");
            node.store.partition();
            try {
                reserve(node);
            } finally {
                node.store.heal();
            }
        } else {
            count("restarted");
            restart(node);
        }
    }

    private void reserve(Node node) {
        AttachmentId owner = new AttachmentId("pod" + ids++, "eth0");
        Ipam.Lease lease = node.ipam.reserve(owner, List.of());
        assertThat(lease.assignments()).hasSize(ranges.size());
        Set<IpAddress> addresses = new HashSet<>();
        lease.assignments().forEach(each -> addresses.add(each.address().address()));
        if (random.nextInt(20) == 0) {
            count("reserved and forgotten");
            return;
        }
        // From here on a pod has the address, whatever becomes of the node's process.
        for (IpAddress address : addresses) {
            assertThat(told.put(address, node.name + " " + owner))
                    .as("%s is given to %s twice", address, owner)
                    .isNull();
        }
        node.pods.put(owner, addresses);
        count("reserved");
        node.ipam.commit(owner);
        count("committed");
    }

    private void forget(Node node, AttachmentId owner) {
        node.pods.remove(owner).forEach(told::remove);
    }

    private void release(Node node) {
        if (node.pods.isEmpty()) {
            return;
        }
        List<AttachmentId> owners = new ArrayList<>(node.pods.keySet());
        owners.sort(Comparator.comparing(AttachmentId::toString));
        AttachmentId owner = owners.get(random.nextInt(owners.size()));
        Set<IpAddress> had = node.pods.get(owner);
        // The pod is gone before its address is given back.
        forget(node, owner);
        List<IpAddress> released = node.ipam.release(owner);
        assertThat(had).containsAll(released);
        assertThat(node.ipam.lease(owner)).isEmpty();
        count("released");
    }

    /** What the Ipam says, the node's pods have: neither less nor more, after a collection of garbage. */
    private void compare(Node node) {
        Map<AttachmentId, Set<IpAddress>> leases = new HashMap<>();
        node.ipam.list().forEach(lease -> {
            Set<IpAddress> addresses = new HashSet<>();
            lease.assignments().forEach(each -> addresses.add(each.address().address()));
            leases.put(lease.owner(), addresses);
        });
        assertThat(leases).isEqualTo(node.pods);
    }

    /** The process is a new one; pods that were committed stay, of the others the runtime takes the address back. */
    private void restart(Node node) {
        node.connection.close();
        node.connection = connect.apply(node.name);
        node.store = new FaultyStore(node.connection, random.nextLong(), Faults.NONE);
        node.ipam = Cluster.ipam(node.store, node.name, ranges, options, nanoTime);
        Set<AttachmentId> known = new HashSet<>();
        node.ipam.list().forEach(lease -> known.add(lease.owner()));
        List.copyOf(node.pods.keySet()).stream()
                .filter(owner -> !known.contains(owner))
                .forEach(owner -> {
                    count("uncommitted and dropped");
                    forget(node, owner);
                });
        node.ipam.gc(node.pods.keySet());
        compare(node);
        node.store.faults(faults);
    }

    private Block fresh(Cidr cidr) {
        return ranges.stream()
                .filter(set -> set.family() == cidr.family())
                .map(set -> BlockRange.of(set, cidr.prefixLength()))
                .map(range -> Block.fresh(cidr, "", 0, range::handsOut))
                .findFirst()
                .orElseThrow();
    }

    /** Every address is in one block at most, no block has lost one, and every block has a claim of its node. */
    private void checkStore() {
        Map<IpAddress, String> holders = new HashMap<>();
        for (Entry entry : observer.list(KEYS.blocks()).entries()) {
            Block block = BlockText.read(entry);
            assertThat(observer.get(KEYS.affinity(block.node(), block.cidr())))
                    .as("claim of %s to %s", block.node(), block.cidr())
                    .isPresent();
            Set<Integer> known = new HashSet<>(block.free());
            known.addAll(block.allocations().keySet());
            assertThat(known)
                    .as("the addresses of %s, free or not", block.cidr())
                    .isEqualTo(Set.copyOf(fresh(block.cidr()).free()));
            block.allocations()
                    .forEach((ordinal, holding) -> assertThat(
                                    holders.put(block.address(ordinal), block.node() + " " + holding.owner()))
                            .isNull());
        }
        told.forEach((address, holder) ->
                assertThat(holders.get(address)).as("%s in the store", address).isEqualTo(holder));
    }

    /** All recover, give everything back, and nothing is left; then {@link #fill} must find every address. */
    void settle() {
        for (Node node : nodes) {
            restart(node);
            node.store.faults(Faults.NONE);
            List.copyOf(node.pods.keySet()).forEach(owner -> {
                node.ipam.release(owner);
                forget(node, owner);
            });
            node.ipam.gc(Set.of());
            assertThat(node.ipam.list()).isEmpty();
        }
        assertThat(told).isEmpty();
        List<Entry> left = observer.list(KEYS.blocks()).entries();
        assertThat(left)
                .allSatisfy(entry -> assertThat(BlockText.read(entry).isEmpty()).isTrue());
        // A node keeps one empty block of each range.
        assertThat(left.size()).isLessThanOrEqualTo(nodes.size() * ranges.size());
        Set<StoreKey> claimed = new HashSet<>();
        observer.list(KEYS.affinities())
                .entries()
                .forEach(entry ->
                        claimed.add(KEYS.block(StoreKey.cidrOf(entry.key().name()))));
        assertThat(claimed).hasSize(left.size());
    }

    /**
     * Uses every address that is left to all nodes together; gives how many of each family. Each family goes alone: nodes keep
     * blocks of both that differ in size, since the network's ends and the gateway are not given, so pairs would run out of one
     * family while the other has some left.
     */
    Map<IpFamily, Integer> fill() {
        Map<IpFamily, Integer> given = new EnumMap<>(IpFamily.class);
        for (AddressRangeSet range : ranges) {
            for (Node node : nodes) {
                given.merge(range.family(), fill(node, range), Integer::sum);
            }
        }
        return given;
    }

    private int fill(Node node, AddressRangeSet range) {
        ClusterIpam ipam = Cluster.ipam(node.store, node.name, List.of(range), options, nanoTime);
        for (int given = 0; ; given++) {
            AttachmentId owner = new AttachmentId("pod" + ids++, "eth0");
            try {
                for (Ipam.Assignment each : ipam.reserve(owner, List.of()).assignments()) {
                    assertThat(told.put(each.address().address(), node.name + " " + owner))
                            .isNull();
                }
                ipam.commit(owner);
            } catch (PodnetException.PoolExhausted e) {
                return given;
            }
        }
    }
}
