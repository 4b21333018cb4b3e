package com.example.podnet;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Drift;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodNetworkStatus;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.route.Veth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes and reads the two ends of pods' links. */
final class PtpWires {
    private final NamespaceThreads threads;
    private final RouteNetlink host;

    PtpWires(NamespaceThreads threads, RouteNetlink host) {
        this.threads = threads;
        this.host = host;
    }

    private RouteNetlink inside(NamespaceRef pod) {
        return threads.callIn(pod, () -> RouteNetlink.open());
    }

    void make(PtpLink link, NamespaceRef pod) {
        LinkAttributes podEnd = LinkAttributes.named(link.id().ifName())
                .mac(link.podMac())
                .mtu(link.mtu())
                .namespaceFd(pod.fd());
        host.links()
                .create(
                        new Veth(podEnd),
                        LinkAttributes.named(link.hostName())
                                .mac(link.hostMac())
                                .mtu(link.mtu())
                                .noAddressGeneration());
        host.links()
                .change(
                        link.hostName(),
                        LinkAttributes.none().alias(PtpLink.alias(link.id())).up());
        try (RouteNetlink inside = inside(pod)) {
            int index = inside.links().get(link.id().ifName()).index();
            inside.links().change(index, LinkAttributes.none().noAddressGeneration());
            inside.links().change(index, LinkAttributes.none().up());
            inside.addresses().create(AssignedAddress.of(index, link.podAddress()));
            inside.neighbours().replace(Neighbour.permanent(index, link.gateway(), link.hostMac()));
            inside.routes()
                    .create(Route.defaultRoute(IpFamily.IPV4)
                            .via(link.gateway())
                            .on(index)
                            .withGatewayOnLink());
        }
        host.routes().create(toPod(link));
    }

    private Route toPod(PtpLink link) {
        return Route.to(new Cidr(link.address(), link.address().family().bits()))
                .on(host.links().get(link.hostName()).index());
    }

    private static List<IpAddress> gateways(RouteNetlink inside, Link link) {
        return inside.routes().list(IpFamily.IPV4).stream()
                .filter(route -> route.destination().prefixLength() == 0 && route.linkIndex() == link.index())
                .flatMap(route -> route.gateway().stream())
                .toList();
    }

    private static List<InterfaceAddress> addresses(RouteNetlink inside, Link link) {
        return inside.addresses().list(link.index()).stream()
                .map(AssignedAddress::address)
                .toList();
    }

    Optional<PodNetworkStatus> read(AttachmentId id, NamespaceRef pod) {
        if (host.links().find(PtpLink.hostName(id)).isEmpty()) {
            return Optional.empty();
        }
        try (RouteNetlink inside = inside(pod)) {
            return inside.links()
                    .find(id.ifName())
                    .flatMap(link -> link.mac()
                            .map(mac -> new PodNetworkStatus(
                                    link.name(),
                                    addresses(inside, link),
                                    gateways(inside, link),
                                    mac,
                                    link.mtu(),
                                    Optional.of(PtpLink.hostName(id)))));
        }
    }

    List<Drift> check(PtpLink link, NamespaceRef pod) {
        List<Drift> drifts = new ArrayList<>();
        Optional<Link> hostEnd = host.links().find(link.hostName());
        compare(
                drifts,
                "link",
                link.hostName(),
                "up",
                hostEnd.map(PtpWires::state).orElse("absent"));
        if (hostEnd.isPresent()) {
            boolean routed = host.routes().list(IpFamily.IPV4).stream()
                    .anyMatch(route -> route.destination().equals(toPod(link).destination())
                            && route.linkIndex() == hostEnd.get().index());
            compare(drifts, "route", link.podAddress().toString(), "present", routed ? "present" : "absent");
        }
        try (RouteNetlink inside = inside(pod)) {
            Optional<Link> podEnd = inside.links().find(link.id().ifName());
            compare(
                    drifts,
                    "link",
                    link.id().ifName(),
                    "up",
                    podEnd.map(PtpWires::state).orElse("absent"));
            if (podEnd.isPresent()) {
                compare(
                        drifts,
                        "address",
                        link.id().ifName(),
                        List.of(link.podAddress()).toString(),
                        addresses(inside, podEnd.get()).toString());
                compare(
                        drifts,
                        "route",
                        "default",
                        List.of(link.gateway()).toString(),
                        gateways(inside, podEnd.get()).toString());
            }
        }
        return drifts;
    }

    private static String state(Link link) {
        return link.isUp() ? "up" : "down";
    }

    private static void compare(List<Drift> drifts, String kind, String name, String expected, String actual) {
        if (!expected.equals(actual)) {
            drifts.add(new Drift(kind, name, expected, actual));
        }
    }
}
