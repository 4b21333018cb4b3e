package io.podnet.api;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A service as somebody wants it: what it shall be, and how it gets the addresses and ports that it does not name. The
 * service that comes of it is a {@link Service}.
 *
 * @param service the service; cluster IPs and node ports that it names are requested, those that it lacks are chosen
 * @param headless true for Kubernetes' {@code clusterIP: None}: it gets no cluster IP
 * @param ipFamilyPolicy how many families it has; empty for Kubernetes' default
 * @param ipFamilies its families in order, at most two; empty for the cluster's
 * @param allocateLoadBalancerNodePorts false keeps a LoadBalancer service from getting node ports that it does not name
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ServiceSpec(
        Service service,
        boolean headless,
        Optional<IpFamilyPolicy> ipFamilyPolicy,
        List<IpFamily> ipFamilies,
        boolean allocateLoadBalancerNodePorts) {
    public ServiceSpec {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(ipFamilyPolicy, "ipFamilyPolicy");
        ipFamilies = List.copyOf(ipFamilies);
        requireOneWayToAddresses(service, headless, ipFamilies);
        requirePorts(service, headless);
        requireFittingFields(service);
    }

    /**
     * Starts a service that pods are behind: type ClusterIP, all policies Cluster, no affinity, no port yet.
     *
     * @param namespace the Kubernetes namespace
     * @param name the service's name
     * @return a builder
     * @throws PodnetException.Invalid where a name breaks Kubernetes' grammar
     */
    public static ServiceSpecBuilder of(String namespace, String name) {
        return new ServiceSpecBuilder(new ServiceId(namespace, name));
    }

    /**
     * Takes a service that is known in full, or lacks only what is to be chosen.
     *
     * @param service the service; without cluster IP it gets one, unless it is an ExternalName
     * @return the specification
     */
    public static ServiceSpec of(Service service) {
        return new ServiceSpec(
                service,
                false,
                service.clusterIps().size() > 1 ? Optional.of(IpFamilyPolicy.REQUIRE_DUAL_STACK) : Optional.empty(),
                List.of(),
                true);
    }

    /**
     * Gives this specification for another state of the service.
     *
     * @param other the service
     * @return a copy
     */
    public ServiceSpec withService(Service other) {
        return new ServiceSpec(other, headless, ipFamilyPolicy, ipFamilies, allocateLoadBalancerNodePorts);
    }

    /**
     * Names the service.
     *
     * @return namespace and name
     */
    public ServiceId id() {
        return service.id();
    }

    // Kubernetes, pkg/apis/core/validation/validation.go, ValidateService and ValidateServiceClusterIPsRelatedFields.
    private static void requireOneWayToAddresses(Service service, boolean headless, List<IpFamily> families) {
        if (families.size() != Set.copyOf(families).size()) {
            throw new PodnetException.Invalid("service " + service.id() + " names an IP family twice: " + families);
        }
        List<IpFamily> ofIps =
                service.clusterIps().stream().map(IpAddress::family).toList();
        if (headless && !ofIps.isEmpty()) {
            throw new PodnetException.Invalid("service " + service.id() + " cannot be headless and have a cluster IP");
        }
        for (int i = 0; i < Math.min(ofIps.size(), families.size()); i++) {
            if (ofIps.get(i) != families.get(i)) {
                throw new PodnetException.Invalid(
                        "cluster IP " + service.clusterIps().get(i) + " of service " + service.id()
                                + " is not of the family in its place in ipFamilies");
            }
        }
        if (service.type() == Service.Type.EXTERNAL_NAME) {
            if (!ofIps.isEmpty() || headless || service.externalName().isEmpty()) {
                throw new PodnetException.Invalid("service " + service.id()
                        + " of type ExternalName needs an externalName and has no cluster IP, not even None");
            }
        } else if (headless && service.type() != Service.Type.CLUSTER_IP) {
            throw new PodnetException.Invalid(
                    "service " + service.id() + " is headless, so its type must be ClusterIP");
        }
    }

    private static void requirePorts(Service service, boolean headless) {
        if (service.ports().isEmpty() && !headless && service.type() != Service.Type.EXTERNAL_NAME) {
            throw new PodnetException.Invalid("service " + service.id() + " needs a port");
        }
        Set<Map.Entry<Protocol, Integer>> ports = new HashSet<>();
        Set<Map.Entry<Protocol, Integer>> nodePorts = new HashSet<>();
        boolean nodePortsFit = service.type() == Service.Type.NODE_PORT || service.type() == Service.Type.LOAD_BALANCER;
        for (ServicePort port : service.ports()) {
            if (port.name().isEmpty() && service.ports().size() > 1) {
                throw new PodnetException.Invalid(
                        "service " + service.id() + " has several ports, so each needs a name");
            }
            if (!ports.add(Map.entry(port.protocol(), port.port()))) {
                throw new PodnetException.Invalid(
                        "service " + service.id() + " has port " + port.port() + "/" + port.protocol() + " twice");
            }
            if (port.nodePort().isPresent() && !nodePortsFit) {
                throw new PodnetException.Invalid("service " + service.id()
                        + " has a nodePort, so its type must be NodePort or LoadBalancer, not " + service.type());
            }
            if (port.nodePort().isPresent()
                    && !nodePorts.add(Map.entry(port.protocol(), port.nodePort().getAsInt()))) {
                throw new PodnetException.Invalid("service " + service.id() + " has node port "
                        + port.nodePort().getAsInt() + "/" + port.protocol() + " twice");
            }
        }
    }

    private static void requireFittingFields(Service service) {
        if (service.loadBalancer().healthCheckNodePort().isPresent() && !hasHealthCheck(service)) {
            throw new PodnetException.Invalid("service " + service.id()
                    + " has a healthCheckNodePort, which only type LoadBalancer with externalTrafficPolicy Local has");
        }
        service.sessionAffinityTimeoutSeconds().ifPresent(seconds -> {
            if (seconds < 1 || seconds > 86_400) {
                throw new PodnetException.Invalid(
                        "session affinity of service " + service.id() + ": " + seconds + " s is not in 1..86400");
            }
        });
    }

    /**
     * Tells whether a service gets a health check node port.
     *
     * @param service the service
     * @return true for a LoadBalancer whose external traffic stays on the node
     */
    public static boolean hasHealthCheck(Service service) {
        return service.type() == Service.Type.LOAD_BALANCER
                && service.externalTrafficPolicy() == Service.TrafficPolicy.LOCAL;
    }
}
