package io.podnet.cni.plugin;

import io.podnet.api.IpAddress;
import io.podnet.cni.spec.CniDns;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniNames;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.CniRoute;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.PluginConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A configuration of the reference plugin {@code bridge} (containernetworking/plugins, plugins/main/bridge), read whole
 * before anything is changed. Keys that it does not know are passed over, as the reference does; so is {@code enabledad}: an
 * address is leased and has its own MAC address, and a detection that nobody can answer proves nothing, and {@code
 * preserveDefaultVlan}, which means something on a bridge that filters VLANs alone.
 *
 * @param settings what all containers of the network share
 * @param routes the routes of the containers, in the order of the result
 * @param defaultGateway whether each family without a default route by a named gateway gets one
 * @param dns the result's resolver settings, where the configuration or another IPAM plugin says them
 * @param resolvConf the file that says them instead
 */
record BridgeKeys(
        NetworkSettings settings,
        List<CniRoute> routes,
        boolean defaultGateway,
        CniDns dns,
        Optional<String> resolvConf) {
    /** What the kernel gives a link that nobody gave an MTU: ETH_DATA_LEN. */
    private static final int ETHERNET_MTU = 1500;

    private static final String DISABLE = "disableContainerInterface";

    BridgeKeys {
        routes = List.copyOf(routes);
    }

    /**
     * Reads a configuration.
     *
     * @param given what another IPAM plugin than host-local answered: for the attachment that the call is about, then for the
     *     network's others
     */
    static BridgeKeys read(PluginConfig config, List<CniResult> given) {
        JsonObject json = config.json();
        refuseUnsupported(config);
        boolean delegated = IpamDelegate.isFor(config);
        HostLocalKeys ipam = delegated ? HostLocalKeys.given(config, given) : HostLocalKeys.read(config);
        boolean defaultGateway = json.flag("isDefaultGateway", false);
        String network = config.name()
                .orElseThrow(() -> new CniException(
                        CniError.INVALID_CONFIGURATION, "the configuration has no 'name'", "name the network"));
        Map<String, String> options = new LinkedHashMap<>();
        options.put(
                "bridge", json.text("bridge").filter(text -> !text.isEmpty()).orElse("cni0"));
        options.put("tables", "cni-" + network);
        options.put("hairpinMode", hairpinMode(json));
        options.put("masquerade", Boolean.toString(json.flag("ipMasq", false)));
        options.put("antiSpoofing", Boolean.toString(!ipam.ranges().isEmpty() && json.flag("macspoofchk", true)));
        options.put("forceAddress", Boolean.toString(json.flag("forceAddress", false)));
        options.put("onLink", "true");
        options.put("keepBridge", "true");
        options.put("gatewayOnBridge", Boolean.toString(defaultGateway || json.flag("isGateway", false)));
        options.put("portIsolation", Boolean.toString(json.flag("portIsolation", false)));
        options.put("disableContainerInterface", Boolean.toString(json.flag(DISABLE, false)));
        options.put("subnets", joined(ipam.subnets()));
        options.put("gateways", joined(ipam.gateways()));
        options.put("routes", kernelRoutes(ipam.routes(), defaultGateway, ipam));
        int mtu = (int) Math.max(-1, Math.min(json.number("mtu", 0), Integer.MAX_VALUE));
        CniDns own = json.object("dns").map(CniDns::read).orElse(CniDns.NONE);
        return new BridgeKeys(
                new NetworkSettings(
                        network,
                        options,
                        mtu == 0 ? ETHERNET_MTU : mtu,
                        ipam.ranges(),
                        ipam.dataDirectory(),
                        delegated),
                ipam.routes(),
                defaultGateway,
                own.isEmpty() ? ipam.dns() : own,
                own.isEmpty() ? ipam.resolvConf() : Optional.empty());
    }

    /** Reads the result's resolver settings: for who attaches, since the file may be gone when a container goes. */
    CniDns resolver() {
        return resolvConf.map(ResolvConfFile::read).orElse(dns);
    }

    private static void refuseUnsupported(PluginConfig config) {
        JsonObject json = config.json();
        refuse(json.number("vlan", 0) != 0, "vlan", "it needs a bridge that filters VLANs");
        refuse(!json.get("vlanTrunk").isEmpty(), "vlanTrunk", "it needs a bridge that filters VLANs");
        if (json.flag(DISABLE, false) && config.ipamType().isPresent()) {
            throw new CniException(
                    CniError.INVALID_CONFIGURATION,
                    "'" + DISABLE + "' and 'ipam' are both set",
                    "a link that is down has no use for addresses; leave one of them out");
        }
        String backend = json.text("ipMasqBackend").orElse("");
        if (!backend.isEmpty() && !backend.equals("iptables") && !backend.equals("nftables")) {
            throw new CniException(
                    CniError.INVALID_CONFIGURATION,
                    "ipMasqBackend '" + CniNames.shown(backend) + "' is neither iptables nor nftables",
                    "podnet-cni uses nftables whichever it is");
        }
    }

    private static void refuse(boolean set, String key, String why) {
        if (set) {
            throw new CniException(CniError.UNSUPPORTED_FIELD, "'" + key + "' is not supported", why);
        }
    }

    private static String hairpinMode(JsonObject json) {
        boolean hairpin = json.flag("hairpinMode", false);
        boolean promiscuous = json.flag("promiscMode", false);
        if (hairpin && promiscuous) {
            throw new CniException(
                    CniError.INVALID_CONFIGURATION, "hairpinMode and promiscMode are both set", "choose one");
        }
        return promiscuous ? "promiscuous-bridge" : hairpin ? "hairpin-veth" : "none";
    }

    private static String joined(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static String kernelRoutes(List<CniRoute> routes, boolean defaultGateway, HostLocalKeys ipam) {
        List<String> texts = new ArrayList<>();
        routes.forEach(route -> texts.add(kernelRoute(route)));
        if (defaultGateway) {
            for (IpAddress gateway :
                    ipam.gateways().stream().map(address -> address.address()).toList()) {
                texts.add(ResultParts.everywhere(gateway.family()).cidr().toString());
            }
        }
        return String.join(",", texts.stream().distinct().toList());
    }

    private static String kernelRoute(CniRoute route) {
        refuse(route.advmss() != 0, "routes.advmss", "routes have dst, gw, mtu, priority and table");
        refuse(route.scope().isPresent() && route.scope().getAsInt() != 0, "routes.scope", "the gateway decides it");
        StringBuilder text = new StringBuilder(route.destination().cidr().toString());
        route.gateway().ifPresent(gateway -> text.append(" via ").append(gateway));
        if (route.mtu() != 0) {
            text.append(" mtu ").append(route.mtu());
        }
        if (route.priority() != 0) {
            text.append(" metric ").append(route.priority());
        }
        route.table().ifPresent(table -> text.append(" table ").append(table));
        return text.toString();
    }

    /** What the addresses of one container make of the routes: those of the configuration, then its own defaults. */
    List<CniRoute> routesBy(List<IpAddress> gateways) {
        if (!defaultGateway) {
            return routes;
        }
        List<CniRoute> all = new ArrayList<>(routes);
        for (IpAddress gateway : gateways) {
            boolean named = routes.stream()
                    .anyMatch(route -> route.gateway().isPresent()
                            && route.destination().equals(ResultParts.everywhere(gateway.family())));
            if (!named) {
                all.add(new CniRoute(ResultParts.everywhere(gateway.family()), Optional.of(gateway)));
            }
        }
        return all;
    }
}
