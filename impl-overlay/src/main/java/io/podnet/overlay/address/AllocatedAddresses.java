package io.podnet.overlay.address;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;
import java.util.BitSet;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * What those who route need to know of a block: on which node, and which of its addresses are in use. Small, since every node
 * keeps it for every block.
 *
 * @param cidr the block
 * @param node the node whose pods have the addresses
 * @param bits the distances from the first address that are in use; not to be changed
 */
public record AllocatedAddresses(Cidr cidr, String node, BitSet bits) {
    private static final int LARGEST = 4096;

    /**
     * Reads a block.
     *
     * @param entry an entry below a network's blocks
     * @return what of it matters for routing
     * @throws io.podnet.api.PodnetException where it is none
     */
    public static AllocatedAddresses of(Entry entry) {
        Cidr cidr = StoreKey.cidrOf(entry.key().name());
        StoredJson json = StoredJson.of(entry);
        int size = 1 << Math.min(12, cidr.family().bits() - cidr.prefixLength());
        BitSet bits = new BitSet(size);
        if (json.object().get("allocations") instanceof ObjectNode allocations) {
            for (Iterator<String> names = allocations.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!name.matches("[0-9]{1,4}") || Integer.parseInt(name) >= Math.min(size, LARGEST)) {
                    throw json.broken("allocations", "no object of the block's addresses");
                }
                bits.set(Integer.parseInt(name));
            }
        }
        return new AllocatedAddresses(cidr, json.text("node"), bits);
    }

    /**
     * Tells whether an address is in use.
     *
     * @param address any
     * @return false also for one outside the block
     */
    public boolean has(IpAddress address) {
        return cidr.contains(address) && bits.get((int) address.minus(cidr.network()));
    }

    /**
     * Gives the addresses in use.
     *
     * @param each is given each of them
     */
    public void forEach(Consumer<IpAddress> each) {
        bits.stream().forEach(ordinal -> each.accept(cidr.network().plus(ordinal)));
    }
}
