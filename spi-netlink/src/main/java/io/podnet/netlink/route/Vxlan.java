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
 */
public record Vxlan(int id, int port, Optional<IpAddress> local, int deviceIndex, boolean learning)
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
            boolean v4 = local.get().family() == IpFamily.IPV4;
            out.attrAddress(v4 ? IfLink.IFLA_VXLAN_LOCAL : IfLink.IFLA_VXLAN_LOCAL6, local.get());
        }
        out.attrU8(IfLink.IFLA_VXLAN_LEARNING, learning ? 1 : 0).attrBe16(IfLink.IFLA_VXLAN_PORT, port);
    }

    static Vxlan decode(AttributeReader data) {
        int id = 0;
        int port = 4789;
        int device = 0;
        boolean learning = false;
        Optional<IpAddress> local = Optional.empty();
        while (data.next()) {
            switch (data.type()) {
                case IfLink.IFLA_VXLAN_ID -> id = data.s32() & 0xffffff;
                case IfLink.IFLA_VXLAN_LINK -> device = data.s32();
                case IfLink.IFLA_VXLAN_LOCAL, IfLink.IFLA_VXLAN_LOCAL6 ->
                    local = Optional.of(data.address()).filter(address -> !address.isUnspecified());
                case IfLink.IFLA_VXLAN_LEARNING -> learning = data.u8() != 0;
                case IfLink.IFLA_VXLAN_PORT -> port = Math.max(1, data.be16());
                default -> {
                    // Attributes that Podnet does not set.
                }
            }
        }
        return new Vxlan(id, port, local, device, learning);
    }
}
