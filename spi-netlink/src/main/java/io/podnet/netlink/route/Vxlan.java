package io.podnet.netlink.route;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MessageWriter;
import java.util.Optional;

/**
 * A VXLAN tunnel end point (RFC 7348).
 *
 * @param id the network identifier, 0 to 2^24-1
 * @param port UDP port, 1 to 65535; 4789 by IANA, 8472 in flannel and Linux by tradition
 * @param local source address of outer packets; empty lets routing choose
 * @param deviceIndex the link that outer packets leave by, 0 for any
 * @param learning whether addresses are learned from packets; false where a control plane fills the forwarding table
 * @param udpChecksums whether outer UDP headers have a checksum; without, an IPv6 end point also takes packets without one
 *     (RFC 6935), so both ends must be the same
 */
public record Vxlan(
        int id, int port, Optional<IpAddress> local, int deviceIndex, boolean learning, boolean udpChecksums)
        implements LinkKind {
    /** Checks the ranges. */
    public Vxlan {
        if (id < 0 || id >= 1 << 24) {
            throw new PodnetException.Invalid("VXLAN id " + id + " is not in 0..16777215");
        }
        if (port < 1 || port > 0xffff) {
            throw new PodnetException.Invalid("VXLAN port " + port + " is not in 1..65535");
        }
    }

    /**
     * Makes an end point with outer checksums, which is the kernel's own choice.
     *
     * @param id the network identifier
     * @param port UDP port
     * @param local source address of outer packets; empty lets routing choose
     * @param deviceIndex the link that outer packets leave by, 0 for any
     * @param learning whether addresses are learned from packets
     */
    public Vxlan(int id, int port, Optional<IpAddress> local, int deviceIndex, boolean learning) {
        this(id, port, local, deviceIndex, learning, true);
    }

    /**
     * Leaves outer UDP checksums out: the inner packet has its own.
     *
     * @return a changed copy
     */
    public Vxlan withoutUdpChecksums() {
        return new Vxlan(id, port, local, deviceIndex, learning, false);
    }

    private boolean isIpv6() {
        return local.isPresent() && local.get().family() == IpFamily.IPV6;
    }

    @Override
    public String kind() {
        return "vxlan";
    }

    @Override
    public void writeData(MessageWriter out) {
        out.attrU32(IfLink.IFLA_VXLAN_ID, id);
        if (deviceIndex != 0) {
            out.attrU32(IfLink.IFLA_VXLAN_LINK, deviceIndex);
        }
        if (local.isPresent()) {
            out.attrAddress(isIpv6() ? IfLink.IFLA_VXLAN_LOCAL6 : IfLink.IFLA_VXLAN_LOCAL, local.get());
        }
        // Said explicitly: tools differ in what they take for the default.
        if (isIpv6()) {
            out.attrU8(IfLink.IFLA_VXLAN_UDP_ZERO_CSUM6_TX, udpChecksums ? 0 : 1)
                    .attrU8(IfLink.IFLA_VXLAN_UDP_ZERO_CSUM6_RX, udpChecksums ? 0 : 1);
        } else {
            out.attrU8(IfLink.IFLA_VXLAN_UDP_CSUM, udpChecksums ? 1 : 0);
        }
        out.attrU8(IfLink.IFLA_VXLAN_LEARNING, learning ? 1 : 0).attrBe16(IfLink.IFLA_VXLAN_PORT, port);
    }

    static Vxlan decode(AttributeReader data) {
        int id = 0;
        int port = 4789;
        int device = 0;
        boolean learning = false;
        boolean checksums4 = false;
        boolean checksums6 = true;
        Optional<IpAddress> local = Optional.empty();
        while (data.next()) {
            switch (data.type()) {
                case IfLink.IFLA_VXLAN_ID -> id = data.s32() & 0xffffff;
                case IfLink.IFLA_VXLAN_LINK -> device = data.s32();
                case IfLink.IFLA_VXLAN_LOCAL, IfLink.IFLA_VXLAN_LOCAL6 ->
                    local = Optional.of(data.address()).filter(address -> !address.isUnspecified());
                case IfLink.IFLA_VXLAN_LEARNING -> learning = data.u8() != 0;
                case IfLink.IFLA_VXLAN_UDP_CSUM -> checksums4 = data.u8() != 0;
                case IfLink.IFLA_VXLAN_UDP_ZERO_CSUM6_TX -> checksums6 = data.u8() == 0;
                case IfLink.IFLA_VXLAN_PORT -> port = Math.max(1, data.be16());
                default -> {
                    // Attributes that Podnet does not set.
                }
            }
        }
        boolean ipv6 = local.isPresent() && local.get().family() == IpFamily.IPV6;
        return new Vxlan(id, port, local, device, learning, ipv6 ? checksums6 : checksums4);
    }
}
