package io.podnet.bridge.firewall;

import io.podnet.netlink.nftables.SetElement;
import io.podnet.netlink.nftables.Table;

/**
 * One element that a pod has in one of the sets.
 *
 * @param place which set
 * @param element key, value, and the owner as comment
 * @param key the key as nft writes it
 * @param value the value as nft writes it; empty in a set
 */
record PodElement(Place place, SetElement element, String key, String value) {
    /** The kernel's word for such an object. */
    static final String KIND = "set element";

    /**
     * A set or map.
     *
     * @param table its table
     * @param set its name
     */
    record Place(Table table, String set) {
        @Override
        public String toString() {
            return table + " " + set;
        }
    }

    /** Whether it leads a port of the node to the pod. */
    boolean isHostPort() {
        return element.data().length() > 0;
    }

    String name() {
        return place + " { " + key + " }";
    }

    /** What a reader should see of an element in the same place. */
    String described() {
        return (value.isEmpty() ? "" : value + ", ") + "owner " + element.comment();
    }
}
