package io.podnet.services;

import io.podnet.api.ServiceId;
import java.util.Objects;

/**
 * What the health check of a load balanced service with a Local policy answers from.
 *
 * @param service the service
 * @param port the health check's node port, 1 to 65535
 * @param localEndpoints ready endpoints on this node, by distinct address; of two families the greater count, since a
 *     dual-stack pod is one endpoint. Terminating ones do not count
 */
public record ServiceHealth(ServiceId service, int port, int localEndpoints) {
    public ServiceHealth {
        Objects.requireNonNull(service, "service");
    }
}
