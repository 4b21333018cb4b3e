package io.podnet.netlink.traffic;

/** Constants of linux/pkt_sched.h, linux/pkt_cls.h, linux/tc_act/tc_mirred.h and linux/rtnetlink.h. */
final class LinuxTc {
    static final int RTM_NEWQDISC = 36;
    static final int RTM_DELQDISC = 37;
    static final int RTM_GETQDISC = 38;
    static final int RTM_NEWTFILTER = 44;
    static final int RTM_DELTFILTER = 45;
    static final int RTM_GETTFILTER = 46;
    static final int TCMSG_LENGTH = 20;

    static final int TCA_KIND = 1;
    static final int TCA_OPTIONS = 2;

    static final int TC_H_ROOT = 0xffffffff;
    static final int TC_H_INGRESS = 0xfffffff1;
    static final int INGRESS_HANDLE = 0xffff0000;

    static final int TCA_TBF_PARMS = 1;
    static final int TCA_TBF_RTAB = 2;
    static final int TCA_TBF_RATE64 = 4;
    static final int TCA_TBF_BURST = 6;

    static final int TCA_U32_CLASSID = 1;
    static final int TCA_U32_SEL = 5;
    static final int TCA_U32_ACT = 7;
    static final int TC_U32_TERMINAL = 1;

    static final int TCA_ACT_KIND = 1;
    static final int TCA_ACT_OPTIONS = 2;
    static final int TCA_MIRRED_PARMS = 2;
    static final int TCA_EGRESS_REDIR = 1;
    static final int TC_ACT_STOLEN = 4;

    static final int ETH_P_ALL = 3;

    private LinuxTc() {}
}
