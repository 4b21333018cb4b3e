package io.podnet.overlay.model;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpFamily;
import java.util.Objects;

/**
 * By which address, link and MTU the node reaches others.
 *
 * @param address the node's address and the network on its link
 * @param device the link's name
 * @param mtu the link's MTU in bytes
 */
public record Underlay(InterfaceAddress address, String device, int mtu) {
    /** Outer Ethernet is the link's own; 20 bytes of IPv4, 8 of UDP, 8 of VXLAN, 14 of the inner Ethernet. */
    public static final int OVERHEAD_IPV4 = 50;
    /** The same with 40 bytes of IPv6. */
    public static final int OVERHEAD_IPV6 = 70;

    public Underlay {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(device, "device");
    }

    /**
     * Gives the family.
     *
     * @return the address's
     */
    public IpFamily family() {
        return address.address().family();
    }

    /**
     * Says what is left of a packet for the inner one.
     *
     * @param family of the outer packet
     * @param mtu of the outer packet in bytes
     * @return bytes of the inner packet
     */
    public static int inside(IpFamily family, int mtu) {
        return mtu - (family == IpFamily.IPV4 ? OVERHEAD_IPV4 : OVERHEAD_IPV6);
    }
}
