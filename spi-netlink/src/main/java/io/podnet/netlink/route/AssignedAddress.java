package io.podnet.netlink.route;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpFamily;

/**
 * An address on a link.
 *
 * @param linkIndex interface index
 * @param address address with prefix length
 * @param flags IFA_F_* (linux/if_addr.h)
 * @param scope RT_SCOPE_*
 */
public record AssignedAddress(int linkIndex, InterfaceAddress address, int flags, int scope) {
    private static final int IFA_F_NODAD = 0x02;
    private static final int IFA_F_DADFAILED = 0x08;
    private static final int IFA_F_TENTATIVE = 0x40;
    private static final int IFA_F_NOPREFIXROUTE = 0x200;

    /**
     * Makes an address with the scope that it has by nature. An IPv6 address is usable at once: it is not probed for
     * duplicates, since whoever hands addresses out knows that there are none.
     *
     * @param linkIndex interface index
     * @param address address with prefix length
     * @return the address
     */
    public static AssignedAddress of(int linkIndex, InterfaceAddress address) {
        int scope = address.address().isLoopback()
                ? LinuxRtnetlink.RT_SCOPE_HOST
                : address.address().isLinkLocal() ? LinuxRtnetlink.RT_SCOPE_LINK : LinuxRtnetlink.RT_SCOPE_UNIVERSE;
        int flags = address.address().family() == IpFamily.IPV6 ? IFA_F_NODAD : 0;
        return new AssignedAddress(linkIndex, address, flags, scope);
    }

    /**
     * Leaves out the route to the prefix that the kernel makes otherwise.
     *
     * @return a changed copy
     */
    public AssignedAddress withoutPrefixRoute() {
        return new AssignedAddress(linkIndex, address, flags | IFA_F_NOPREFIXROUTE, scope);
    }

    /**
     * Has an IPv6 address probed for duplicates before it is used.
     *
     * @return a changed copy
     */
    public AssignedAddress withDuplicateDetection() {
        return new AssignedAddress(linkIndex, address, flags & ~IFA_F_NODAD, scope);
    }

    /**
     * Tells whether an IPv6 address is still being probed and so can not be used.
     *
     * @return IFA_F_TENTATIVE
     */
    public boolean isTentative() {
        return (flags & IFA_F_TENTATIVE) != 0;
    }

    /**
     * Tells whether somebody else has this IPv6 address.
     *
     * @return IFA_F_DADFAILED
     */
    public boolean isDuplicate() {
        return (flags & IFA_F_DADFAILED) != 0;
    }
}
