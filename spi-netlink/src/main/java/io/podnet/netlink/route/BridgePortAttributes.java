package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;

/**
 * What is to be set on a bridge port. What is not mentioned stays as it is. The methods return this object; not
 * thread-safe.
 */
public final class BridgePortAttributes {
    static final int IFLA_BRPORT_MODE = 4;
    static final int IFLA_BRPORT_LEARNING = 8;
    static final int IFLA_BRPORT_UNICAST_FLOOD = 9;
    static final int IFLA_BRPORT_NEIGH_SUPPRESS = 32;
    static final int IFLA_BRPORT_ISOLATED = 33;

    /** Bit n is set where attribute n is to be set. Types stay below 64. */
    private long mentioned;

    private long values;

    private BridgePortAttributes() {}

    /**
     * Starts with nothing to set.
     *
     * @return a new object
     */
    public static BridgePortAttributes none() {
        return new BridgePortAttributes();
    }

    /**
     * Sets hairpin mode, which lets a pod reach itself through a service address.
     *
     * @param value whether packets may leave by the port that they came in by
     * @return this
     */
    public BridgePortAttributes hairpin(boolean value) {
        return set(IFLA_BRPORT_MODE, value);
    }

    /**
     * Sets learning.
     *
     * @param value whether source addresses are learned
     * @return this
     */
    public BridgePortAttributes learning(boolean value) {
        return set(IFLA_BRPORT_LEARNING, value);
    }

    /**
     * Sets flooding.
     *
     * @param value whether packets for unknown addresses are sent to the port
     * @return this
     */
    public BridgePortAttributes unicastFlood(boolean value) {
        return set(IFLA_BRPORT_UNICAST_FLOOD, value);
    }

    /**
     * Sets neighbour suppression.
     *
     * @param value whether the bridge answers ARP and neighbour discovery from its own entries
     * @return this
     */
    public BridgePortAttributes neighbourSuppression(boolean value) {
        return set(IFLA_BRPORT_NEIGH_SUPPRESS, value);
    }

    /**
     * Sets isolation.
     *
     * @param value whether the port can talk to ports that are not isolated only
     * @return this
     */
    public BridgePortAttributes isolated(boolean value) {
        return set(IFLA_BRPORT_ISOLATED, value);
    }

    private BridgePortAttributes set(int type, boolean value) {
        mentioned |= 1L << type;
        values = value ? values | 1L << type : values & ~(1L << type);
        return this;
    }

    void write(MessageWriter out) {
        for (long left = mentioned; left != 0; left &= left - 1) {
            int type = Long.numberOfTrailingZeros(left);
            out.attrU8(type, (int) (values >>> type & 1));
        }
    }
}
