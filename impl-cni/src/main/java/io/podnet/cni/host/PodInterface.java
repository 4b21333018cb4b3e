package io.podnet.cni.host;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodNetworkStatus;
import io.podnet.cni.spec.CniInterface;
import io.podnet.cni.spec.CniIp;
import io.podnet.cni.spec.CniResult;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.RouteFilter;
import io.podnet.netlink.route.RouteNetlink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A pod's interface as the kernel has it, with the addresses that the plugins say it has: some give addresses that no kernel
 * knows. Safe for any thread.
 */
final class PodInterface {
    private static final MacAddress NONE = new MacAddress(0);

    private final NamespaceThreads threads;
    private final RouteNetlink node;

    PodInterface(NamespaceThreads threads, RouteNetlink node) {
        this.threads = threads;
        this.node = node;
    }

    /** Reads an interface; empty where the pod has none of that name. */
    Optional<PodNetworkStatus> read(String name, CniResult result, NamespaceRef namespace) {
        try (RouteNetlink pod = threads.callIn(namespace, () -> RouteNetlink.open())) {
            Optional<Link> link = pod.links().find(name);
            return link.map(found -> new PodNetworkStatus(
                    name,
                    addresses(name, result),
                    gateways(pod, found),
                    found.mac().orElse(NONE),
                    found.mtu(),
                    otherEnd(found)));
        }
    }

    static List<InterfaceAddress> addresses(String name, CniResult result) {
        List<InterfaceAddress> addresses = new ArrayList<>();
        for (CniIp ip : result.ips()) {
            if (isOf(name, ip, result.interfaces())) {
                addresses.add(ip.address());
            }
        }
        addresses.sort(Comparator.comparing(address -> address.address().family()));
        return addresses;
    }

    private static boolean isOf(String name, CniIp ip, List<CniInterface> interfaces) {
        if (ip.interfaceIndex().isEmpty()) {
            return true;
        }
        int index = ip.interfaceIndex().getAsInt();
        return index >= 0
                && index < interfaces.size()
                && interfaces.get(index).name().equals(name)
                && !interfaces.get(index).sandbox().isEmpty();
    }

    private static List<IpAddress> gateways(RouteNetlink pod, Link link) {
        List<IpAddress> gateways = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            pod.routes().list(RouteFilter.all(family).on(link.index())).stream()
                    .filter(route -> route.destination().prefixLength() == 0)
                    .map(route -> route.gateway())
                    .flatMap(Optional::stream)
                    .limit(1)
                    .forEach(gateways::add);
        }
        return gateways;
    }

    /** A veth's other end is told by index alone; that it is the node's is proved by the way back. */
    private Optional<String> otherEnd(Link link) {
        if (link.peerIndex() == 0 || link.peerNamespaceId().isEmpty()) {
            return Optional.empty();
        }
        return node.links()
                .find(link.peerIndex())
                .filter(other -> other.kind().equals(link.kind()) && other.peerIndex() == link.index())
                .map(Link::name);
    }
}
