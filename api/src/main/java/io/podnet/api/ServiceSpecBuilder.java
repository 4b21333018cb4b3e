package io.podnet.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Collects a {@link ServiceSpec}, with Kubernetes' defaults. Not thread-safe. */
@API(status = API.Status.STABLE, since = "0.1")
public final class ServiceSpecBuilder {
    private final ServiceId id;
    private final Map<String, String> labels = new TreeMap<>();
    private final Map<String, String> annotations = new TreeMap<>();
    private final Map<String, String> selector = new TreeMap<>();
    private final List<IpAddress> clusterIps = new ArrayList<>();
    private final List<ServicePort> ports = new ArrayList<>();
    private final List<IpAddress> externalIps = new ArrayList<>();
    private final List<IpFamily> ipFamilies = new ArrayList<>();
    private Service.Type type = Service.Type.CLUSTER_IP;
    private Service.LoadBalancer loadBalancer = Service.LoadBalancer.NONE;
    private Optional<String> externalName = Optional.empty();
    private OptionalInt affinity = OptionalInt.empty();
    private Service.TrafficPolicy internalTrafficPolicy = Service.TrafficPolicy.CLUSTER;
    private Service.TrafficPolicy externalTrafficPolicy = Service.TrafficPolicy.CLUSTER;
    private Optional<String> trafficDistribution = Optional.empty();
    private boolean publishNotReadyAddresses;
    private boolean headless;
    private Optional<IpFamilyPolicy> ipFamilyPolicy = Optional.empty();
    private boolean allocateLoadBalancerNodePorts = true;

    ServiceSpecBuilder(ServiceId id) {
        this.id = id;
    }

    /**
     * Adds a label.
     *
     * @param key key
     * @param value value
     * @return this builder
     */
    public ServiceSpecBuilder label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    /**
     * Adds an annotation.
     *
     * @param key key
     * @param value value
     * @return this builder
     */
    public ServiceSpecBuilder annotation(String key, String value) {
        annotations.put(key, value);
        return this;
    }

    /**
     * Adds a label that the service's pods have.
     *
     * @param key key
     * @param value value
     * @return this builder
     */
    public ServiceSpecBuilder selector(String key, String value) {
        selector.put(key, value);
        return this;
    }

    /**
     * Adds the TCP port of a service that has one port.
     *
     * @param port the service's port
     * @param targetPort the pods' port
     * @return this builder
     */
    public ServiceSpecBuilder port(int port, int targetPort) {
        return port("", Protocol.TCP, port, Integer.toString(targetPort));
    }

    /**
     * Adds a port.
     *
     * @param name its name; empty only where the service has one port
     * @param protocol the protocol
     * @param port the service's port
     * @param targetPort the pods' port: a number, or the name of a container port
     * @return this builder
     */
    public ServiceSpecBuilder port(String name, Protocol protocol, int port, String targetPort) {
        return port(new ServicePort(name, protocol, port, targetPort, OptionalInt.empty(), Optional.empty()));
    }

    /**
     * Adds a port.
     *
     * @param port the port
     * @return this builder
     */
    public ServiceSpecBuilder port(ServicePort port) {
        ports.add(port);
        return this;
    }

    /**
     * Sets how the service is published.
     *
     * @param value the type; {@code CLUSTER_IP} where this is not called
     * @return this builder
     */
    public ServiceSpecBuilder type(Service.Type value) {
        this.type = value;
        return this;
    }

    /**
     * Asks for a cluster IP.
     *
     * @param ip an address in the service CIDRs
     * @return this builder
     */
    public ServiceSpecBuilder clusterIp(IpAddress ip) {
        clusterIps.add(ip);
        return this;
    }

    /**
     * Makes the service headless: names lead to its pods, there is no virtual address.
     *
     * @return this builder
     */
    public ServiceSpecBuilder headless() {
        this.headless = true;
        return this;
    }

    /**
     * Sets how many families the service has.
     *
     * @param policy the policy
     * @return this builder
     */
    public ServiceSpecBuilder ipFamilyPolicy(IpFamilyPolicy policy) {
        this.ipFamilyPolicy = Optional.of(policy);
        return this;
    }

    /**
     * Adds a family.
     *
     * @param family the service's next family
     * @return this builder
     */
    public ServiceSpecBuilder ipFamily(IpFamily family) {
        ipFamilies.add(family);
        return this;
    }

    /**
     * Adds an address that the nodes take traffic for.
     *
     * @param ip an address in the node's external CIDRs
     * @return this builder
     */
    public ServiceSpecBuilder externalIp(IpAddress ip) {
        externalIps.add(ip);
        return this;
    }

    /**
     * Sets the load balancer's part.
     *
     * @param part the part
     * @return this builder
     */
    public ServiceSpecBuilder loadBalancer(Service.LoadBalancer part) {
        this.loadBalancer = part;
        return this;
    }

    /**
     * Chooses whether a LoadBalancer service gets node ports.
     *
     * @param allocate true, as where this is not called
     * @return this builder
     */
    public ServiceSpecBuilder allocateLoadBalancerNodePorts(boolean allocate) {
        this.allocateLoadBalancerNodePorts = allocate;
        return this;
    }

    /**
     * Makes the service an alias in DNS.
     *
     * @param name what it stands for
     * @return this builder
     */
    public ServiceSpecBuilder externalName(String name) {
        this.type = Service.Type.EXTERNAL_NAME;
        this.externalName = Optional.of(name);
        return this;
    }

    /**
     * Keeps a client at one endpoint.
     *
     * @param timeoutSeconds for how long after its last connection, 1 to 86400; Kubernetes' default is 10800
     * @return this builder
     */
    public ServiceSpecBuilder sessionAffinity(int timeoutSeconds) {
        this.affinity = OptionalInt.of(timeoutSeconds);
        return this;
    }

    /**
     * Sets which endpoints traffic from inside reaches.
     *
     * @param policy the policy; {@code CLUSTER} where this is not called
     * @return this builder
     */
    public ServiceSpecBuilder internalTrafficPolicy(Service.TrafficPolicy policy) {
        this.internalTrafficPolicy = policy;
        return this;
    }

    /**
     * Sets which endpoints traffic from outside reaches.
     *
     * @param policy the policy; {@code CLUSTER} where this is not called
     * @return this builder
     */
    public ServiceSpecBuilder externalTrafficPolicy(Service.TrafficPolicy policy) {
        this.externalTrafficPolicy = policy;
        return this;
    }

    /**
     * Sets which endpoints clients prefer.
     *
     * @param value {@code PreferSameZone}, {@code PreferClose} or {@code PreferSameNode}
     * @return this builder
     */
    public ServiceSpecBuilder trafficDistribution(String value) {
        this.trafficDistribution = Optional.of(value);
        return this;
    }

    /**
     * Chooses whether pods count before they are ready.
     *
     * @param publish false where this is not called
     * @return this builder
     */
    public ServiceSpecBuilder publishNotReadyAddresses(boolean publish) {
        this.publishNotReadyAddresses = publish;
        return this;
    }

    /**
     * Makes the specification.
     *
     * @return an immutable specification
     * @throws PodnetException.Invalid where parts contradict each other
     */
    public ServiceSpec build() {
        Service service = new Service(
                id,
                labels,
                annotations,
                type,
                selector,
                clusterIps,
                ports,
                externalIps,
                loadBalancer,
                externalName,
                affinity,
                internalTrafficPolicy,
                externalTrafficPolicy,
                trafficDistribution,
                publishNotReadyAddresses);
        return new ServiceSpec(service, headless, ipFamilyPolicy, ipFamilies, allocateLoadBalancerNodePorts);
    }
}
