package io.podnet.netlink.route;

/** Constants of linux/neighbour.h. */
final class NdMsg {
    static final int RTM_GETNEIGH = 30;
    static final int NDMSG_LENGTH = 12;

    static final int NDA_DST = 1;
    static final int NDA_LLADDR = 2;
    static final int NDA_VLAN = 5;
    static final int NDA_IFINDEX = 8;
    static final int NDA_MASTER = 9;

    static final int NUD_FAILED = 0x20;
    static final int NUD_NOARP = 0x40;
    static final int NUD_PERMANENT = 0x80;

    static final int NTF_SELF = 0x02;
    static final int NTF_MASTER = 0x04;
    static final int NTF_EXT_LEARNED = 0x10;

    private NdMsg() {}
}
