package io.podnet.netlink.route;

/** What a route does with a packet, with the kernel's numbers (linux/rtnetlink.h RTN_*). */
public enum RouteType {
    /** Not said; deletes and lists match any. */
    UNSPEC(0),
    /** Sent on, or to a neighbour. */
    UNICAST(1),
    /** Taken in. */
    LOCAL(2),
    /** Taken in, and sent as broadcast. */
    BROADCAST(3),
    /** Taken in as one of many. */
    ANYCAST(4),
    /** To a group. */
    MULTICAST(5),
    /** Dropped in silence. */
    BLACKHOLE(6),
    /** Dropped with "destination unreachable". */
    UNREACHABLE(7),
    /** Dropped with "administratively prohibited". */
    PROHIBIT(8),
    /** Looked up in the next table. */
    THROW(9);

    private final int number;

    RouteType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static RouteType of(int number) {
        for (RouteType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return UNSPEC;
    }
}
