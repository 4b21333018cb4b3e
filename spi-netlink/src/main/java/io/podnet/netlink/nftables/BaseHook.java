package io.podnet.netlink.nftables;

import java.util.Locale;
import java.util.Objects;

/**
 * Where packets enter a base chain.
 *
 * @param type what its rules may do
 * @param point where in the packet's way
 * @param priority order among the chains of the point, lower first
 * @param accept true where what reaches the chain's end goes on, false where it is dropped
 */
public record BaseHook(Type type, Point point, int priority, boolean accept) {
    public BaseHook {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(point, "point");
    }

    /** What the rules of a base chain may do. */
    public enum Type {
        /** Sees every packet. */
        FILTER,
        /** Sees the first packet of a connection and may translate its addresses. */
        NAT;

        /**
         * Gives the kernel's name.
         *
         * @return lower case
         */
        public String kernelName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** NF_INET_* and NF_BR_*, which have the same numbers. */
    public enum Point {
        /** Before the route is chosen, or before the bridge looks up its port. */
        PREROUTING(0),
        /** To this host. */
        INPUT(1),
        /** Through this host. */
        FORWARD(2),
        /** From this host. */
        OUTPUT(3),
        /** After the route is chosen. */
        POSTROUTING(4);

        private final int number;

        Point(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }
}
