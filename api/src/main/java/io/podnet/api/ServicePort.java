package io.podnet.api;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A port of a service: Kubernetes' {@code ServicePort}.
 *
 * @param name its name, a DNS label; empty only where the service has one port
 * @param protocol the protocol
 * @param port the service's port, 1 to 65535
 * @param targetPort the pods' port: a number in decimal, 1 to 65535 without leading zeros, or the name of a container port
 * @param nodePort the port on every node, 1 to 65535; empty for none
 * @param appProtocol a hint for applications; Podnet passes it on
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ServicePort(
        String name,
        Protocol protocol,
        int port,
        String targetPort,
        OptionalInt nodePort,
        Optional<String> appProtocol) {
    public ServicePort {
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(nodePort, "nodePort");
        Objects.requireNonNull(appProtocol, "appProtocol");
        if (!name.isEmpty()) {
            Names.dnsLabel("port name", name);
        }
        requirePort("port", port);
        nodePort.ifPresent(value -> requirePort("nodePort", value));
        // IANA_SVC_NAME, RFC 6335 section 5.1, or a number. Pods that come later would make a bad one a bad endpoint.
        if (targetPort.matches("[1-9][0-9]{0,4}")) {
            requirePort("targetPort", Integer.parseInt(targetPort));
        } else if (!targetPort.matches("(?=.{1,15}$)(?=.*[a-z])(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?")) {
            throw new PodnetException.Invalid("targetPort '" + targetPort + "' is neither a port nor a port's name");
        }
    }

    private static void requirePort(String what, int port) {
        if (port < 1 || port > 65535) {
            throw new PodnetException.Invalid(what + " " + port + " is not in 1..65535");
        }
    }
}
