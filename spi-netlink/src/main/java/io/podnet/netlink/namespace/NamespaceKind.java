package io.podnet.netlink.namespace;

/** Kinds of namespace, with the numbers of include/uapi/linux/sched.h. */
public enum NamespaceKind {
    /** Network devices, addresses, routes, sockets, firewall. */
    NET(0x40000000, "net"),
    /** System V IPC and POSIX message queues. */
    IPC(0x08000000, "ipc"),
    /** Host name and NIS domain name. */
    UTS(0x04000000, "uts"),
    /** Mount points. */
    MNT(0x00020000, "mnt");

    private final int cloneFlag;
    private final String procName;

    NamespaceKind(int cloneFlag, String procName) {
        this.cloneFlag = cloneFlag;
        this.procName = procName;
    }

    /**
     * Gives the flag for clone, unshare and setns, which is also the answer of the NS_GET_NSTYPE ioctl.
     *
     * @return CLONE_NEW*
     */
    public int cloneFlag() {
        return cloneFlag;
    }

    /**
     * Gives the entry below /proc/PID/ns.
     *
     * @return for example {@code net}
     */
    public String procName() {
        return procName;
    }
}
