package io.podnet.netlink.nftables;

import java.util.Locale;

/** The family of a table: which packets its chains can see. Numbers are NFPROTO_* of linux/netfilter.h. */
public enum Family {
    /** IPv4 and IPv6 together. */
    INET(1),
    /** IPv4. */
    IP(2),
    /** Frames that a bridge handles. */
    BRIDGE(7),
    /** IPv6. */
    IP6(10);

    private final int number;

    Family(int number) {
        this.number = number;
    }

    /**
     * Gives the kernel's number.
     *
     * @return NFPROTO_*
     */
    public int number() {
        return number;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
