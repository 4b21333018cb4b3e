package io.podnet.cni.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.cni.spec.CniDns;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.CniRoute;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.PluginConfig;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The {@code ipam} block of a configuration for host-local (containernetworking/plugins, plugins/ipam/host-local).
 *
 * @param ranges range sets: those of the runtime, then the flat range, then the listed ones
 * @param routes routes for the containers
 * @param dataDirectory where the leases are
 * @param dns what another IPAM plugin said of name resolution
 * @param resolvConf the file that says it instead
 */
record HostLocalKeys(
        List<AddressRangeSet> ranges,
        List<CniRoute> routes,
        Path dataDirectory,
        CniDns dns,
        Optional<String> resolvConf) {
    static final HostLocalKeys NONE =
            new HostLocalKeys(List.of(), List.of(), Path.of("/var/lib/cni/networks"), CniDns.NONE, Optional.empty());

    HostLocalKeys {
        ranges = List.copyOf(ranges);
        routes = List.copyOf(routes);
    }

    /** The same of what another IPAM plugin gave: this attachment's answer first, and those of the network's others. */
    static HostLocalKeys given(PluginConfig config, List<CniResult> results) {
        boolean gateway =
                config.json().flag("isGateway", false) || config.json().flag("isDefaultGateway", false);
        return new HostLocalKeys(
                GivenAddresses.networks(results.stream(), gateway),
                results.isEmpty() ? List.of() : results.get(0).routes(),
                NONE.dataDirectory(),
                results.isEmpty() ? CniDns.NONE : results.get(0).dns(),
                Optional.empty());
    }

    /** Reads the block; a configuration without one has no addresses. */
    static HostLocalKeys read(PluginConfig config) {
        if (config.ipamType().isEmpty()) {
            return NONE;
        }
        JsonObject ipam = config.ipam().orElse(JsonObject.EMPTY);
        List<AddressRangeSet> sets = new ArrayList<>();
        config.runtimeConfig().ipRanges().forEach(set -> sets.add(set(set)));
        if (ipam.has("subnet")) {
            sets.add(set(List.of(ipam)));
        }
        for (JsonNode set : ipam.get("ranges")) {
            sets.add(set(JsonObject.EMPTY.with("set", set).objects("set")));
        }
        if (sets.isEmpty()) {
            throw new CniException(CniError.INVALID_CONFIGURATION, "ipam has no ranges", "set subnet or ranges");
        }
        return new HostLocalKeys(
                sets,
                ipam.objects("routes").stream().map(CniRoute::read).toList(),
                ipam.text("dataDir")
                        .filter(text -> !text.isEmpty())
                        .map(Path::of)
                        .orElse(NONE.dataDirectory()),
                CniDns.NONE,
                ipam.text("resolvConf").filter(text -> !text.isEmpty()));
    }

    private static AddressRangeSet set(List<JsonObject> ranges) {
        return new AddressRangeSet(ranges.stream().map(HostLocalKeys::range).toList());
    }

    /** Range.Canonicalize of the reference's backend/allocator/range.go. */
    private static AddressRange range(JsonObject json) {
        AddressRange whole = AddressRange.of(Cidr.parse(json.text("subnet").orElse("")));
        return new AddressRange(
                whole.subnet(),
                address(json, "rangeStart").orElse(whole.rangeStart()),
                address(json, "rangeEnd").orElse(whole.rangeEnd()),
                address(json, "gateway").or(whole::gateway),
                List.of());
    }

    private static Optional<IpAddress> address(JsonObject json, String name) {
        return json.text(name).filter(text -> !text.isEmpty()).map(IpAddress::parse);
    }

    private Stream<AddressRange> allRanges() {
        return ranges.stream().flatMap(set -> set.ranges().stream());
    }

    /** The networks, each once. */
    List<Cidr> subnets() {
        return allRanges().map(AddressRange::subnet).distinct().toList();
    }

    /** The networks' gateways with their prefix lengths, each once. */
    List<InterfaceAddress> gateways() {
        return allRanges()
                .flatMap(range -> range.gateway().stream()
                        .map(gateway ->
                                new InterfaceAddress(gateway, range.subnet().prefixLength())))
                .distinct()
                .toList();
    }
}
