package io.podnet.overlay.network;

import io.podnet.api.Cidr;
import io.podnet.spi.StoreKey;

/**
 * Where a network's entries are.
 *
 * @param root above all of them
 */
public record NetworkKeys(StoreKey root) {
    /**
     * Gives a network's keys.
     *
     * @param network the network's name, an RFC 1123 subdomain
     * @return the keys
     * @throws io.podnet.api.PodnetException.Invalid where the name is none
     */
    public static NetworkKeys of(String network) {
        return new NetworkKeys(StoreKey.of("net", network));
    }

    /**
     * Gives the place of what all nodes must agree on.
     *
     * @return {@code net/<network>/config}
     */
    public StoreKey config() {
        return root.child("config");
    }

    /**
     * Gives the parent of all signs of life of those who hand addresses out.
     *
     * @return {@code net/<network>/ipam}
     */
    public StoreKey allocators() {
        return root.child("ipam");
    }

    /**
     * Gives the parent of all nodes' records.
     *
     * @return {@code net/<network>/node}
     */
    public StoreKey nodes() {
        return root.child("node");
    }

    /**
     * Gives the parent of all signs of life of nodes that forward.
     *
     * @return {@code net/<network>/alive}
     */
    public StoreKey alive() {
        return root.child("alive");
    }

    /**
     * Gives the parent of what nodes want acknowledged.
     *
     * @return {@code net/<network>/await}
     */
    public StoreKey awaits() {
        return root.child("await");
    }

    /**
     * Gives the parent of the acknowledgements for a node.
     *
     * @param node the name of the node that waits
     * @return {@code net/<network>/ack/<node>}
     */
    public StoreKey acks(String node) {
        return root.child("ack").child(node);
    }

    /**
     * Gives the parent of all subnet leases.
     *
     * @return {@code net/<network>/subnet}
     */
    public StoreKey subnets() {
        return root.child("subnet");
    }

    /**
     * Gives the parent of all affinities.
     *
     * @return {@code net/<network>/affinity}
     */
    public StoreKey affinities() {
        return root.child("affinity");
    }

    /**
     * Gives the parent of a node's affinities.
     *
     * @param node the node's name
     * @return {@code net/<network>/affinity/<node>}
     */
    public StoreKey affinities(String node) {
        return affinities().child(node);
    }

    /**
     * Gives the place of a node's affinity to a block.
     *
     * @param node the node's name
     * @param block the block
     * @return {@code net/<network>/affinity/<node>/<block>}
     */
    public StoreKey affinity(String node, Cidr block) {
        return affinities(node).child(StoreKey.segmentOf(block));
    }

    /**
     * Gives the parent of all blocks.
     *
     * @return {@code net/<network>/block}
     */
    public StoreKey blocks() {
        return root.child("block");
    }

    /**
     * Gives a block's place.
     *
     * @param block the block
     * @return {@code net/<network>/block/<block>}
     */
    public StoreKey block(Cidr block) {
        return blocks().child(StoreKey.segmentOf(block));
    }
}
