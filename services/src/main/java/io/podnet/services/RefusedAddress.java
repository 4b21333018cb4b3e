package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.ServiceId;
import java.util.Objects;

/**
 * An external or load balancer address that a service asked for and does not get, because it lies outside the
 * configured networks, inside the service networks, or is of a class that is never external. The service works without
 * it.
 *
 * @param service the service
 * @param ip the address
 */
public record RefusedAddress(ServiceId service, IpAddress ip) {
    public RefusedAddress {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(ip, "ip");
    }
}
