package io.podnet.netlink.nftables;

import java.util.List;

/**
 * A named set or map.
 *
 * @param name its name, unique in the table
 * @param key the fields of its keys, at least one; several make a concatenation
 * @param data the fields of its values; empty for a set
 * @param interval true where elements are ranges of keys
 */
public record NftSet(String name, List<DataType> key, List<DataType> data, boolean interval) {
    public NftSet {
        NftNames.check("set", name);
        key = List.copyOf(key);
        data = List.copyOf(data);
    }

    /**
     * Makes a set of single keys.
     *
     * @param name its name
     * @param key the fields of its keys
     * @return the set
     */
    public static NftSet of(String name, DataType... key) {
        return new NftSet(name, List.of(key), List.of(), false);
    }

    /**
     * Makes a set of ranges.
     *
     * @param name its name
     * @param key the only field of its keys
     * @return the set
     */
    public static NftSet ranges(String name, DataType key) {
        return new NftSet(name, List.of(key), List.of(), true);
    }

    /**
     * Makes a map of single keys.
     *
     * @param name its name
     * @param key the fields of its keys
     * @param data the fields of its values
     * @return the map
     */
    public static NftSet map(String name, List<DataType> key, List<DataType> data) {
        return new NftSet(name, key, data, false);
    }
}
