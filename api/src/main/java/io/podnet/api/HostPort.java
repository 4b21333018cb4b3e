package io.podnet.api;

import java.util.Objects;
import java.util.Optional;

/**
 * A port of the node that leads to a port of the pod: {@code hostPort} of a Kubernetes {@code ContainerPort}.
 *
 * @param hostIp the node's address it is bound to; empty for all addresses of both families
 * @param hostPort port on the node, 1 to 65535
 * @param containerPort port in the pod, 1 to 65535
 * @param protocol the protocol, never null
 */
@API(status = API.Status.STABLE, since = "0.1")
public record HostPort(Optional<IpAddress> hostIp, int hostPort, int containerPort, Protocol protocol) {

    public HostPort {
        Objects.requireNonNull(hostIp, "hostIp");
        Objects.requireNonNull(protocol, "protocol");
        requirePort("hostPort", hostPort);
        requirePort("containerPort", containerPort);
    }

    private static void requirePort(String what, int port) {
        if (port < 1 || port > 65535) {
            throw new PodnetException.Invalid(what + " " + port + " is not in 1..65535");
        }
    }

    /**
     * Tells whether both would catch the same packet: same protocol and port, and an address that both match.
     *
     * @param other another mapping
     * @return true where only one of them can exist on a node
     */
    public boolean conflictsWith(HostPort other) {
        return protocol == other.protocol
                && hostPort == other.hostPort
                && (matchesAll(other) || other.matchesAll(this) || hostIp.equals(other.hostIp));
    }

    private boolean matchesAll(HostPort other) {
        return hostIp.isEmpty()
                || (hostIp.get().isUnspecified()
                        && (other.hostIp.isEmpty()
                                || other.hostIp.get().family() == hostIp.get().family()));
    }

    /**
     * Writes the mapping.
     *
     * @return for example {@code TCP 192.0.2.1:8080->80}
     */
    @Override
    public String toString() {
        return protocol + " " + hostIp.map(ip -> ip + ":").orElse("") + hostPort + "->" + containerPort;
    }
}
