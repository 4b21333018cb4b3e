package io.podnet.netlink.route;

import io.podnet.api.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A link as the kernel shows it.
 *
 * @param index interface index, unique in its namespace
 * @param name interface name
 * @param kind IFLA_INFO_KIND, for example {@code veth}; empty for hardware and loopback
 * @param mac Ethernet address; empty where the link has none
 * @param mtu bytes of the largest packet
 * @param flags IFF_*
 * @param operState operational state
 * @param masterIndex the bridge or other link that this is a port of, 0 for none
 * @param group IFLA_GROUP, 0 by default
 * @param alias IFLA_IFALIAS, empty where there is none
 * @param peerIndex IFLA_LINK: index of a veth's other end in its namespace, or of the link below; 0 for none
 * @param peerNamespaceId id of the namespace that the peer index belongs to, where that is another
 * @param vxlan settings of a VXLAN
 */
public record Link(
        int index,
        String name,
        String kind,
        Optional<MacAddress> mac,
        int mtu,
        int flags,
        OperState operState,
        int masterIndex,
        int group,
        String alias,
        int peerIndex,
        OptionalInt peerNamespaceId,
        Optional<Vxlan> vxlan) {
    /**
     * Tells whether it is set up, which does not say that it passes packets.
     *
     * @return IFF_UP
     */
    public boolean isUp() {
        return (flags & IfLink.IFF_UP) != 0;
    }

    /**
     * Tells whether it is up and has a carrier.
     *
     * @return IFF_RUNNING
     */
    public boolean isRunning() {
        return (flags & IfLink.IFF_RUNNING) != 0;
    }

    /**
     * Tells whether it was set promiscuous; a bridge makes its ports so without this flag.
     *
     * @return IFF_PROMISC
     */
    public boolean isPromiscuous() {
        return (flags & IfLink.IFF_PROMISC) != 0;
    }

    /**
     * Tells whether it is the loopback.
     *
     * @return IFF_LOOPBACK
     */
    public boolean isLoopback() {
        return (flags & IfLink.IFF_LOOPBACK) != 0;
    }

    /**
     * Tells whether it has exactly one other end, as a tunnel has.
     *
     * @return IFF_POINTOPOINT
     */
    public boolean isPointToPoint() {
        return (flags & IfLink.IFF_POINTOPOINT) != 0;
    }
}
