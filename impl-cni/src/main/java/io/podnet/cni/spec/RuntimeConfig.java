package io.podnet.cni.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.podnet.api.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a runtime tells a plugin about one container, for the capabilities that the plugin's configuration declares:
 * CONVENTIONS.md. Fields with a name of their own have methods here; everything else stays in the object.
 *
 * @param json the object {@code runtimeConfig}, or libcni's capability arguments before they are filtered
 */
public record RuntimeConfig(JsonObject json) {
    /** Nothing told. */
    public static final RuntimeConfig EMPTY = new RuntimeConfig(JsonObject.EMPTY);

    private static final String PORT_MAPPINGS = "portMappings";
    private static final String BANDWIDTH = "bandwidth";
    private static final String IPS = "ips";
    private static final String ALIASES = "aliases";

    /**
     * Gives the ports of the node that lead to the container.
     *
     * @return {@code portMappings}, without those whose host port is 0, which mean none
     * @throws CniException with code 7 where one is wrong
     */
    public List<HostPort> portMappings() {
        return json.objects(PORT_MAPPINGS).stream()
                .filter(one -> one.number("hostPort", 0) != 0)
                .map(PortMapping::read)
                .toList();
    }

    /**
     * Gives the limits.
     *
     * @return {@code bandwidth}
     * @throws CniException with code 7 where it is wrong
     */
    public BandwidthLimits bandwidth() {
        return json.object(BANDWIDTH).map(BandwidthLimits::read).orElse(BandwidthLimits.NONE);
    }

    /**
     * Gives the addresses asked for.
     *
     * @return {@code ips} as they were written, with or without prefix length
     */
    public List<String> ips() {
        return json.texts(IPS);
    }

    /**
     * Gives the MAC address asked for.
     *
     * @return {@code mac}, empty where none is
     */
    public String mac() {
        return json.text("mac").orElse("");
    }

    /**
     * Gives the settings of name resolution; CONVENTIONS.md calls its lists {@code servers}, {@code searches}, {@code
     * options}.
     *
     * @return {@code dns}
     */
    public CniDns dns() {
        return json.object("dns")
                .map(dns -> new CniDns(dns.texts("servers"), "", dns.texts("searches"), dns.texts("options")))
                .orElse(CniDns.NONE);
    }

    /**
     * Gives the container's further names by network.
     *
     * @return {@code aliases}
     */
    public Map<String, List<String>> aliases() {
        Map<String, List<String>> aliases = new TreeMap<>();
        json.object(ALIASES)
                .ifPresent(networks -> networks.names().forEach(name -> aliases.put(name, networks.texts(name))));
        return aliases;
    }

    /**
     * Gives the ranges that addresses come from, in host-local's form: lists of lists.
     *
     * @return {@code ipRanges}, each range as an object
     * @throws CniException with code 7 where it has another form
     */
    public List<List<JsonObject>> ipRanges() {
        JsonObject wrapped = JsonObject.EMPTY;
        List<List<JsonObject>> sets = new ArrayList<>();
        for (var set : json.get("ipRanges")) {
            sets.add(wrapped.with("set", set).objects("set"));
        }
        return List.copyOf(sets);
    }

    /**
     * Adds ports.
     *
     * @param ports the ports
     * @return a copy
     */
    public RuntimeConfig withPortMappings(List<HostPort> ports) {
        ArrayNode list = JsonObject.newNode().arrayNode();
        ports.forEach(port -> list.add(PortMapping.write(port).toNode()));
        return new RuntimeConfig(json.with(PORT_MAPPINGS, list));
    }

    /**
     * Adds limits.
     *
     * @param limits the limits
     * @return a copy
     */
    public RuntimeConfig withBandwidth(BandwidthLimits limits) {
        return new RuntimeConfig(json.with(BANDWIDTH, limits.toJson()));
    }

    /**
     * Adds addresses asked for.
     *
     * @param ips the addresses
     * @return a copy
     */
    public RuntimeConfig withIps(List<String> ips) {
        return new RuntimeConfig(json.with(IPS, texts(ips)));
    }

    /**
     * Adds the MAC address asked for.
     *
     * @param mac the address
     * @return a copy
     */
    public RuntimeConfig withMac(String mac) {
        return new RuntimeConfig(json.with("mac", mac));
    }

    /**
     * Adds settings of name resolution.
     *
     * @param dns the settings; the domain has no place here
     * @return a copy
     */
    public RuntimeConfig withDns(CniDns dns) {
        var node = JsonObject.newNode();
        node.set("servers", texts(dns.nameservers()));
        node.set("searches", texts(dns.search()));
        node.set("options", texts(dns.options()));
        return new RuntimeConfig(json.with("dns", node));
    }

    /**
     * Adds further names in one network.
     *
     * @param network the network's name
     * @param names the names
     * @return a copy
     */
    public RuntimeConfig withAliases(String network, List<String> names) {
        JsonObject aliases = json.object(ALIASES).orElse(JsonObject.EMPTY);
        return new RuntimeConfig(json.with(ALIASES, aliases.with(network, texts(names))));
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode list = JsonObject.newNode().arrayNode();
        texts.forEach(list::add);
        return list;
    }
}
