package io.podnet.overlay.node;

import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import java.util.Objects;

/**
 * Where a node is reached on the underlay: a VXLAN tunnel end point (VTEP), or a gateway.
 *
 * @param underlay the node's address outside the pod network
 * @param mac the Ethernet address of its VXLAN device of that family; inner frames are sent to it, never to a pod's
 * @param mtu bytes of the largest packet that the node sends by the underlay
 */
public record TunnelEndpoint(IpAddress underlay, MacAddress mac, int mtu) {
    public TunnelEndpoint {
        Objects.requireNonNull(underlay, "underlay");
        Objects.requireNonNull(mac, "mac");
        if (underlay.isLoopback() || underlay.isMulticast() || underlay.isUnspecified()) {
            throw new PodnetException.Invalid("underlay address " + underlay + " is no node's");
        }
        if (mtu < 576 || mtu > 65535) {
            throw new PodnetException.Invalid("underlay MTU " + mtu + " is not in 576..65535");
        }
    }
}
