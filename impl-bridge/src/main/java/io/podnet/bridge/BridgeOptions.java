package io.podnet.bridge;

import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The plugin's own settings.
 *
 * @param bridge the bridge's name; kubenet's {@code cbr0} by default
 * @param tables what the packet filter's tables are named after; the bridge by default. Several networks may share a
 *     bridge, each with tables of its own
 * @param hairpinMode how a pod reaches itself through the node
 * @param masquerade whether traffic that leaves the non-masquerade CIDRs gets the node's address
 * @param antiSpoofing whether frames with a source that is not the pod's are dropped
 * @param forceAddress whether a foreign address on an existing bridge is removed instead of refused
 * @param onLink whether pods find each other on the link by ARP, as under kubenet; otherwise through the gateway, whose
 *     neighbour entry is permanent: the kernel holds 1024 entries for all namespaces together, too few for a few dozen
 *     pods that all speak with each other
 * @param keepBridge whether the bridge is the user's: one that is there keeps its MAC address and MTU, and none is ever
 *     removed, as CNI's bridge plugin has it
 * @param gatewayOnBridge whether the bridge has the gateways' addresses and the node forwards
 * @param portIsolation whether pods reach the bridge alone and not each other
 * @param disableContainerInterface whether the pod's end is left down, for a pod that brings it up itself
 * @param ensureShared whether the bridge, its addresses and the node's rules are made and kept as they should be; without,
 *     pods can be torn down alone, and nothing changes for those who are there by other settings
 * @param subnets the pods' networks, instead of the node's pod CIDRs; several of a family are allowed
 * @param gateways the networks' gateways with their prefix lengths, instead of each network's first address
 * @param routes pods' routes, instead of a default route by each gateway
 */
record BridgeOptions(
        String bridge,
        String tables,
        HairpinMode hairpinMode,
        boolean masquerade,
        boolean antiSpoofing,
        boolean forceAddress,
        boolean onLink,
        boolean keepBridge,
        boolean gatewayOnBridge,
        boolean portIsolation,
        boolean disableContainerInterface,
        boolean ensureShared,
        Optional<List<Cidr>> subnets,
        Optional<List<InterfaceAddress>> gateways,
        Optional<List<PodRoute>> routes) {
    private static final Set<String> NAMES = Set.of(
            "bridge",
            "tables",
            "hairpinMode",
            "masquerade",
            "antiSpoofing",
            "forceAddress",
            "onLink",
            "keepBridge",
            "gatewayOnBridge",
            "portIsolation",
            "disableContainerInterface",
            "ensureShared",
            "subnets",
            "gateways",
            "routes");

    static BridgeOptions parse(Map<String, String> options) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(NAMES);
        if (!unknown.isEmpty()) {
            throw new PodnetException.Invalid(
                    "the bridge plugin has no options " + unknown + "; it has " + new TreeSet<>(NAMES));
        }
        HairpinMode hairpinMode =
                HairpinMode.parse(options.getOrDefault("hairpinMode", HairpinMode.HAIRPIN_VETH.text()));
        boolean promiscuous = hairpinMode == HairpinMode.PROMISCUOUS_BRIDGE;
        boolean onLink = flag(options, "onLink", promiscuous);
        if (promiscuous && !onLink) {
            throw new PodnetException.Invalid("hairpinMode promiscuous-bridge needs onLink=true: its rule against"
                    + " duplicates drops what the node forwards from pod to pod");
        }
        String bridge = Names.interfaceName(options.getOrDefault("bridge", "cbr0"));
        return new BridgeOptions(
                bridge,
                options.containsKey("tables")
                        ? Names.cniId("option tables", options.get("tables"))
                        : Names.cniId("option bridge, which the packet filter's tables are named after,", bridge),
                hairpinMode,
                flag(options, "masquerade", true),
                flag(options, "antiSpoofing", true),
                flag(options, "forceAddress", false),
                onLink,
                flag(options, "keepBridge", false),
                flag(options, "gatewayOnBridge", true),
                flag(options, "portIsolation", false),
                flag(options, "disableContainerInterface", false),
                flag(options, "ensureShared", true),
                Optional.ofNullable(options.get("subnets")).map(text -> list(text, Cidr::parse)),
                Optional.ofNullable(options.get("gateways")).map(text -> list(text, InterfaceAddress::parse)),
                Optional.ofNullable(options.get("routes")).map(PodRoute::parseAll));
    }

    private static <T> List<T> list(String text, Function<String, T> parse) {
        return Arrays.stream(text.split(",", -1))
                .filter(one -> !one.isEmpty())
                .map(parse)
                .toList();
    }

    private static boolean flag(Map<String, String> options, String name, boolean otherwise) {
        String text = options.getOrDefault(name, Boolean.toString(otherwise));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new PodnetException.Invalid("option " + name + "='" + text + "' is not true or false");
        };
    }

    /** The pods' networks. */
    List<Cidr> networks(List<Cidr> podCidrs) {
        return subnets.orElse(podCidrs);
    }

    /** What the bridge has as addresses. */
    List<InterfaceAddress> bridgeAddresses(List<Cidr> networks) {
        if (!gatewayOnBridge) {
            return List.of();
        }
        return gateways.orElseGet(() -> networks.stream()
                .map(cidr -> new InterfaceAddress(cidr.gateway(), cidr.prefixLength()))
                .toList());
    }

    /** The gateway of a pod's address, where its network has one. */
    Optional<IpAddress> gatewayOf(InterfaceAddress address) {
        if (gateways.isEmpty()) {
            return Optional.of(address.cidr().gateway());
        }
        return gateways.get().stream()
                .filter(gateway -> gateway.cidr().equals(address.cidr()))
                .map(InterfaceAddress::address)
                .findFirst();
    }

    /** The routes of a pod whose addresses have these gateways. */
    List<PodRoute> routesBy(List<IpAddress> gatewaysOfPod) {
        return routes.map(all ->
                        all.stream().map(route -> route.orVia(gatewaysOfPod)).toList())
                .orElseGet(() -> gatewaysOfPod.stream().map(PodRoute::toDefault).toList());
    }

    /** What marks links that have no other sign of whose they are. */
    String mark() {
        return "podnet-" + tables;
    }
}
