package io.podnet.services;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Service.TrafficPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Everything decided about one service port in one family; an emitter needs nothing else. Two of them that are equal
 * mean the same kernel state.
 *
 * @param name the service port
 * @param clusterIp the virtual address
 * @param port the virtual port, 1 to 65535
 * @param nodePort the port on the nodes' addresses; empty for none
 * @param externalIps admitted external addresses of this family, in order
 * @param loadBalancerIps admitted load balancer addresses of this family that the nodes take traffic for, in order
 * @param sourceRanges clients that may use the load balancer addresses, of this family; see {@code sourcesLimited}
 * @param sourcesLimited whether source ranges are set at all: with none of this family, nobody may
 * @param affinitySeconds ClientIP affinity's time; empty for none
 * @param internalTrafficPolicy for traffic to {@code clusterIp}
 * @param externalTrafficPolicy for traffic to the other addresses; Cluster where there are none
 * @param anyUsable whether the service has a usable endpoint on any node
 * @param clusterBackends what the Cluster policy sends to, sorted; after topology hints and the terminating fallback;
 *     empty too where nothing asks for it
 * @param localBackends what the Local policy sends to, sorted; empty too where nothing asks for it
 * @param servingBackends for UDP all endpoints that serve, on any node, whatever policy, topology and termination say:
 *     flows to others are dead. Empty for other protocols
 * @param healthCheckNodePort the port of the health check; empty for none
 */
public record VirtualPort(
        ServicePortName name,
        IpAddress clusterIp,
        int port,
        OptionalInt nodePort,
        List<IpAddress> externalIps,
        List<IpAddress> loadBalancerIps,
        List<Cidr> sourceRanges,
        boolean sourcesLimited,
        OptionalInt affinitySeconds,
        TrafficPolicy internalTrafficPolicy,
        TrafficPolicy externalTrafficPolicy,
        boolean anyUsable,
        List<Backend> clusterBackends,
        List<Backend> localBackends,
        List<Backend> servingBackends,
        OptionalInt healthCheckNodePort) {
    public VirtualPort {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(clusterIp, "clusterIp");
        Objects.requireNonNull(nodePort, "nodePort");
        Objects.requireNonNull(affinitySeconds, "affinitySeconds");
        Objects.requireNonNull(internalTrafficPolicy, "internalTrafficPolicy");
        Objects.requireNonNull(externalTrafficPolicy, "externalTrafficPolicy");
        Objects.requireNonNull(healthCheckNodePort, "healthCheckNodePort");
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        sourceRanges = List.copyOf(sourceRanges);
        clusterBackends = List.copyOf(clusterBackends);
        localBackends = List.copyOf(localBackends);
        servingBackends = List.copyOf(servingBackends);
    }

    /**
     * Gives the family of all addresses.
     *
     * @return the cluster IP's
     */
    public IpFamily family() {
        return clusterIp.family();
    }

    /**
     * Tells whether anything but the cluster IP leads here.
     *
     * @return true with a node port, an external or a load balancer address
     */
    public boolean isExternal() {
        return nodePort.isPresent() || !externalIps.isEmpty() || !loadBalancerIps.isEmpty();
    }

    /**
     * Tells whether the node itself may use the load balancer addresses. Its packets to them carry such an address as
     * their source where the balancer put it on the node, so that the addresses become allowed sources too.
     *
     * @param nodeAddresses the node's addresses
     * @return true where source ranges are set and one contains an address of the node
     */
    public boolean admitsNode(Collection<IpAddress> nodeAddresses) {
        return sourceRanges.stream().anyMatch(range -> nodeAddresses.stream().anyMatch(range::contains));
    }

    /**
     * Gives the endpoints of a policy.
     *
     * @param policy the policy
     * @return its endpoints, sorted
     */
    public List<Backend> backends(TrafficPolicy policy) {
        return policy == TrafficPolicy.LOCAL ? localBackends : clusterBackends;
    }

    /**
     * Decides for traffic to the cluster IP.
     *
     * @return what happens to it
     */
    public Reach internalReach() {
        return reach(internalTrafficPolicy);
    }

    /**
     * Decides for traffic from outside to the other addresses. Traffic of local pods and of the node may still be
     * served where this is {@link Reach#DROP}: it takes the short way to {@code clusterBackends}.
     *
     * @return what happens to it
     */
    public Reach externalReach() {
        return reach(externalTrafficPolicy);
    }

    private Reach reach(TrafficPolicy policy) {
        if (!anyUsable) {
            return Reach.REJECT;
        }
        return policy == TrafficPolicy.LOCAL && localBackends.isEmpty() ? Reach.DROP : Reach.SERVE;
    }
}
