package io.podnet.testkit.machine;

import io.podnet.api.IpFamily;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.nftables.Chain;
import io.podnet.netlink.nftables.NftSet;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.Rule;
import io.podnet.netlink.nftables.Table;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.RouteFilter;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.traffic.TrafficControl;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in a machine's kernel, as lines to compare: links, addresses, routes, permanent neighbours, queueing disciplines,
 * and nf_tables without counters. What the kernel numbers by itself, and what packets leave behind, is not in it.
 */
public final class KernelPicture {
    private KernelPicture() {}

    /**
     * Takes a picture.
     *
     * @param machine the machine
     * @return a line for each object, sorted
     */
    public static List<String> of(Machine machine) {
        List<String> lines = new ArrayList<>();
        RouteNetlink route = machine.route();
        List<Link> links = route.links().list();
        for (Link link : links) {
            lines.add("link " + link.name() + " " + link.kind() + " mtu " + link.mtu() + " group " + link.group()
                    + (link.isUp() ? " up" : "") + " master " + name(links, link.masterIndex()));
            route.addresses()
                    .list(link.index())
                    .forEach(address -> lines.add("address " + address.address() + " on " + link.name()));
            for (IpFamily family : IpFamily.values()) {
                route.neighbours().list(family, link.index()).stream()
                        .filter(neighbour ->
                                neighbour.isPermanent() && !neighbour.address().isMulticast())
                        .filter(neighbour -> !neighbour.address().isLoopback()
                                && !neighbour.address().isUnspecified())
                        .forEach(neighbour -> lines.add(
                                "neighbour " + neighbour.address() + " " + neighbour.mac() + " on " + link.name()));
            }
        }
        for (IpFamily family : IpFamily.values()) {
            // The loopback interface has index 1; what multicast leads to comes and goes with listeners.
            route.routes().list(RouteFilter.all(family)).stream()
                    .filter(entry -> entry.linkIndex() != 1
                            && !entry.destination().network().isMulticast())
                    .forEach(entry -> lines.add("route " + entry.destination() + " via " + entry.gateway() + " on "
                            + name(links, entry.linkIndex()) + " table " + entry.table()));
        }
        new TrafficControl(route.conversation())
                .list().stream()
                        .filter(qdisc ->
                                qdisc.tokenBucket().isPresent() || qdisc.kind().equals("ingress"))
                        .forEach(qdisc -> lines.add("qdisc " + qdisc.kind() + " " + qdisc.tokenBucket() + " on "
                                + name(links, qdisc.linkIndex())));
        try (NetlinkConversation netfilter = machine.threads()
                .callIn(machine.namespace(), () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER))) {
            addTables(new Nftables(netfilter), lines);
        }
        lines.sort(null);
        return lines;
    }

    private static void addTables(Nftables nftables, List<String> lines) {
        for (Table table : nftables.tables()) {
            lines.add("table " + table);
            for (Chain chain : nftables.chains(table)) {
                lines.add("chain " + table + " " + chain.name());
            }
            for (Rule rule : nftables.rules(table)) {
                lines.add("rule " + table + " " + rule.uncounted());
            }
            for (NftSet set : nftables.sets(table)) {
                lines.add("set " + table + " " + set.name());
                nftables.elements(table, set.name())
                        .forEach(element -> lines.add("element " + table + " " + set.name() + " " + element));
            }
        }
    }

    private static String name(List<Link> links, int index) {
        return links.stream()
                .filter(link -> link.index() == index)
                .findFirst()
                .map(Link::name)
                .orElse("-");
    }
}
