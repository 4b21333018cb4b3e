package io.podnet.netlink.route;

/** Constants of struct rtmsg and its attributes, linux/rtnetlink.h. */
final class RtMsg {
    static final int RTM_GETROUTE = 26;
    static final int RTMSG_LENGTH = 12;

    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_PRIORITY = 6;
    static final int RTA_PREFSRC = 7;
    static final int RTA_METRICS = 8;
    static final int RTA_MULTIPATH = 9;
    static final int RTA_TABLE = 15;
    static final int RTAX_MTU = 2;

    static final int RTNH_F_ONLINK = 4;
    static final int RTM_F_CLONED = 0x200;
    static final int RTM_F_LOOKUP_TABLE = 0x1000;
    static final int RT_SCOPE_NOWHERE = 255;
    static final int RT_TABLE_UNSPEC = 0;

    private RtMsg() {}
}
