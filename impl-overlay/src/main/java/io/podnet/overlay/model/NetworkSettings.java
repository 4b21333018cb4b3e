package io.podnet.overlay.model;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node's overlay is set to.
 *
 * @param backend how pods of other nodes are reached
 * @param clusterCidrs the ranges of all pods, at most one of a family
 * @param vni VXLAN network identifier, 0 to 2^24-1
 * @param port UDP port of VXLAN
 * @param devicePrefix what the names of the VXLAN devices begin with; {@code 4} or {@code 6} follows
 * @param table number of the routing table for the backend {@code neighbour}, and the priority of the rule that leads there
 */
public record NetworkSettings(
        Backend backend, List<Cidr> clusterCidrs, int vni, int port, String devicePrefix, int table) {
    /** The set of underlay addresses from which VXLAN is accepted; {@code 4} or {@code 6} follows. */
    public static final String PEERS = "peers";

    /** The set of pod addresses that the VXLAN device may be used for; {@code 4} or {@code 6} follows. */
    public static final String PODS = "pods";

    public NetworkSettings {
        Objects.requireNonNull(backend, "backend");
        clusterCidrs = List.copyOf(clusterCidrs);
        if (clusterCidrs.isEmpty()
                || clusterCidrs.stream().map(Cidr::family).distinct().count() != clusterCidrs.size()) {
            throw new PodnetException.Invalid(
                    "cluster CIDRs " + clusterCidrs + ": one is needed, and at most one of a family");
        }
    }

    /**
     * Gives the range of all pods.
     *
     * @param family the family
     * @return the range, empty where pods have no address of the family
     */
    public Optional<Cidr> clusterCidr(IpFamily family) {
        return clusterCidrs.stream().filter(cidr -> cidr.family() == family).findFirst();
    }

    /**
     * Tells whether an address is in the pod network.
     *
     * @param address any
     * @return true where a cluster CIDR contains it
     */
    public boolean inPodNetwork(IpAddress address) {
        return clusterCidrs.stream().anyMatch(cidr -> cidr.contains(address));
    }

    static String digit(IpFamily family) {
        return family == IpFamily.IPV4 ? "4" : "6";
    }

    /**
     * Names a VXLAN device.
     *
     * @param underlay the family of its outer packets
     * @return the name
     */
    public String device(IpFamily underlay) {
        return devicePrefix + digit(underlay);
    }

    static String peers(IpFamily family) {
        return PEERS + digit(family);
    }

    static String pods(IpFamily family) {
        return PODS + digit(family);
    }
}
