package io.podnet.bridge;

import io.podnet.netlink.route.LinkAttributes;

/** Keeps the kernel from giving links IPv6 addresses of its own making, which would flood all other pods. */
final class AddressGeneration {
    private AddressGeneration() {}

    /**
     * Switches it off, where there is something to switch off: the kernel takes IPv6 away from a link whose MTU is too
     * small for it (addrconf_notify of net/ipv6/addrconf.c), and answers EAFNOSUPPORT to whoever speaks of it then.
     *
     * @param mtu what the link has when the attributes arrive
     * @return the attributes
     */
    static LinkAttributes off(LinkAttributes attributes, int mtu) {
        return mtu < MtuRule.LEAST_IPV6 ? attributes : attributes.noAddressGeneration();
    }
}
