package io.podnet.netlink.codec;

/** Constants of linux/netlink.h that every message family shares. */
public final class LinuxNetlink {
    /** Protocol of links, addresses, routes, neighbours, rules and traffic control. */
    public static final int NETLINK_ROUTE = 0;
    /** Protocol of nf_tables, conntrack and the other netfilter subsystems. */
    public static final int NETLINK_NETFILTER = 12;

    /** A request to the kernel. */
    public static final int NLM_F_REQUEST = 0x1;
    /** One of several messages that NLMSG_DONE ends. */
    public static final int NLM_F_MULTI = 0x2;
    /** Asks for an acknowledgement also on success. */
    public static final int NLM_F_ACK = 0x4;
    /** Asks for the resulting object as a notification to the requester. */
    public static final int NLM_F_ECHO = 0x8;
    /** The dump is inconsistent, because the table changed under it. */
    public static final int NLM_F_DUMP_INTR = 0x10;
    /** The dump was filtered as the request asked. */
    public static final int NLM_F_DUMP_FILTERED = 0x20;
    /** GET: from the table's start. */
    public static final int NLM_F_ROOT = 0x100;
    /** GET: all that match. */
    public static final int NLM_F_MATCH = 0x200;
    /** GET: the whole table. */
    public static final int NLM_F_DUMP = NLM_F_ROOT | NLM_F_MATCH;
    /** NEW: override what exists. */
    public static final int NLM_F_REPLACE = 0x100;
    /** NEW: refuse where it exists. */
    public static final int NLM_F_EXCL = 0x200;
    /** NEW: create where it does not exist. */
    public static final int NLM_F_CREATE = 0x400;
    /** NEW: add at the end of the list. */
    public static final int NLM_F_APPEND = 0x800;
    /** DEL: do not delete recursively. */
    public static final int NLM_F_NONREC = 0x100;
    /** NLMSG_ERROR: only the header of the refused request is echoed. */
    public static final int NLM_F_CAPPED = 0x100;
    /** NLMSG_ERROR, NLMSG_DONE: attributes of an extended acknowledgement follow. */
    public static final int NLM_F_ACK_TLVS = 0x200;

    /** Nothing, to be skipped. */
    public static final int NLMSG_NOOP = 1;
    /** An error, or with error number 0 an acknowledgement. */
    public static final int NLMSG_ERROR = 2;
    /** The end of a dump. */
    public static final int NLMSG_DONE = 3;
    /** Data were lost. */
    public static final int NLMSG_OVERRUN = 4;

    /** Bytes of struct nlmsghdr. */
    public static final int NLMSG_HDRLEN = 16;
    /** Bytes of struct nlattr. */
    public static final int NLA_HDRLEN = 4;
    /** Marks an attribute that holds attributes. */
    public static final int NLA_F_NESTED = 0x8000;
    /** Marks an attribute in network byte order. */
    public static final int NLA_F_NET_BYTEORDER = 0x4000;
    /** The type without the two marks. */
    public static final int NLA_TYPE_MASK = 0x3fff;

    /** Extended acknowledgement: text. */
    public static final int NLMSGERR_ATTR_MSG = 1;
    /** Extended acknowledgement: where in the request the bad attribute starts. */
    public static final int NLMSGERR_ATTR_OFFS = 2;
    /** Extended acknowledgement: the policy that a bad attribute failed. */
    public static final int NLMSGERR_ATTR_POLICY = 4;
    /** Extended acknowledgement: type of a required attribute that is missing. */
    public static final int NLMSGERR_ATTR_MISS_TYPE = 5;

    private LinuxNetlink() {}

    /**
     * Rounds up to the alignment of messages and attributes.
     *
     * @param length bytes, 0 or more
     * @return the next multiple of 4
     */
    public static int align(int length) {
        return (length + 3) & ~3;
    }
}
