package io.podnet.iptables.trace;

import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.services.Backend;
import java.util.Set;

/**
 * A packet on its way.
 *
 * @param origin as it began
 * @param destination where it goes now
 * @param destinationPort the port now
 * @param mark the packet mark now
 * @param nodeAddresses the node's own addresses besides loopback
 */
record TracedPacket(
        Packet origin, IpAddress destination, int destinationPort, long mark, Set<IpAddress> nodeAddresses) {
    static TracedPacket of(Packet packet, Set<IpAddress> nodeAddresses) {
        return new TracedPacket(packet, packet.destination(), packet.destinationPort(), 0, nodeAddresses);
    }

    IpAddress source() {
        return origin.source();
    }

    Protocol protocol() {
        return origin.protocol();
    }

    /** Whether it comes in by an interface, whose name's end may be left open with a plus sign. */
    boolean arrivesBy(String name) {
        return origin.inInterface()
                .filter(in ->
                        name.endsWith("+") ? in.startsWith(name.substring(0, name.length() - 1)) : in.equals(name))
                .isPresent();
    }

    boolean isOfNode(IpAddress address) {
        return address.isLoopback() || nodeAddresses.contains(address);
    }

    TracedPacket marked(long bits, long cleared) {
        return new TracedPacket(origin, destination, destinationPort, (mark & ~cleared) ^ bits, nodeAddresses);
    }

    TracedPacket sentTo(Backend backend) {
        return new TracedPacket(origin, backend.ip(), backend.port(), mark, nodeAddresses);
    }
}
