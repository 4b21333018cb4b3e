package io.podnet.overlay.address;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;
import java.io.IOException;
import java.util.BitSet;
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
    private static final JsonFactory JSON = new JsonFactory();
    private static final String NODE = "node";
    private static final String ALLOCATIONS = "allocations";

    /**
     * Reads a block. Every node reads every change of every block, so nothing but what is needed is made of it.
     *
     * @param entry an entry below a network's blocks
     * @return what of it matters for routing
     * @throws PodnetException where it is none
     */
    public static AllocatedAddresses of(Entry entry) {
        Cidr cidr = StoreKey.cidrOf(entry.key().name());
        int size = 1 << Math.min(12, cidr.family().bits() - cidr.prefixLength());
        BitSet bits = new BitSet(size);
        String node = "";
        try (JsonParser json = JSON.createParser(entry.value())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw broken(entry, "no JSON object");
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (field.equals(NODE) && value == JsonToken.VALUE_STRING) {
                    node = json.getText();
                } else if (field.equals(ALLOCATIONS) && value == JsonToken.START_OBJECT) {
                    allocations(json, entry, size, bits);
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("store entry " + entry.key() + " is no JSON", e);
        }
        if (node.isEmpty()) {
            throw broken(entry, "without a node");
        }
        return new AllocatedAddresses(cidr, node, bits);
    }

    private static void allocations(JsonParser json, Entry entry, int size, BitSet bits) throws IOException {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            int ordinal = ordinal(name);
            if (ordinal < 0 || ordinal >= size) {
                throw broken(entry, "no block: it has an allocation '" + name + "'");
            }
            bits.set(ordinal);
            json.nextToken();
            json.skipChildren();
        }
    }

    private static int ordinal(String name) {
        int number = name.isEmpty() || name.length() > 4 ? -1 : 0;
        for (int i = 0; i < name.length() && number >= 0; i++) {
            int digit = name.charAt(i) - '0';
            number = digit < 0 || digit > 9 ? -1 : number * 10 + digit;
        }
        return number;
    }

    private static PodnetException broken(Entry entry, String what) {
        return new PodnetException.StateFailure("store entry " + entry.key() + " is " + what, null);
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
