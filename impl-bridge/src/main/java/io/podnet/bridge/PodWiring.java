package io.podnet.bridge;

import io.podnet.api.AttachmentId;
import io.podnet.api.Bandwidth;
import io.podnet.api.HostPort;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.PodNetworkStatus;
import io.podnet.bridge.firewall.PodPort;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What should be in the kernel for one pod: a value that is computed without asking the kernel, and that set-up, plan,
 * check and teardown share.
 *
 * @param id the attachment
 * @param hostInterface the host end's name
 * @param hostMac the host end's MAC address
 * @param podInterface the pod end's name
 * @param podMac the pod end's MAC address
 * @param mtu both ends' MTU in bytes
 * @param addresses the pod end's addresses, IPv4 first
 * @param routes its routes besides those to its own networks
 * @param bandwidth limits
 * @param hostPorts ports of the node that lead here
 */
record PodWiring(
        AttachmentId id,
        String hostInterface,
        MacAddress hostMac,
        String podInterface,
        MacAddress podMac,
        int mtu,
        List<InterfaceAddress> addresses,
        List<PodRoute> routes,
        Bandwidth bandwidth,
        List<HostPort> hostPorts) {
    /** The annotation with the MAC address that a pod asks for. */
    static final String MAC_ANNOTATION = "podnet.io/mac-address";

    PodWiring {
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        hostPorts = List.copyOf(hostPorts);
    }

    static PodWiring of(AttachmentRecord record, List<Ipam.Assignment> assignments, int mtu, BridgeOptions options) {
        List<InterfaceAddress> addresses = new ArrayList<>();
        List<IpAddress> gateways = new ArrayList<>();
        assignments.stream()
                .sorted(Comparator.comparing(assignment -> assignment.address().address()))
                .forEach(assignment -> {
                    addresses.add(assignment.address());
                    assignment.gateway().ifPresent(gateways::add);
                });
        String hostInterface = LinkNames.hostPort(record.id());
        return new PodWiring(
                record.id(),
                hostInterface,
                LinkNames.macOf(hostInterface),
                record.id().ifName(),
                mac(record, addresses),
                mtu,
                addresses,
                options.routesBy(gateways),
                record.spec().bandwidth(),
                record.spec().hostPorts());
    }

    private static MacAddress mac(AttachmentRecord record, List<InterfaceAddress> addresses) {
        String wanted = record.spec().annotations().get(MAC_ANNOTATION);
        if (wanted != null) {
            return MacAddress.parse(wanted);
        }
        return addresses.isEmpty()
                ? LinkNames.macOf(record.id().toString())
                : LinkNames.macOf(addresses.get(0).address());
    }

    /** The same without some addresses. */
    PodWiring without(Set<IpAddress> others) {
        return new PodWiring(
                id,
                hostInterface,
                hostMac,
                podInterface,
                podMac,
                mtu,
                addresses.stream()
                        .filter(address -> !others.contains(address.address()))
                        .toList(),
                routes,
                bandwidth,
                hostPorts);
    }

    /** The default routes' gateways. */
    List<IpAddress> gateways() {
        return routes.stream()
                .filter(PodRoute::isDefault)
                .flatMap(route -> route.gateway().stream())
                .distinct()
                .toList();
    }

    List<IpAddress> ips() {
        return addresses.stream().map(InterfaceAddress::address).toList();
    }

    boolean has(IpFamily family) {
        return addresses.stream().anyMatch(address -> address.address().family() == family);
    }

    /** All addresses of the pod end, with the link-local one that IPv6 needs. */
    List<InterfaceAddress> allAddresses() {
        List<InterfaceAddress> all = new ArrayList<>(addresses);
        if (has(IpFamily.IPV6)) {
            all.add(new InterfaceAddress(podMac.linkLocal(), 64));
        }
        return all;
    }

    /** The pod as the packet filter sees it. */
    PodPort port() {
        return new PodPort(id, hostInterface, podMac, ips(), hostPorts);
    }

    PodNetworkStatus status() {
        return new PodNetworkStatus(podInterface, addresses, gateways(), podMac, mtu, Optional.of(hostInterface));
    }
}
