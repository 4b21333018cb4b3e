package io.podnet.netlink.route;

import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import java.util.Optional;

/**
 * Which Ethernet address an IP address on a link has: an ARP or neighbour discovery entry.
 *
 * @param linkIndex interface index
 * @param address the IP address
 * @param mac its Ethernet address; empty where the kernel is still asking, or got no answer
 * @param state NUD_* (linux/neighbour.h)
 * @param flags NTF_*
 */
public record Neighbour(int linkIndex, IpAddress address, Optional<MacAddress> mac, int state, int flags) {
    /**
     * Makes an entry that stays until it is deleted.
     *
     * @param linkIndex interface index
     * @param address the IP address
     * @param mac its Ethernet address
     * @return the entry
     */
    public static Neighbour permanent(int linkIndex, IpAddress address, MacAddress mac) {
        return new Neighbour(linkIndex, address, Optional.of(mac), NdMsg.NUD_PERMANENT, 0);
    }

    /**
     * Tells whether it stays until it is deleted.
     *
     * @return NUD_PERMANENT
     */
    public boolean isPermanent() {
        return (state & NdMsg.NUD_PERMANENT) != 0;
    }

    /**
     * Tells whether nobody answered.
     *
     * @return NUD_FAILED
     */
    public boolean isFailed() {
        return (state & NdMsg.NUD_FAILED) != 0;
    }
}
