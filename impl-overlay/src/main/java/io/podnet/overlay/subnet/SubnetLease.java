package io.podnet.overlay.subnet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.Cidr;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;
import java.util.Objects;

/**
 * A node's lease of a subnet, as it is in the store.
 *
 * @param subnet the subnet
 * @param node whose it is
 * @param token the fencing token of the session that wrote it last
 * @param reserved whether it stays when the node's session ends (flannel's reservation)
 * @param entry what was read or written
 */
public record SubnetLease(Cidr subnet, String node, long token, boolean reserved, Entry entry) {
    private static final String NODE = "node";
    private static final String TOKEN = "token";
    private static final String RESERVED = "reserved";

    public SubnetLease {
        Objects.requireNonNull(subnet, "subnet");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(entry, "entry");
    }

    /**
     * Reads a lease.
     *
     * @param entry an entry below a network's subnets
     * @return the lease
     * @throws io.podnet.api.PodnetException.StateFailure where it is none
     */
    public static SubnetLease of(Entry entry) {
        StoredJson json = StoredJson.of(entry);
        return new SubnetLease(
                StoreKey.cidrOf(entry.key().name()),
                json.text(NODE),
                json.number(TOKEN),
                json.object().path(RESERVED).asBoolean(),
                entry);
    }

    static String write(ObjectNode before, String node, long token, boolean reserved) {
        ObjectNode json = before.deepCopy().put(NODE, node).put(TOKEN, token);
        json.remove(RESERVED);
        return reserved ? json.put(RESERVED, true).toString() : json.toString();
    }
}
