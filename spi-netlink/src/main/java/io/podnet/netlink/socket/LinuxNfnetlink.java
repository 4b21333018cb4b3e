package io.podnet.netlink.socket;

/** Constants of linux/netfilter/nfnetlink.h. */
public final class LinuxNfnetlink {
    /** Subsystem number of nf_tables, the upper byte of its message types. */
    public static final int NFNL_SUBSYS_NFTABLES = 10;
    /** Subsystem number of conntrack. */
    public static final int NFNL_SUBSYS_CTNETLINK = 1;
    /** Multicast group of changes to nf_tables. */
    public static final int NFNLGRP_NFTABLES = 7;
    /** Starts a transaction. */
    public static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    /** Ends a transaction, which commits it. */
    public static final int NFNL_MSG_BATCH_END = 0x11;
    /** Generation that the transaction expects, in BATCH_BEGIN. */
    public static final int NFNL_BATCH_GENID = 1;
    /** Version in struct nfgenmsg. */
    public static final int NFNETLINK_V0 = 0;
    /** Bytes of struct nfgenmsg: family, version, resource id in network byte order. */
    public static final int NFGENMSG_LENGTH = 4;

    private LinuxNfnetlink() {}
}
