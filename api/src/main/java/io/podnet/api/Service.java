package io.podnet.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A service, with the fields and defaults of Kubernetes' {@code v1/Service} that a proxy or a resolver acts on.
 *
 * @param id namespace and name
 * @param labels labels; {@code service.kubernetes.io/service-proxy-name} and {@code service.kubernetes.io/headless}
 *     keep a proxy away
 * @param annotations annotations
 * @param type how it is published
 * @param selector labels that its pods have; empty where somebody else makes its endpoints
 * @param clusterIps its virtual addresses, at most one of a family; empty for a headless or ExternalName service
 * @param ports its ports
 * @param externalIps addresses that the nodes take traffic for
 * @param loadBalancer the load balancer's part
 * @param externalName the name that an ExternalName service stands for
 * @param sessionAffinityTimeoutSeconds ClientIP affinity's time, 1 to 86400; empty for no affinity
 * @param internalTrafficPolicy which endpoints traffic from inside reaches
 * @param externalTrafficPolicy which endpoints traffic from outside reaches
 * @param trafficDistribution Kubernetes' {@code trafficDistribution}; empty for none
 * @param publishNotReadyAddresses whether endpoints count before they are ready
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Service(
        ServiceId id,
        Map<String, String> labels,
        Map<String, String> annotations,
        Type type,
        Map<String, String> selector,
        List<IpAddress> clusterIps,
        List<ServicePort> ports,
        List<IpAddress> externalIps,
        LoadBalancer loadBalancer,
        Optional<String> externalName,
        OptionalInt sessionAffinityTimeoutSeconds,
        TrafficPolicy internalTrafficPolicy,
        TrafficPolicy externalTrafficPolicy,
        Optional<String> trafficDistribution,
        boolean publishNotReadyAddresses) {
    public Service {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(loadBalancer, "loadBalancer");
        Objects.requireNonNull(externalName, "externalName");
        Objects.requireNonNull(sessionAffinityTimeoutSeconds, "sessionAffinityTimeoutSeconds");
        Objects.requireNonNull(internalTrafficPolicy, "internalTrafficPolicy");
        Objects.requireNonNull(externalTrafficPolicy, "externalTrafficPolicy");
        Objects.requireNonNull(trafficDistribution, "trafficDistribution");
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        selector = Map.copyOf(selector);
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
        externalIps = List.copyOf(externalIps);
        if (clusterIps.stream().map(IpAddress::family).distinct().count() != clusterIps.size()) {
            throw new PodnetException.Invalid("service " + id + " has two cluster IPs of one family: " + clusterIps);
        }
        if (ports.stream().filter(port -> port.name().isEmpty()).count() > 1) {
            throw new PodnetException.Invalid("service " + id + " has several ports, so each needs a name");
        }
        if (ports.stream().map(ServicePort::name).distinct().count() != ports.size()) {
            throw new PodnetException.Invalid("service " + id + " has two ports of one name");
        }
    }

    /** How a service is published: Kubernetes' {@code ServiceType}. */
    public enum Type {
        /** Inside the cluster. */
        CLUSTER_IP,
        /** On a port of every node too. */
        NODE_PORT,
        /** By a load balancer too. */
        LOAD_BALANCER,
        /** As an alias in DNS only. */
        EXTERNAL_NAME
    }

    /** Which endpoints traffic reaches: Kubernetes' traffic policies. */
    public enum TrafficPolicy {
        /** All of them. */
        CLUSTER,
        /** Those on the node that the traffic arrives at; the client's address is kept. */
        LOCAL
    }

    /**
     * The load balancer's part of a service.
     *
     * @param ingress addresses that the balancer takes traffic on
     * @param sourceRanges clients that may use them; empty for all
     * @param healthCheckNodePort the node's port that tells whether it has local endpoints; empty for none
     */
    public record LoadBalancer(List<Ingress> ingress, List<Cidr> sourceRanges, OptionalInt healthCheckNodePort) {
        /** No load balancer. */
        public static final LoadBalancer NONE = new LoadBalancer(List.of(), List.of(), OptionalInt.empty());

        public LoadBalancer {
            Objects.requireNonNull(healthCheckNodePort, "healthCheckNodePort");
            ingress = List.copyOf(ingress);
            sourceRanges = List.copyOf(sourceRanges);
        }
    }

    /**
     * An address of a load balancer.
     *
     * @param ip the address
     * @param proxied true for {@code ipMode: Proxy}: the balancer delivers to the nodes by itself, so that the proxy
     *     leaves the address alone
     */
    public record Ingress(IpAddress ip, boolean proxied) {
        public Ingress {
            Objects.requireNonNull(ip, "ip");
        }
    }
}
