package io.podnet.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A pod's network as it is: kubelet's {@code PodNetworkStatus} and the useful part of a CNI result.
 *
 * @param interfaceName the interface's name inside the pod
 * @param addresses the interface's addresses with their prefix lengths, IPv4 first; the first is the pod's primary IP
 * @param gateways the default routes' gateways, at most one of a family
 * @param mac the interface's MAC address
 * @param mtu the interface's MTU in bytes
 * @param hostInterfaceName the other end's name in the node's namespace; empty where there is none
 */
@API(status = API.Status.STABLE, since = "0.1")
public record PodNetworkStatus(
        String interfaceName,
        List<InterfaceAddress> addresses,
        List<IpAddress> gateways,
        MacAddress mac,
        int mtu,
        Optional<String> hostInterfaceName) {
    public PodNetworkStatus {
        Names.interfaceName(interfaceName);
        Objects.requireNonNull(mac, "mac");
        Objects.requireNonNull(hostInterfaceName, "hostInterfaceName");
        addresses = List.copyOf(addresses);
        gateways = List.copyOf(gateways);
    }

    /**
     * Gives the addresses without prefix lengths.
     *
     * @return the pod's IPs, the primary one first
     */
    public List<IpAddress> ips() {
        return addresses.stream().map(InterfaceAddress::address).toList();
    }
}
