package io.podnet.api;

import java.util.Objects;

/**
 * A port that a pod says it serves: the part of Kubernetes' {@code ContainerPort} that services look at, to find the
 * number behind a named {@code targetPort}.
 *
 * @param name its name, an IANA service name; empty for none
 * @param port the port in the pod, 1 to 65535
 * @param protocol the protocol
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ContainerPort(String name, int port, Protocol protocol) {
    public ContainerPort {
        Objects.requireNonNull(protocol, "protocol");
        if (!name.isEmpty()) {
            Names.portName("container port name", name);
        }
        if (port < 1 || port > 65535) {
            throw new PodnetException.Invalid("containerPort " + port + " is not in 1..65535");
        }
    }
}
