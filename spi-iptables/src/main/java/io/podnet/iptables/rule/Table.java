package io.podnet.iptables.rule;

import java.util.Locale;

/** A table of iptables that Podnet writes to. */
public enum Table {
    /** Decides whether a packet passes. */
    FILTER,
    /** Translates addresses, by a flow's first packet. */
    NAT;

    /**
     * Gives the kernel's name.
     *
     * @return for example {@code nat}
     */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
