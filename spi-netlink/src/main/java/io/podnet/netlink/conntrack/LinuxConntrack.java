package io.podnet.netlink.conntrack;

import io.podnet.netlink.socket.LinuxNfnetlink;

/** Constants of linux/netfilter/nfnetlink_conntrack.h and nf_conntrack_common.h. */
final class LinuxConntrack {
    static final int IPCTNL_MSG_CT_GET = 1;
    static final int IPCTNL_MSG_CT_DELETE = 2;

    static final int CTA_TUPLE_ORIG = 1;
    static final int CTA_STATUS = 3;
    static final int CTA_ID = 12;
    static final int CTA_ZONE = 18;
    static final int CTA_FILTER = 25;
    static final int CTA_FILTER_ORIG_FLAGS = 1;
    static final int CTA_FILTER_REPLY_FLAGS = 2;
    /** Which fields of the tuple count: bits by order of CTA_IP_SRC, CTA_IP_DST, CTA_TUPLE_ZONE, CTA_PROTO_NUM, ... */
    static final int CTA_FILTER_PROTO_NUM = 1 << 3;

    static final int CTA_FILTER_DST_PORT = 1 << 5;

    static final int CTA_TUPLE_PROTO = 2;
    static final int CTA_PROTO_NUM = 1;
    static final int CTA_PROTO_DST_PORT = 3;

    static final int IPS_SRC_NAT = 1 << 4;
    static final int IPS_DST_NAT = 1 << 5;

    private LinuxConntrack() {}

    static int type(int message) {
        return LinuxNfnetlink.NFNL_SUBSYS_CTNETLINK << 8 | message;
    }
}
