package io.podnet.overlay.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.VirtualClock;
import io.podnet.testkit.store.Faults;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A hundred thousand random operations with crashes between the phases: no address twice, no block lost. */
class AddressStormTest {
    private static final int OPERATIONS = Integer.getInteger("podnet.storm.operations", 100_000);

    @Test
    void noAddressTwiceNoBlockLost() {
        long seed = Long.getLong("podnet.storm.seed", System.nanoTime());
        System.out.println("address storm seed " + seed + ", again with -Dpodnet.storm.seed=" + seed);
        MemoryHub hub = new MemoryHub(new VirtualClock(), Runnable::run, 64);
        AddressStorm storm = new AddressStorm(
                seed,
                hub::connect,
                Cluster.ranges("10.244.0.0/24", "fd00:10:244::/120"),
                Map.of("blockSizeIpv4", "28", "blockSizeIpv6", "124", "coolDown", "PT0S"),
                () -> 0,
                new Faults(20, 20, 20, 30, 0, 0, 0, 0));
        storm.addNodes(5);
        storm.run(OPERATIONS);
        System.out.println("address storm " + storm.counts());
        for (String each : new String[] {
            "reserved", "released", "crashed", "timed out", "exhausted", "uncommitted and dropped", "restarted", "gc"
        }) {
            assertThat(storm.counts()).as("something is not exercised").containsKey(each);
        }
        storm.settle();
        // 256 addresses, without the network's, the gateway's and the broadcast address.
        assertThat(storm.fill()).isEqualTo(253);
    }
}
