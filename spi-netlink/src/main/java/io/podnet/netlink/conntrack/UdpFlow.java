package io.podnet.netlink.conntrack;

import java.util.Objects;

/**
 * A tracked UDP flow. The kernel knows it again by {@code original}, {@code zone}, {@code originalZone} and {@code id}.
 *
 * @param original the first packet, as it was sent
 * @param reply the packets that answer it, as they are sent: their source is where the first packet was translated to
 * @param status IPS_* of linux/netfilter/nf_conntrack_common.h
 * @param id tells this flow from a later one with the same tuples, as long as the kernel gives that one other memory: it is
 *     a hash of both (nf_ct_get_id)
 * @param zone the zone of both directions, 0 to 65535; 0 is the usual one
 * @param originalZone the zone of the original direction where the two differ, 0 to 65535
 */
public record UdpFlow(FlowTuple original, FlowTuple reply, int status, int id, int zone, int originalZone) {
    /** Status bit: the source was translated. */
    public static final int IPS_SRC_NAT = 1 << 4;
    /** Status bit: the destination was translated. */
    public static final int IPS_DST_NAT = 1 << 5;

    public UdpFlow {
        Objects.requireNonNull(original, "original");
        Objects.requireNonNull(reply, "reply");
    }

    /** Tells whether the flow goes through this host to somebody else, with its source alone translated. */
    boolean isPassingThrough() {
        return (status & (IPS_SRC_NAT | IPS_DST_NAT)) == IPS_SRC_NAT;
    }

    @Override
    public String toString() {
        return "UDP flow " + original + (zone == 0 ? "" : " in zone " + zone);
    }
}
