package io.podnet.netlink.route;

import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import java.util.Optional;

/**
 * A forwarding entry: by which port of a bridge, or to which tunnel end point of a VXLAN, an Ethernet address is reached.
 *
 * @param linkIndex interface index of the bridge's port or of the VXLAN
 * @param mac the Ethernet address; all zero in a VXLAN for addresses without an entry of their own
 * @param destination the tunnel end point's address, in a VXLAN
 * @param masterIndex the bridge, 0 in a VXLAN's own table
 * @param vlan VLAN id, 0 for none
 * @param state NUD_* (linux/neighbour.h)
 * @param flags NTF_*: NTF_SELF for the link's own table, NTF_MASTER for its bridge's
 */
public record FdbEntry(
        int linkIndex,
        MacAddress mac,
        Optional<IpAddress> destination,
        int masterIndex,
        int vlan,
        int state,
        int flags) {
    /**
     * Makes a permanent entry of a VXLAN's own table.
     *
     * @param linkIndex interface index of the VXLAN
     * @param mac Ethernet address of the far tunnel end point
     * @param destination its IP address
     * @return the entry
     */
    public static FdbEntry tunnel(int linkIndex, MacAddress mac, IpAddress destination) {
        return new FdbEntry(linkIndex, mac, Optional.of(destination), 0, 0, NdMsg.NUD_PERMANENT, NdMsg.NTF_SELF);
    }

    /**
     * Makes an entry of a bridge's table that does not age and that learning does not move.
     *
     * @param linkIndex interface index of the port
     * @param mac an Ethernet address behind it
     * @return the entry
     */
    public static FdbEntry port(int linkIndex, MacAddress mac) {
        return new FdbEntry(linkIndex, mac, Optional.empty(), 0, 0, NdMsg.NUD_NOARP, NdMsg.NTF_MASTER);
    }

    /**
     * Marks the entry as a control plane's (NTF_EXT_LEARNED): it does not age.
     *
     * @return a changed copy
     */
    public FdbEntry externallyLearned() {
        return new FdbEntry(linkIndex, mac, destination, masterIndex, vlan, state, flags | NdMsg.NTF_EXT_LEARNED);
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
     * Tells whether a control plane made it.
     *
     * @return NTF_EXT_LEARNED
     */
    public boolean isExternallyLearned() {
        return (flags & NdMsg.NTF_EXT_LEARNED) != 0;
    }
}
