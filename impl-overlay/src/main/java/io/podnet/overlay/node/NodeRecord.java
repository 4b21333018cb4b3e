package io.podnet.overlay.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A node as the others see it. It outlasts the node's session: a node that the store does not hear may forward all the same.
 *
 * @param name the node's name
 * @param token the fencing token of the session that wrote it: the node's incarnation, greater is newer
 * @param endpoints at most one of an underlay family
 * @param vni VXLAN network identifier
 * @param port UDP port of VXLAN
 * @param podCidrs the subnets whose pods all are on the node; empty where pods are told one by one
 * @param tunnelIps addresses of the node itself in the pod network, at most one of a family
 * @param capabilities what the node can do beyond the minimum
 */
public record NodeRecord(
        String name,
        long token,
        List<TunnelEndpoint> endpoints,
        int vni,
        int port,
        List<Cidr> podCidrs,
        List<IpAddress> tunnelIps,
        Set<String> capabilities) {
    /** The node answers MTU probes. */
    public static final String MTU_PROBE = "mtu-probe";

    /** The node acknowledges what it has programmed. */
    public static final String ACKNOWLEDGES = "acknowledges";

    private static final String TOKEN = "token";
    private static final String ENDPOINTS = "endpoints";
    private static final String UNDERLAY = "underlay";
    private static final String MAC = "vtepMac";
    private static final String MTU = "mtu";
    private static final String VNI = "vni";
    private static final String PORT = "port";
    private static final String POD_CIDRS = "podCIDRs";
    private static final String TUNNEL_IPS = "tunnelIPs";
    private static final String CAPABILITIES = "capabilities";

    public NodeRecord {
        Names.dnsSubdomain("node name", name);
        endpoints = List.copyOf(endpoints);
        podCidrs = List.copyOf(podCidrs);
        tunnelIps = List.copyOf(tunnelIps);
        capabilities = Set.copyOf(capabilities);
        if (endpoints.stream().map(each -> each.underlay().family()).distinct().count() != endpoints.size()) {
            throw new PodnetException.Invalid("node " + name + " has two end points of one family: " + endpoints);
        }
    }

    /**
     * Gives the end point of an underlay family.
     *
     * @param family the family
     * @return the end point, empty where the node has none
     */
    public Optional<TunnelEndpoint> endpoint(IpFamily family) {
        return endpoints.stream()
                .filter(each -> each.underlay().family() == family)
                .findFirst();
    }

    /**
     * Gives the node's own address in the pod network.
     *
     * @param family the family
     * @return the address, empty where the node has none
     */
    public Optional<IpAddress> tunnelIp(IpFamily family) {
        return tunnelIps.stream().filter(each -> each.family() == family).findFirst();
    }

    /**
     * Reads a record.
     *
     * @param entry an entry below a network's nodes
     * @return the record
     * @throws PodnetException where it is none
     */
    public static NodeRecord of(Entry entry) {
        StoredJson json = StoredJson.of(entry);
        return new NodeRecord(
                entry.key().name(),
                json.number(TOKEN),
                list(json, ENDPOINTS, each -> endpoint(json, each)),
                Math.toIntExact(json.number(VNI)),
                Math.toIntExact(json.number(PORT)),
                list(json, POD_CIDRS, each -> Cidr.parse(each.asText())),
                list(json, TUNNEL_IPS, each -> IpAddress.parse(each.asText())),
                new TreeSet<>(list(json, CAPABILITIES, JsonNode::asText)));
    }

    private static TunnelEndpoint endpoint(StoredJson json, JsonNode each) {
        if (!(each instanceof ObjectNode object)) {
            throw json.broken(ENDPOINTS, "no list of objects");
        }
        StoredJson fields = new StoredJson(json.key(), object);
        return new TunnelEndpoint(
                IpAddress.parse(fields.text(UNDERLAY)),
                MacAddress.parse(fields.text(MAC)),
                Math.toIntExact(fields.number(MTU)));
    }

    private static <T> List<T> list(StoredJson json, String field, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        json.object().path(field).forEach(each -> all.add(read.apply(each)));
        return all;
    }

    /**
     * Writes the record.
     *
     * @param before what is in the store; fields that are not known stay
     * @return the text
     */
    public String write(Optional<Entry> before) {
        ObjectNode json = before.map(entry -> StoredJson.of(entry).object()).orElseGet(StoredJson::empty);
        json.put(TOKEN, token).put(VNI, vni).put(PORT, port);
        ArrayNode list = json.putArray(ENDPOINTS);
        endpoints.forEach(each -> list.addObject()
                .put(UNDERLAY, each.underlay().toString())
                .put(MAC, each.mac().toString())
                .put(MTU, each.mtu()));
        ArrayNode cidrs = json.putArray(POD_CIDRS);
        podCidrs.forEach(each -> cidrs.add(each.toString()));
        ArrayNode ips = json.putArray(TUNNEL_IPS);
        tunnelIps.forEach(each -> ips.add(each.toString()));
        ArrayNode can = json.putArray(CAPABILITIES);
        capabilities.stream().sorted().forEach(can::add);
        return json.toString();
    }
}
