package io.podnet.cni.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.IpFamily;
import java.util.List;

/** Writes results of all versions, with libcni's order of fields. */
final class ResultWriter {
    private ResultWriter() {}

    static JsonObject write(CniResult result) {
        ObjectNode json = JsonObject.newNode();
        json.put("cniVersion", result.version().toString());
        boolean lists = result.version().isAtLeast(CniVersion.V0_3_0);
        if (lists) {
            writeLists(json, result);
        } else {
            for (CniIp ip : result.ips()) {
                boolean four = ip.address().address().family() == IpFamily.IPV4;
                writeFirst(json.putObject(four ? "ip4" : "ip6"), ip, result.routes());
            }
        }
        // libcni before 1.0.0 writes an empty object where there are no settings.
        if (!result.dns().isEmpty() || !result.version().isAtLeast(CniVersion.V1_0_0)) {
            json.set("dns", result.dns().toJson());
        }
        return JsonObject.of(json);
    }

    private static void writeFirst(ObjectNode json, CniIp ip, List<CniRoute> routes) {
        json.put("ip", ip.address().toString());
        ip.gateway().ifPresent(gateway -> json.put("gateway", gateway.toString()));
        List<CniRoute> ofFamily = routes.stream()
                .filter(route -> route.destination().address().family()
                        == ip.address().address().family())
                .toList();
        if (!ofFamily.isEmpty()) {
            ArrayNode list = json.putArray("routes");
            ofFamily.forEach(route -> write(list.addObject(), route));
        }
    }

    private static void writeLists(ObjectNode json, CniResult result) {
        if (!result.interfaces().isEmpty()) {
            ArrayNode list = json.putArray("interfaces");
            result.interfaces().forEach(one -> write(list.addObject(), one));
        }
        if (!result.ips().isEmpty()) {
            ArrayNode list = json.putArray("ips");
            boolean versioned = !result.version().isAtLeast(CniVersion.V1_0_0);
            result.ips().forEach(ip -> write(list.addObject(), ip, versioned));
        }
        if (!result.routes().isEmpty()) {
            ArrayNode list = json.putArray("routes");
            result.routes().forEach(route -> write(list.addObject(), route));
        }
    }

    private static void write(ObjectNode json, CniInterface one) {
        json.put("name", one.name());
        putText(json, "mac", one.mac());
        putNumber(json, "mtu", one.mtu());
        putText(json, "sandbox", one.sandbox());
        putText(json, "socketPath", one.socketPath());
        putText(json, "pciID", one.pciId());
    }

    private static void write(ObjectNode json, CniIp ip, boolean versioned) {
        if (versioned) {
            json.put("version", ip.address().address().family() == IpFamily.IPV4 ? "4" : "6");
        }
        ip.interfaceIndex().ifPresent(index -> json.put("interface", index));
        json.put("address", ip.address().toString());
        ip.gateway().ifPresent(gateway -> json.put("gateway", gateway.toString()));
    }

    private static void write(ObjectNode json, CniRoute route) {
        json.put("dst", route.destination().toString());
        route.gateway().ifPresent(gateway -> json.put("gw", gateway.toString()));
        putNumber(json, "mtu", route.mtu());
        putNumber(json, "advmss", route.advmss());
        putNumber(json, "priority", route.priority());
        route.table().ifPresent(table -> json.put("table", table));
        route.scope().ifPresent(scope -> json.put("scope", scope));
    }

    private static void putText(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    private static void putNumber(ObjectNode json, String name, int value) {
        if (value != 0) {
            json.put(name, value);
        }
    }
}
