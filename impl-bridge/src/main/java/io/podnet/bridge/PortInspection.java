package io.podnet.bridge;

import io.podnet.api.Drift;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.RouteFilter;
import io.podnet.netlink.route.RouteNetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads pods' veth pairs back from the kernel, and compares them with what they should be. */
final class PortInspection {
    private final RouteNetlink node;
    private final Function<NamespaceRef, RouteNetlink> pods;
    private final BridgeOptions options;

    /**
     * Makes it.
     *
     * @param node speaks to the node's namespace
     * @param pods opens what speaks to a pod's
     * @param options the plugin's
     */
    PortInspection(RouteNetlink node, Function<NamespaceRef, RouteNetlink> pods, BridgeOptions options) {
        this.node = node;
        this.pods = pods;
        this.options = options;
    }

    /** What of a pod's interface is in its namespace. */
    record Found(Link link, List<InterfaceAddress> addresses, List<Route> routes, List<Neighbour> neighbours) {
        /** The default routes' gateways. */
        List<IpAddress> gateways() {
            return routes.stream()
                    .filter(route -> route.destination().prefixLength() == 0)
                    .flatMap(route -> route.gateway().stream())
                    .toList();
        }

        boolean has(PodRoute wanted) {
            return routes.stream().anyMatch(wanted::isShownAs);
        }
    }

    /** Reads a pod's interface back. */
    Optional<Found> read(String podInterface, NamespaceRef namespace) {
        try (RouteNetlink pod = pods.apply(namespace)) {
            Optional<Link> link = pod.links().find(podInterface);
            if (link.isEmpty()) {
                return Optional.empty();
            }
            int index = link.get().index();
            List<InterfaceAddress> addresses = pod.addresses().list(index).stream()
                    .map(AssignedAddress::address)
                    .filter(address -> !address.address().isLinkLocal())
                    .toList();
            List<Route> routes = new ArrayList<>();
            List<Neighbour> neighbours = new ArrayList<>();
            for (IpFamily family : IpFamily.values()) {
                routes.addAll(pod.routes().list(RouteFilter.all(family).on(index)));
                neighbours.addAll(pod.neighbours().list(family, index));
            }
            return Optional.of(new Found(link.get(), addresses, routes, neighbours));
        }
    }

    /** Compares both ends with what they should be. */
    List<Drift> check(PodWiring wiring, BridgeDevice.Present bridge, NamespaceRef namespace) {
        List<Drift> drifts = new ArrayList<>();
        Link host = node.links().find(wiring.hostInterface()).orElse(null);
        if (host == null) {
            drifts.add(new Drift("link", wiring.hostInterface(), "veth", "absent"));
        } else {
            compare(drifts, "link", host.name(), "up", host.isUp() ? "up" : "down");
            compare(drifts, "link", host.name(), "master " + bridge.index(), "master " + host.masterIndex());
            compare(drifts, "link", host.name(), "mtu " + wiring.mtu(), "mtu " + host.mtu());
            boolean hairpin = node.bridgePorts()
                    .find(host.index())
                    .map(port -> port.hairpin())
                    .orElse(false);
            compare(
                    drifts,
                    "bridge port",
                    host.name(),
                    "hairpin " + (options.hairpinMode() == HairpinMode.HAIRPIN_VETH),
                    "hairpin " + hairpin);
        }
        for (IpAddress ip : wiring.ips()) {
            compareNeighbour(
                    drifts,
                    options.bridge(),
                    ip,
                    wiring.podMac(),
                    node.neighbours().list(ip.family(), bridge.index()));
        }
        Found found = read(wiring.podInterface(), namespace).orElse(null);
        if (found == null) {
            drifts.add(new Drift("link", wiring.podInterface(), "veth", "absent"));
            return drifts;
        }
        compareFound(drifts, wiring, bridge, found);
        return drifts;
    }

    /** A wrong entry sends packets to nobody, and the kernel never learns better since it is permanent. */
    private static void compareNeighbour(
            List<Drift> drifts, String link, IpAddress ip, MacAddress expected, List<Neighbour> present) {
        String found = present.stream()
                .filter(neighbour -> neighbour.address().equals(ip) && neighbour.isPermanent())
                .flatMap(neighbour -> neighbour.mac().stream())
                .map(mac -> ip + " at " + mac)
                .findFirst()
                .orElse(null);
        compare(drifts, "neighbour", link, ip + " at " + expected, found);
    }

    private void compareFound(List<Drift> drifts, PodWiring wiring, BridgeDevice.Present bridge, Found found) {
        String name = wiring.podInterface();
        if (!options.disableContainerInterface()) {
            compare(drifts, "link", name, "up", found.link().isUp() ? "up" : "down");
        }
        compare(
                drifts,
                "link",
                name,
                "address " + wiring.podMac(),
                "address " + found.link().mac().map(Object::toString).orElse("none"));
        if (!options.keepBridge()) {
            // In CNI's chains it is another plugin's to change, as tuning does.
            compare(
                    drifts,
                    "link",
                    name,
                    "mtu " + wiring.mtu(),
                    "mtu " + found.link().mtu());
        }
        for (InterfaceAddress address : wiring.addresses()) {
            compare(
                    drifts,
                    "address",
                    name,
                    address.toString(),
                    found.addresses().contains(address) ? address.toString() : null);
        }
        for (PodRoute route : wiring.routes()) {
            compare(drifts, "route", name, route.toString(), found.has(route) ? route.toString() : null);
        }
        if (!options.onLink()) {
            wiring.gateways()
                    .forEach(gateway -> compareNeighbour(drifts, name, gateway, bridge.mac(), found.neighbours()));
        }
    }

    private static void compare(
            List<Drift> drifts, String kind, String name, String expected, @Nullable String actual) {
        if (!expected.equals(actual)) {
            drifts.add(new Drift(kind, name, expected, actual == null ? "absent" : actual));
        }
    }
}
