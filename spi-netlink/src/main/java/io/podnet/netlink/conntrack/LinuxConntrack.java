package io.podnet.netlink.conntrack;

import io.podnet.netlink.socket.LinuxNfnetlink;

/** Constants of linux/netfilter/nfnetlink_conntrack.h and nf_conntrack_common.h. */
final class LinuxConntrack {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int IPPROTO_UDP = 17;

    static final int IPCTNL_MSG_CT_GET = 1;
    static final int IPCTNL_MSG_CT_DELETE = 2;

    static final int CTA_TUPLE_ORIG = 1;
    static final int CTA_TUPLE_REPLY = 2;
    static final int CTA_STATUS = 3;
    static final int CTA_ID = 12;
    static final int CTA_ZONE = 18;
    static final int CTA_FILTER = 25;
    static final int CTA_FILTER_ORIG_FLAGS = 1;
    static final int CTA_FILTER_REPLY_FLAGS = 2;
    /** Which fields of the tuple count: bits by order of CTA_IP_SRC, CTA_IP_DST, CTA_TUPLE_ZONE, CTA_PROTO_NUM, ... */
    static final int CTA_FILTER_PROTO_NUM = 1 << 3;

    static final int CTA_FILTER_DST_PORT = 1 << 5;

    static final int CTA_TUPLE_IP = 1;
    static final int CTA_TUPLE_PROTO = 2;
    static final int CTA_TUPLE_ZONE = 3;
    static final int CTA_IP_V4_SRC = 1;
    static final int CTA_IP_V4_DST = 2;
    static final int CTA_IP_V6_SRC = 3;
    static final int CTA_IP_V6_DST = 4;
    static final int CTA_PROTO_NUM = 1;
    static final int CTA_PROTO_SRC_PORT = 2;
    static final int CTA_PROTO_DST_PORT = 3;

    private LinuxConntrack() {}

    static int type(int message) {
        return LinuxNfnetlink.NFNL_SUBSYS_CTNETLINK << 8 | message;
    }
}
