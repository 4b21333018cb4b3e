package io.podnet.overlay.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.AttachmentId;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.spi.AddressRangeSet;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.VirtualClock;
import io.podnet.testkit.store.Faults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Random operations with crashes between the phases: no address twice, no block lost. A long run is asked for by
 * {@code -Dpodnet.storm.operations=100000}.
 */
class AddressStormTest {
    private static final int OPERATIONS = Integer.getInteger("podnet.storm.operations", 20_000);
    private static final List<AddressRangeSet> RANGES = Cluster.ranges("10.244.0.0/24", "fd00:10:244::/120");
    private static final Map<String, String> OPTIONS =
            Map.of("blockSizeIpv4", "28", "blockSizeIpv6", "124", "coolDown", "PT0S");
    // 256 addresses each, without the network's, the gateway's and, in IPv4, the broadcast address.
    private static final Map<IpFamily, Integer> EVERY = Map.of(IpFamily.IPV4, 253, IpFamily.IPV6, 254);

    private final MemoryHub hub = new MemoryHub(new VirtualClock(), Runnable::run, 64);

    private AddressStorm storm(long seed, Faults faults) {
        AddressStorm storm = new AddressStorm(seed, hub::connect, RANGES, OPTIONS, () -> 0, faults);
        storm.addNodes(5);
        return storm;
    }

    @Test
    void noAddressTwiceNoBlockLost() {
        long seed = Long.getLong("podnet.storm.seed", System.nanoTime());
        System.out.println("address storm seed " + seed + ", again with -Dpodnet.storm.seed=" + seed);
        AddressStorm storm = storm(seed, new Faults(20, 20, 20, 30, 0, 0, 0, 0));
        storm.run(OPERATIONS);
        System.out.println("address storm " + storm.counts());
        for (String each : new String[] {
            "reserved", "released", "crashed", "timed out", "exhausted", "uncommitted and dropped", "restarted", "gc"
        }) {
            assertThat(storm.counts()).as("something is not exercised").containsKey(each);
        }
        storm.settle();
        assertThat(storm.fill()).isEqualTo(EVERY);
    }

    /** Two nodes keep a block of 16 addresses in one family and the one of 14 in the other: 251 pairs, but every address. */
    @Test
    void everyAddressIsFoundInBlocksOfDifferentSizes() {
        keep("node-1", "10.244.0.18", "fd00:10:244::2");
        keep("node-4", "10.244.0.2", "fd00:10:244::12");
        AddressStorm storm = storm(1, Faults.NONE);
        storm.settle();
        assertThat(storm.fill()).isEqualTo(EVERY);
    }

    private void keep(String node, String ipv4, String ipv6) {
        ClusterIpam ipam = Cluster.ipam(hub.connect(node), node, RANGES, OPTIONS, () -> 0);
        AttachmentId owner = new AttachmentId("first", "eth0");
        ipam.reserve(owner, List.of(IpAddress.parse(ipv4), IpAddress.parse(ipv6)));
        assertThat(ipam.release(owner)).hasSize(2);
    }
}
