package io.podnet.cni.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads results of all versions. */
final class ResultReader {
    private ResultReader() {}

    static CniResult read(JsonObject json, CniVersion missing) {
        String named = json.get("cniVersion").asText("");
        CniVersion version = named.isEmpty() ? missing : CniVersion.of(named);
        try {
            CniDns dns = json.object("dns").map(CniDns::read).orElse(CniDns.NONE);
            if (!version.isAtLeast(CniVersion.V0_3_0)) {
                return first(json, version, dns);
            }
            return new CniResult(
                    version,
                    json.objects("interfaces").stream()
                            .map(ResultReader::networkInterface)
                            .toList(),
                    json.objects("ips").stream().map(ResultReader::ip).toList(),
                    json.objects("routes").stream().map(ResultReader::route).toList(),
                    dns);
        } catch (CniException e) {
            throw new CniException(
                    new CniError(
                            CniError.DECODING_FAILURE,
                            "no result of CNI version " + version + ": "
                                    + e.error().message(),
                            e.error().details()),
                    e);
        }
    }

    private static CniResult first(JsonObject json, CniVersion version, CniDns dns) {
        List<CniIp> ips = new ArrayList<>();
        List<CniRoute> routes = new ArrayList<>();
        for (String field : List.of("ip4", "ip6")) {
            json.object(field).ifPresent(ip -> {
                ips.add(new CniIp(cidr(ip, "ip"), address(ip, "gateway"), OptionalInt.empty()));
                ip.objects("routes").forEach(route -> routes.add(route(route)));
            });
        }
        return new CniResult(version, List.of(), ips, routes, dns);
    }

    private static CniInterface networkInterface(JsonObject json) {
        return new CniInterface(
                json.text("name").orElse(""),
                json.text("mac").orElse(""),
                integer(json, "mtu").orElse(0),
                json.text("sandbox").orElse(""),
                json.text("socketPath").orElse(""),
                json.text("pciID").orElse(""));
    }

    private static CniIp ip(JsonObject json) {
        return new CniIp(cidr(json, "address"), address(json, "gateway"), integer(json, "interface"));
    }

    static CniRoute route(JsonObject json) {
        return new CniRoute(
                cidr(json, "dst"),
                address(json, "gw"),
                integer(json, "mtu").orElse(0),
                integer(json, "advmss").orElse(0),
                integer(json, "priority").orElse(0),
                integer(json, "table"),
                integer(json, "scope"));
    }

    private static OptionalInt integer(JsonObject json, String name) {
        JsonNode value = json.get(name);
        if (value.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, "a number of 32 bits", value.toString());
        }
        return OptionalInt.of(value.intValue());
    }

    private static InterfaceAddress cidr(JsonObject json, String name) {
        String text = json.text(name).orElse("");
        try {
            return InterfaceAddress.parse(text);
        } catch (PodnetException.Invalid e) {
            throw wrong(name, "an address with prefix length", text);
        }
    }

    private static Optional<IpAddress> address(JsonObject json, String name) {
        String text = json.text(name).orElse("");
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(text));
        } catch (PodnetException.Invalid e) {
            throw wrong(name, "an address", text);
        }
    }

    private static CniException wrong(String name, String expected, String value) {
        return new CniException(
                CniError.INVALID_CONFIGURATION,
                "field '" + name + "' is not " + expected,
                "it is '" + CniNames.shown(value) + "'");
    }
}
