package io.podnet.netlink.route;

/** RFC 2863 operational state, in the kernel's order (linux/if.h IF_OPER_*). */
public enum OperState {
    /** The driver does not tell; a loopback stays so. */
    UNKNOWN,
    /** The hardware is missing. */
    NOTPRESENT,
    /** Down. */
    DOWN,
    /** The interface below is down. */
    LOWERLAYERDOWN,
    /** In a test mode. */
    TESTING,
    /** Waits for something outside. */
    DORMANT,
    /** Passes packets. */
    UP;

    static OperState of(int number) {
        OperState[] all = values();
        return number < all.length ? all[number] : UNKNOWN;
    }
}
