package io.podnet.netlink.route;

/** Constants of linux/rtnetlink.h that callers need: tables, protocols, scopes, event types and multicast groups. */
public final class LinuxRtnetlink {
    /** A link was made or changed. */
    public static final int RTM_NEWLINK = 16;
    /** A link was deleted. */
    public static final int RTM_DELLINK = 17;
    /** An address was added or changed. */
    public static final int RTM_NEWADDR = 20;
    /** An address was deleted. */
    public static final int RTM_DELADDR = 21;
    /** A route was added or changed. */
    public static final int RTM_NEWROUTE = 24;
    /** A route was deleted. */
    public static final int RTM_DELROUTE = 25;
    /** A neighbour or forwarding entry was added or changed. */
    public static final int RTM_NEWNEIGH = 28;
    /** A neighbour or forwarding entry was deleted. */
    public static final int RTM_DELNEIGH = 29;
    /** A rule was added. */
    public static final int RTM_NEWRULE = 32;
    /** A rule was deleted. */
    public static final int RTM_DELRULE = 33;

    /** Multicast group of links. */
    public static final int RTNLGRP_LINK = 1;
    /** Multicast group of neighbours and forwarding entries. */
    public static final int RTNLGRP_NEIGH = 3;
    /** Multicast group of IPv4 addresses. */
    public static final int RTNLGRP_IPV4_IFADDR = 5;
    /** Multicast group of IPv4 routes. */
    public static final int RTNLGRP_IPV4_ROUTE = 7;
    /** Multicast group of IPv4 rules. */
    public static final int RTNLGRP_IPV4_RULE = 8;
    /** Multicast group of IPv6 addresses. */
    public static final int RTNLGRP_IPV6_IFADDR = 9;
    /** Multicast group of IPv6 routes. */
    public static final int RTNLGRP_IPV6_ROUTE = 11;
    /** Multicast group of IPv6 rules. */
    public static final int RTNLGRP_IPV6_RULE = 19;

    /** The main routing table. */
    public static final int RT_TABLE_MAIN = 254;
    /** The table of local and broadcast addresses, which the kernel keeps. */
    public static final int RT_TABLE_LOCAL = 255;

    /** Protocol of routes that the kernel made itself. */
    public static final int RTPROT_KERNEL = 2;
    /** Protocol of routes of an unnamed program. */
    public static final int RTPROT_BOOT = 3;
    /** Protocol of an administrator's routes. */
    public static final int RTPROT_STATIC = 4;

    /** Reaches everywhere. */
    public static final int RT_SCOPE_UNIVERSE = 0;
    /** Reaches the neighbours on a link. */
    public static final int RT_SCOPE_LINK = 253;
    /** Reaches this host. */
    public static final int RT_SCOPE_HOST = 254;

    private LinuxRtnetlink() {}
}
