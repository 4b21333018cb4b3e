package io.podnet.services;

import io.podnet.api.Protocol;
import io.podnet.api.ServiceId;
import java.util.Comparator;
import java.util.Objects;

/**
 * Names a service port: kube-proxy's unit of work (pkg/proxy/types.go, ServicePortName).
 *
 * @param service the service
 * @param port the port's name; empty for the unnamed one
 * @param protocol the protocol
 */
public record ServicePortName(ServiceId service, String port, Protocol protocol)
        implements Comparable<ServicePortName> {
    private static final Comparator<ServicePortName> ORDER = Comparator.comparing(ServicePortName::service)
            .thenComparing(ServicePortName::port)
            .thenComparing(ServicePortName::protocol);

    public ServicePortName {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(protocol, "protocol");
    }

    @Override
    public int compareTo(ServicePortName other) {
        return ORDER.compare(this, other);
    }

    /**
     * Writes the name as kube-proxy does, without the protocol.
     *
     * @return {@code namespace/name:port}, or {@code namespace/name} for an unnamed port
     */
    @Override
    public String toString() {
        return port.isEmpty() ? service.toString() : service + ":" + port;
    }
}
