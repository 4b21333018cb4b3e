package io.podnet.cni.real;

import io.podnet.api.IpFamily;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.BridgePort;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.RouteFilter;
import io.podnet.netlink.route.RouteNetlink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A namespace's links, addresses and routes as text to compare between plugins: without MAC addresses, and without the
 * names of host ends. Link-local addresses are left out: the reference has the kernel make one even where there is no
 * IPv6, which CVE-2024-32473 is about.
 */
final class Snapshot {
    private static final int MAIN_TABLE = 254;

    private Snapshot() {}

    static List<String> of(RouteNetlink route) {
        List<String> lines = new ArrayList<>();
        Map<Integer, String> names = new HashMap<>();
        for (Link link : route.links().list()) {
            // All veths of a node are host ends.
            names.put(link.index(), link.kind().equals("veth") && link.masterIndex() != 0 ? "HOST" : link.name());
        }
        for (Link link : route.links().list()) {
            lines.add("link " + names.get(link.index()) + " " + link.kind() + " mtu " + link.mtu()
                    + (link.isUp() ? " up" : " down") + (link.isPromiscuous() ? " promiscuous" : "")
                    + (link.masterIndex() == 0 ? "" : " master " + names.get(link.masterIndex()))
                    + hairpin(route, link));
        }
        for (AssignedAddress address : route.addresses().list()) {
            if (!address.address().address().isLinkLocal()) {
                lines.add("address " + address.address() + " on " + names.get(address.linkIndex()));
            }
        }
        for (IpFamily family : IpFamily.values()) {
            for (Route one : route.routes().list(RouteFilter.all(family))) {
                if (one.table() == MAIN_TABLE
                        && !one.destination().network().isLinkLocal()
                        && !one.destination().network().isMulticast()) {
                    lines.add("route " + one.destination()
                            + one.gateway().map(gateway -> " via " + gateway).orElse("") + " dev "
                            + names.get(one.linkIndex()) + " metric " + one.metric() + " scope " + one.scope()
                            + " protocol " + one.protocol());
                }
            }
        }
        Collections.sort(lines);
        return lines;
    }

    /** Rules as nft lists them, where the elements of sets come in any order, on any number of lines. */
    static String ofRules(String listing) {
        List<String> words = new ArrayList<>();
        String uncounted = listing.replaceAll("packets [0-9]+ bytes [0-9]+", "");
        for (String line : uncounted
                .replaceAll("(?s)elements = \\{(.*?)\\}", "elements,$1,")
                .split("[\n,]")) {
            words.add(line.strip());
        }
        Collections.sort(words);
        return String.join("\n", words);
    }

    private static String hairpin(RouteNetlink route, Link link) {
        Optional<BridgePort> port =
                link.masterIndex() == 0 ? Optional.empty() : route.bridgePorts().find(link.index());
        return port.filter(BridgePort::hairpin).isPresent() ? " hairpin" : "";
    }
}
