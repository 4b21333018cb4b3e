package io.podnet.bridge;

import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.route.Addresses;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.BridgePortAttributes;
import io.podnet.netlink.route.BridgePorts;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Links;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.route.Neighbours;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.route.Routes;
import io.podnet.netlink.route.Veth;
import io.podnet.netlink.socket.NetlinkBufferPool;
import io.podnet.netlink.socket.NetlinkBuffers;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import io.podnet.netlink.sysctl.InterfaceSysctls;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.Sysctls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pods' veth pairs: one end in the pod, the other a port of the bridge. The pair is made by one message, with both
 * names, both MAC addresses, the peer's namespace, the master and the group, so that it is never seen half made.
 */
final class PodPorts {
    private final RouteNetlink node;
    private final InterfaceSysctls nodeSysctls;
    private final NamespaceThreads threads;
    private final BridgeOptions options;
    private final NetlinkBufferPool buffers = new NetlinkBufferPool();

    PodPorts(RouteNetlink node, InterfaceSysctls nodeSysctls, NamespaceThreads threads, BridgeOptions options) {
        this.node = node;
        this.nodeSysctls = nodeSysctls;
        this.threads = threads;
        this.options = options;
    }

    /** Makes a pod's pair and configures both ends. */
    void setUp(PodWiring wiring, BridgeDevice.Present bridge, NamespaceRef namespace) {
        try (RouteNetlink pod = reach(namespace)) {
            make(wiring, bridge.index(), namespace);
            silenceHostEnd(wiring);
            Link host = node.links().get(wiring.hostInterface());
            configurePodEnd(wiring, host.peerIndex(), bridge, pod);
            configureHostEnd(wiring, host.index(), bridge);
            // Both ends have their carrier by now, but the pod sends, and the bridge forwards, only after the
            // kernel's link watch has seen that. A question for a link makes it look at once
            // (net/core/rtnetlink.c, linkwatch_sync_dev; since 6.8).
            pod.links().find(host.peerIndex());
            node.links().find(host.index());
        }
    }

    /** Speaks to the pod's namespace: by the socket that came with it, so that nobody has to go in, or by a new one. */
    private RouteNetlink reach(NamespaceRef namespace) {
        if (namespace instanceof NetworkNamespace made) {
            Optional<RouteNetlink> kept =
                    made.takeSocket().map(socket -> new RouteNetlink(new NetlinkConversation(socket)));
            if (kept.isPresent()) {
                return kept.get();
            }
        }
        return open(namespace);
    }

    /** Speaks to a pod's namespace by a new socket, to be closed. */
    RouteNetlink open(NamespaceRef namespace) {
        NetlinkBuffers memory = buffers.take();
        return threads.callIn(namespace, () -> RouteNetlink.open(memory));
    }

    private void make(PodWiring wiring, int bridgeIndex, NamespaceRef namespace) {
        try {
            create(wiring, bridgeIndex, namespace);
        } catch (RuntimeException e) {
            if (!reapedOwn(wiring, e)) {
                throw explained(wiring, e);
            }
            create(wiring, bridgeIndex, namespace);
        }
        if (wiring.has(IpFamily.IPV6)) {
            threads.callIn(namespace, () -> settleIpv6(wiring.podInterface()));
        }
    }

    private void create(PodWiring wiring, int bridgeIndex, NamespaceRef namespace) {
        node.links()
                .create(
                        new Veth(LinkAttributes.named(wiring.podInterface())
                                .mac(wiring.podMac())
                                .mtu(wiring.mtu())
                                .queues(1)
                                .namespaceFd(namespace.fd())),
                        LinkAttributes.named(wiring.hostInterface())
                                .mac(wiring.hostMac())
                                .mtu(wiring.mtu())
                                .queues(1)
                                .master(bridgeIndex)
                                .group(LinkNames.GROUP_LIVE));
    }

    /** An attachment that is set up again at once may find its own links, which were torn down and not freed yet. */
    private boolean reapedOwn(PodWiring wiring, RuntimeException e) {
        if (!(e instanceof PodnetException.KernelRejected rejected) || !Errno.EEXIST.is(-rejected.errno())) {
            return false;
        }
        Optional<Link> own =
                node.links().find(wiring.hostInterface()).filter(link -> link.group() == LinkNames.GROUP_DEAD);
        own.ifPresent(link -> node.links().delete(link.name()));
        return own.isPresent();
    }

    private static RuntimeException explained(PodWiring wiring, RuntimeException e) {
        if (e instanceof PodnetException.KernelRejected rejected) {
            if (Errno.EXFULL.is(-rejected.errno())) {
                return new PodnetException.LimitReached("the bridge has no free port for " + wiring.id()
                        + ": the kernel takes 1023 ports on one bridge; use a second node or bridge");
            }
            if (Errno.EEXIST.is(-rejected.errno())) {
                return new PodnetException.Conflict("interface " + wiring.podInterface() + " of attachment "
                        + wiring.id()
                        + " exists already in the pod: its namespace has a network; tear down the pod that it is of, or give"
                        + " another namespace");
            }
        }
        return e;
    }

    /**
     * Settings that netlink does not take. Only for pods with IPv6: the first file that is opened below /proc/sys/net in
     * a new namespace costs the more the more namespaces there are.
     */
    private static boolean settleIpv6(String podInterface) {
        try (Sysctls inside = Sysctls.open()) {
            inside.write(ipv6(podInterface, "disable_ipv6"), "0");
            inside.write(ipv6(podInterface, "keep_addr_on_down"), "1");
            // The way to a neighbour through the gateway is meant, so the gateway's redirects must not shorten it.
            inside.write(ipv6(podInterface, "accept_redirects"), "0");
            return true;
        }
    }

    private static SysctlKey ipv6(String link, String setting) {
        return SysctlKey.ofInterface("ipv6", "conf", link, setting);
    }

    /** The host end is a port and nothing else: a router advertisement from the pod meets no IPv6 there. */
    private void silenceHostEnd(PodWiring wiring) {
        nodeSysctls.write(IpFamily.IPV6, wiring.hostInterface(), "accept_ra", 0);
        nodeSysctls.write(IpFamily.IPV6, wiring.hostInterface(), "disable_ipv6", 1);
    }

    private void configurePodEnd(PodWiring wiring, int index, BridgeDevice.Present bridge, RouteNetlink pod) {
        pod.batch(podEnd(wiring, index, bridge, wiring.routes()));
    }

    private List<NetlinkRequest> podEnd(
            PodWiring wiring, int index, BridgeDevice.Present bridge, Collection<PodRoute> routes) {
        List<NetlinkRequest> requests = new ArrayList<>();
        // A pod without an IPv6 address gets none by itself either: no link-local one, none by advertisement.
        requests.add(Links.changing(
                index, AddressGeneration.off(LinkAttributes.none().arpNotify(true), wiring.mtu())));
        // Up before it has addresses: arp_notify would announce them to all ports now, and as each address has a MAC
        // address of its own there is nothing to announce.
        if (!options.disableContainerInterface()) {
            requests.add(Links.changing(index, LinkAttributes.none().up()));
        }
        for (InterfaceAddress address : wiring.allAddresses()) {
            AssignedAddress assigned = AssignedAddress.of(index, address);
            requests.add(Addresses.replacing(
                    options.onLink() || address.address().isLinkLocal() ? assigned : assigned.withoutPrefixRoute()));
        }
        if (!options.onLink()) {
            wiring.gateways()
                    .forEach(gateway ->
                            requests.add(Neighbours.replacing(Neighbour.permanent(index, gateway, bridge.mac()))));
        }
        for (PodRoute wanted : routes) {
            Route route = wanted.on(index);
            // Beside those of the pod's other interfaces, as the reference's ipam.ConfigureIface: the latest comes
            // first.
            requests.add(
                    Routes.adding(options.onLink() || wanted.gateway().isEmpty() ? route : route.withGatewayOnLink()));
        }
        return requests;
    }

    private void configureHostEnd(PodWiring wiring, int index, BridgeDevice.Present bridge) {
        List<NetlinkRequest> requests = new ArrayList<>();
        boolean hairpin = options.hairpinMode() == HairpinMode.HAIRPIN_VETH;
        if (hairpin || options.portIsolation()) {
            BridgePortAttributes port = BridgePortAttributes.none().hairpin(hairpin);
            requests.add(BridgePorts.changing(index, options.portIsolation() ? port.isolated(true) : port));
        }
        requests.add(Links.changing(index, LinkAttributes.none().up()));
        requests.addAll(neighboursOf(wiring, bridge));
        node.batch(requests);
    }

    private static List<NetlinkRequest> neighboursOf(PodWiring wiring, BridgeDevice.Present bridge) {
        return wiring.ips().stream()
                .map(ip -> Neighbours.replacing(Neighbour.permanent(bridge.index(), ip, wiring.podMac())))
                .toList();
    }

    /** Makes the bridge know pods' addresses, whatever it takes them for. */
    void remember(Collection<PodWiring> wirings, BridgeDevice.Present bridge) {
        node.batch(wirings.stream()
                .flatMap(wiring -> neighboursOf(wiring, bridge).stream())
                .toList());
    }

    /** Makes a pod's host end a port again, up and with what a port has. */
    void reattach(PodWiring wiring, int index, BridgeDevice.Present bridge) {
        node.links().change(index, LinkAttributes.none().master(bridge.index()));
        configureHostEnd(wiring, index, bridge);
    }

    /**
     * Makes both ends of a pair as set-up made them. What is as it should be stays untouched, and so does what else is there.
     *
     * @param host the host end
     * @param found the pod end
     */
    void repair(
            PodWiring wiring,
            Link host,
            PortInspection.Found found,
            BridgeDevice.Present bridge,
            NamespaceRef namespace) {
        silenceHostEnd(wiring);
        node.links()
                .change(host.index(), LinkAttributes.none().mtu(wiring.mtu()).group(LinkNames.GROUP_LIVE));
        reattach(wiring, host.index(), bridge);
        node.batch(List.of(BridgePorts.changing(
                host.index(), BridgePortAttributes.none().hairpin(options.hairpinMode() == HairpinMode.HAIRPIN_VETH))));
        try (RouteNetlink pod = open(namespace)) {
            LinkAttributes link = LinkAttributes.none().mtu(wiring.mtu());
            if (!found.link().mac().equals(Optional.of(wiring.podMac()))) {
                // Even the same one would flush the neighbours.
                link.mac(wiring.podMac());
            }
            // First the MTU: below 1280 bytes the link has no IPv6 that could be settled.
            pod.links().change(found.link().index(), link);
            if (wiring.has(IpFamily.IPV6)) {
                threads.callIn(namespace, () -> settleIpv6(wiring.podInterface()));
            }
            pod.batch(podEnd(
                    wiring,
                    found.link().index(),
                    bridge,
                    wiring.routes().stream().filter(route -> !found.has(route)).toList()));
        }
    }

    /** Removes what the bridge knows of pods' addresses; absent is fine. */
    void forget(Collection<PodWiring> wirings, BridgeDevice.Present bridge) {
        if (!bridge.isThere()) {
            return; // with the bridge the kernel forgot its neighbours
        }
        List<NetlinkRequest> requests = new ArrayList<>();
        wirings.forEach(wiring -> wiring.ips().forEach(ip -> requests.add(Neighbours.deleting(bridge.index(), ip))));
        tolerateAbsence(requests);
    }

    /** Somebody may have taken links away, the bridge too. */
    private void tolerateAbsence(List<NetlinkRequest> requests) {
        node.conversation().tryBatch(requests).stream()
                .filter(failure -> !Errno.ENOENT.is(-failure.errno()) && !Errno.ENODEV.is(-failure.errno()))
                .findFirst()
                .ifPresent(failure -> {
                    throw failure.error();
                });
    }

    /** Takes a link off the bridge at once and leaves the rest to the {@link LinkReaper}; absent is fine. */
    void detach(String hostInterface) {
        try {
            node.links()
                    .change(
                            hostInterface,
                            LinkAttributes.none().group(LinkNames.GROUP_DEAD).down());
        } catch (PodnetException.KernelRejected e) {
            if (!Errno.ENODEV.is(-e.errno())) {
                throw e;
            }
        }
    }

    /** Takes many links off the bridge at once; absent ones are fine. */
    void detachAll(Collection<String> hostInterfaces) {
        Map<String, Integer> present = new HashMap<>();
        node.links().list().forEach(link -> present.put(link.name(), link.index()));
        List<NetlinkRequest> requests = new ArrayList<>();
        for (String name : hostInterfaces) {
            Integer index = present.get(name);
            if (index != null) {
                requests.add(Links.changing(
                        index, LinkAttributes.none().group(LinkNames.GROUP_DEAD).down()));
            }
        }
        tolerateAbsence(requests);
    }

    /**
     * Removes what the bridge knows of addresses that nobody has any more: of a set-up that ended with its process, whose
     * lease is freed before anybody could look which addresses it was.
     *
     * @param inUse all leased addresses
     * @return what was forgotten
     */
    List<IpAddress> forgetOthers(Collection<Cidr> podCidrs, Set<IpAddress> inUse, BridgeDevice.Present bridge) {
        List<IpAddress> stale = new ArrayList<>();
        if (!bridge.isThere()) {
            return stale;
        }
        for (Cidr cidr : podCidrs) {
            node.neighbours().list(cidr.family(), bridge.index()).stream()
                    .filter(Neighbour::isPermanent)
                    .map(Neighbour::address)
                    .filter(address -> cidr.contains(address) && !inUse.contains(address))
                    .forEach(stale::add);
        }
        tolerateAbsence(stale.stream()
                .map(address -> Neighbours.deleting(bridge.index(), address))
                .toList());
        return stale;
    }

    /** Removes a pair that was made half, and waits for it. */
    void remove(PodWiring wiring, BridgeDevice.Present bridge) {
        forget(List.of(wiring), bridge);
        node.links().delete(wiring.hostInterface());
    }
}
