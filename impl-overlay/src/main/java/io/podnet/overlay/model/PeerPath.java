package io.podnet.overlay.model;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.Optional;

/**
 * How another node's pods of one family are reached.
 *
 * @param peer the node's name
 * @param family the pods' family
 * @param way what is done
 * @param device by which link, empty for {@link Way#NONE}
 * @param mtu bytes of the largest inner packet
 * @param probe where the node answers probes, its own address in the pod network; empty where it does not
 * @param detail why there is none, or where to; for people
 */
public record PeerPath(
        String peer, IpFamily family, Way way, String device, int mtu, Optional<IpAddress> probe, String detail) {
    /** What is done with packets for a peer. */
    public enum Way {
        /** Encapsulated, by a route for each subnet. */
        VXLAN,
        /** Routed through the peer on the same link. */
        HOST_GW,
        /** Encapsulated, by a neighbour for each pod. */
        NEIGHBOUR,
        /** Nothing: the peer cannot be reached. */
        NONE
    }
}
