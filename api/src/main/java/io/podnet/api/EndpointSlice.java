package io.podnet.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Some endpoints of a service: Kubernetes' {@code discovery.k8s.io/v1/EndpointSlice}.
 *
 * @param name the slice's name, unique in its service's namespace
 * @param service the service that it belongs to: the label {@code kubernetes.io/service-name}
 * @param addressType the family of its addresses
 * @param endpoints the endpoints
 * @param ports the ports that each of them has
 */
@API(status = API.Status.STABLE, since = "0.1")
public record EndpointSlice(
        String name, ServiceId service, IpFamily addressType, List<Endpoint> endpoints, List<Port> ports) {
    public EndpointSlice {
        Names.dnsSubdomain("endpoint slice", name);
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(addressType, "addressType");
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /**
     * One backend of a service.
     *
     * @param addresses its addresses, which are all the same backend; consumers use the first
     * @param ready whether it takes traffic; Kubernetes' absent value is true
     * @param serving whether it could take traffic if it must, also while it terminates; Kubernetes' absent value is true
     * @param terminating whether it is going away; absent is false
     * @param hostname its name under a headless service, an RFC 1123 label
     * @param nodeName the node that it runs on
     * @param zone the zone that it runs in
     * @param hintNodes nodes whose clients should prefer it; empty for no hint
     * @param hintZones zones whose clients should prefer it; empty for no hint
     * @param target the pod behind it
     */
    public record Endpoint(
            List<IpAddress> addresses,
            boolean ready,
            boolean serving,
            boolean terminating,
            Optional<String> hostname,
            Optional<String> nodeName,
            Optional<String> zone,
            List<String> hintNodes,
            List<String> hintZones,
            Optional<PodId> target) {
        public Endpoint {
            Objects.requireNonNull(hostname, "hostname");
            Objects.requireNonNull(nodeName, "nodeName");
            Objects.requireNonNull(zone, "zone");
            Objects.requireNonNull(target, "target");
            addresses = List.copyOf(addresses);
            hintNodes = List.copyOf(hintNodes);
            hintZones = List.copyOf(hintZones);
            hostname.ifPresent(name -> Names.dnsLabel("endpoint hostname", name));
            if (addresses.isEmpty()) {
                throw new PodnetException.Invalid("an endpoint needs an address");
            }
        }
    }

    /**
     * A port of the endpoints.
     *
     * @param name the service port's name that it serves; empty for the unnamed one
     * @param protocol the protocol
     * @param port the number, 1 to 65535; empty means that consumers pass it over
     */
    public record Port(String name, Protocol protocol, OptionalInt port) {
        public Port {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(protocol, "protocol");
            Objects.requireNonNull(port, "port");
        }
    }
}
