package io.podnet.cni.spec;

import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import java.util.Locale;
import java.util.Optional;

/** An element of the capability {@code portMappings}, read and written as Podnet's {@link HostPort}. */
final class PortMapping {
    private PortMapping() {}

    static HostPort read(JsonObject json) {
        String protocol = json.text("protocol").filter(text -> !text.isEmpty()).orElse("tcp");
        String hostIp = json.text("hostIP").orElse("");
        try {
            return new HostPort(
                    hostIp.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(hostIp)),
                    port(json, "hostPort"),
                    port(json, "containerPort"),
                    Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)));
        } catch (PodnetException.Invalid e) {
            throw new CniException(
                    new CniError(CniError.INVALID_CONFIGURATION, "port mapping " + json, "" + e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new CniException(
                    new CniError(
                            CniError.INVALID_CONFIGURATION,
                            "protocol '" + CniNames.shown(protocol) + "' of a port mapping",
                            "tcp, udp and sctp exist"),
                    e);
        }
    }

    private static int port(JsonObject json, String name) {
        return (int) Math.max(-1, Math.min(json.number(name, 0), 65536));
    }

    static JsonObject write(HostPort port) {
        var json = JsonObject.newNode();
        json.put("hostPort", port.hostPort());
        json.put("containerPort", port.containerPort());
        json.put("protocol", port.protocol().name().toLowerCase(Locale.ROOT));
        port.hostIp().ifPresent(ip -> json.put("hostIP", ip.toString()));
        return JsonObject.of(json);
    }
}
