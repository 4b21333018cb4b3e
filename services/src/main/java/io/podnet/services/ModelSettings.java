package io.podnet.services;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the model must know of its node. Another node name or zone means another model.
 *
 * @param nodeName the node's name, which local endpoints carry
 * @param zone the node's zone, for topology hints
 * @param serviceCidrs networks that cluster IPs come from; where given, a cluster IP outside is refused, and so is an
 *     endpoint or an external address inside
 * @param externalCidrs networks that external and load balancer IPs may come from; empty admits none
 * @param masqueradeAll whether all traffic to cluster IPs gets the node's address as its source
 * @param nodePortAddresses networks of those node addresses that take node ports; see {@link #takesNodePorts}
 * @param localDetector how packets of local pods are told from others
 */
public record ModelSettings(
        String nodeName,
        Optional<String> zone,
        List<Cidr> serviceCidrs,
        List<Cidr> externalCidrs,
        boolean masqueradeAll,
        List<Cidr> nodePortAddresses,
        LocalDetector localDetector) {
    public ModelSettings {
        Names.dnsSubdomain("node name", nodeName);
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(localDetector, "localDetector");
        serviceCidrs = List.copyOf(serviceCidrs);
        externalCidrs = List.copyOf(externalCidrs);
        nodePortAddresses = List.copyOf(nodePortAddresses);
        for (Cidr cidr : nodePortAddresses) {
            if (cidr.network().isLoopback()) {
                throw new PodnetException.Invalid(
                        "node ports on " + cidr
                                + " would open loopback to the network (route_localnet); name networks of the node's other addresses");
            }
        }
    }

    /**
     * Gives settings that refuse nothing but external addresses and detect nothing.
     *
     * @param nodeName the node's name
     * @return settings without zone and networks
     */
    public static ModelSettings of(String nodeName) {
        return new ModelSettings(
                nodeName, Optional.empty(), List.of(), List.of(), false, List.of(), new LocalDetector.None());
    }

    /**
     * Tells whether node ports are served on one of the node's addresses: on none of loopback; on all others of a
     * family that {@code nodePortAddresses} says nothing about, as in kube-proxy; else on those inside.
     *
     * @param nodeAddress an address of the node
     * @return true where they are
     */
    public boolean takesNodePorts(IpAddress nodeAddress) {
        return !nodeAddress.isLoopback()
                && (!limitsNodePorts(nodeAddress.family()) || within(nodePortAddresses, nodeAddress));
    }

    /**
     * Tells whether only some of the node's addresses take node ports.
     *
     * @param family a family
     * @return true where {@code nodePortAddresses} names a network of it
     */
    public boolean limitsNodePorts(IpFamily family) {
        return nodePortAddresses.stream().anyMatch(cidr -> cidr.family() == family);
    }

    boolean isServiceAddress(IpAddress address) {
        return within(serviceCidrs, address);
    }

    /** Whether a service may claim an external address: from the configured ranges, and nobody else's by nature. */
    boolean admitsExternal(IpAddress address) {
        return within(externalCidrs, address)
                && !isServiceAddress(address)
                && Unroutable.reason(address).isEmpty();
    }

    private static boolean within(List<Cidr> cidrs, IpAddress address) {
        for (Cidr cidr : cidrs) {
            if (cidr.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
