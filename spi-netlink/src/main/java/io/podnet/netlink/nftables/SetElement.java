package io.podnet.netlink.nftables;

import java.util.Objects;

/**
 * An element of a set or map. In a set of ranges over one field a range is two elements: its first key, and the key
 * behind its last marked as an end.
 *
 * @param key the key
 * @param keyEnd the last key of a range in a set of ranges over several fields; otherwise {@link RegisterData#NONE}
 * @param data the value in a map; otherwise {@link RegisterData#NONE}
 * @param end true where the key is the first behind a range
 * @param comment what nft prints as comment, at most {@link UserData#LONGEST} bytes; may be empty
 */
public record SetElement(RegisterData key, RegisterData keyEnd, RegisterData data, boolean end, String comment) {
    public SetElement {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(keyEnd, "keyEnd");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(comment, "comment");
    }

    /**
     * Makes an element of a set.
     *
     * @param key its key
     * @param comment what nft prints as comment; may be empty
     * @return the element
     */
    public static SetElement of(RegisterData key, String comment) {
        return new SetElement(key, RegisterData.NONE, RegisterData.NONE, false, comment);
    }

    /**
     * Makes an element of a map.
     *
     * @param key its key
     * @param data its value
     * @param comment what nft prints as comment; may be empty
     * @return the element
     */
    public static SetElement of(RegisterData key, RegisterData data, String comment) {
        return new SetElement(key, RegisterData.NONE, data, false, comment);
    }

    /**
     * Makes the element that ends a range.
     *
     * @param key the first key behind the range
     * @return the element
     */
    public static SetElement rangeEnd(RegisterData key) {
        return new SetElement(key, RegisterData.NONE, RegisterData.NONE, true, "");
    }
}
