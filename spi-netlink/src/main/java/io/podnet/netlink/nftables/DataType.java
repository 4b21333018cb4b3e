package io.podnet.netlink.nftables;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a field of a set's key or value means. The kernel only keeps the number; nft prints by it. Numbers are those of
 * nft's {@code enum datatypes}; a concatenation's number has six bits for each field.
 */
public enum DataType {
    /** An IPv4 address. */
    IPV4_ADDR(7, 4, 2),
    /** An IPv6 address. */
    IPV6_ADDR(8, 16, 2),
    /** An Ethernet address. */
    ETHER_ADDR(9, 6, 2),
    /** An IP protocol's number. */
    INET_PROTO(12, 1, 2),
    /** A port. */
    INET_SERVICE(13, 2, 2),
    /** A packet mark. */
    MARK(19, 4, 1),
    /** An interface's name. */
    IFNAME(41, 16, 1);

    private static final int FIELD_BITS = 6;

    private final int number;
    private final int bytes;
    private final int byteOrder;

    DataType(int number, int bytes, int byteOrder) {
        this.number = number;
        this.bytes = bytes;
        this.byteOrder = byteOrder;
    }

    /**
     * Gives the field's width.
     *
     * @return bytes, without padding
     */
    public int bytes() {
        return bytes;
    }

    /** Gives nft's enum byteorder: 1 the host's, 2 the network's. */
    int byteOrder() {
        return byteOrder;
    }

    static int numberOf(List<DataType> fields) {
        int number = 0;
        for (DataType field : fields) {
            number = number << FIELD_BITS | field.number;
        }
        return number;
    }

    static int lengthOf(List<DataType> fields) {
        if (fields.size() == 1) {
            return fields.get(0).bytes;
        }
        return fields.stream()
                .mapToInt(field -> RegisterData.padded(field.bytes))
                .sum();
    }

    /** Reads a number back; an unknown field gives an empty list. */
    static List<DataType> ofNumber(int number) {
        List<DataType> fields = new ArrayList<>();
        for (int rest = number; rest != 0; rest >>>= FIELD_BITS) {
            DataType found = find(rest & (1 << FIELD_BITS) - 1);
            if (found == null) {
                return List.of();
            }
            fields.add(0, found);
        }
        return fields;
    }

    private static @Nullable DataType find(int number) {
        for (DataType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return null;
    }
}
