package io.podnet.cni.plugin;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.PodNetworkStatus;
import io.podnet.cni.spec.CniDns;
import io.podnet.cni.spec.CniInterface;
import io.podnet.cni.spec.CniIp;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.CniVersion;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Tells a runtime what was made, in the words of the reference's bridge plugin: bridge, host end, container's end. */
final class ResultParts {
    private static final int CONTAINER = 2;

    private final RouteNetlink node;

    ResultParts(RouteNetlink node) {
        this.node = node;
    }

    static InterfaceAddress everywhere(IpFamily family) {
        return new InterfaceAddress(new IpAddress(family, 0, 0), 0);
    }

    CniResult result(CniVersion version, BridgeKeys keys, CniDns dns, PodNetworkStatus status, String sandbox) {
        // Interfaces have an MTU in results from 1.1.0 on.
        boolean mtu = version.isAtLeast(CniVersion.V1_1_0);
        String bridge = keys.settings().options().getOrDefault("bridge", "");
        List<CniInterface> interfaces = new ArrayList<>();
        interfaces.add(host(bridge, mtu));
        interfaces.add(host(status.hostInterfaceName().orElse(""), mtu));
        interfaces.add(
                new CniInterface(status.interfaceName(), status.mac().toString(), mtu ? status.mtu() : 0, sandbox));
        List<AddressRangeSet> sets = keys.settings().ranges();
        List<CniIp> ips = status.addresses().stream()
                .sorted(Comparator.comparingInt(address -> setOf(sets, address)))
                .map(address -> new CniIp(address, gateway(sets, address), OptionalInt.of(CONTAINER)))
                .toList();
        List<IpAddress> gateways =
                ips.stream().flatMap(ip -> ip.gateway().stream()).toList();
        return new CniResult(version, interfaces, ips, keys.routesBy(gateways), dns);
    }

    private CniInterface host(String name, boolean mtu) {
        Optional<Link> link = node.links().find(name);
        return new CniInterface(
                name,
                link.flatMap(Link::mac).map(MacAddress::toString).orElse(""),
                mtu ? link.map(Link::mtu).orElse(0) : 0,
                "");
    }

    private static int setOf(List<AddressRangeSet> sets, InterfaceAddress address) {
        for (int i = 0; i < sets.size(); i++) {
            if (sets.get(i).ranges().stream().anyMatch(range -> range.subnet().contains(address.address()))) {
                return i;
            }
        }
        return sets.size();
    }

    private static Optional<IpAddress> gateway(List<AddressRangeSet> sets, InterfaceAddress address) {
        return sets.stream()
                .flatMap(set -> set.ranges().stream())
                .filter(range -> range.subnet().contains(address.address()))
                .findFirst()
                .flatMap(AddressRange::gateway);
    }
}
