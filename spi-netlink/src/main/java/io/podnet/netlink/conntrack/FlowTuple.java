package io.podnet.netlink.conntrack;

import io.podnet.api.IpAddress;
import java.util.Objects;

/**
 * One direction of a flow.
 *
 * @param source where its packets come from
 * @param sourcePort their source port, 0 to 65535
 * @param destination where they go, of the same family
 * @param destinationPort their destination port, 0 to 65535
 */
public record FlowTuple(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
    public FlowTuple {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(destination, "destination");
    }

    @Override
    public String toString() {
        return source + " port " + sourcePort + " -> " + destination + " port " + destinationPort;
    }
}
