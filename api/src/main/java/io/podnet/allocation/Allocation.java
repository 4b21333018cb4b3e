package io.podnet.allocation;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a service has for itself.
 *
 * @param service the service
 * @param clusterIps its virtual addresses
 * @param nodePorts its ports on the nodes, by the service port that they lead to
 * @param healthCheckNodePort the health check's port on the nodes
 */
public record Allocation(
        ServiceId service,
        List<IpAddress> clusterIps,
        Map<PortKey, Integer> nodePorts,
        OptionalInt healthCheckNodePort) {
    /**
     * A service port, as Kubernetes recognises it again when its name changed (pkg/registry/core/service/storage,
     * patchAllocatedValues).
     *
     * @param protocol the protocol
     * @param port the service's port
     */
    public record PortKey(Protocol protocol, int port) implements Comparable<PortKey> {
        @Override
        public int compareTo(PortKey other) {
            int byPort = Integer.compare(port, other.port);
            return byPort != 0 ? byPort : protocol.compareTo(other.protocol);
        }
    }

    public Allocation {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(healthCheckNodePort, "healthCheckNodePort");
        clusterIps = List.copyOf(clusterIps);
        nodePorts = Collections.unmodifiableMap(new TreeMap<>(nodePorts));
    }

    /**
     * A service that has nothing.
     *
     * @param service the service
     * @return an empty allocation
     */
    public static Allocation none(ServiceId service) {
        return new Allocation(service, List.of(), Map.of(), OptionalInt.empty());
    }

    /**
     * Reads what a service has.
     *
     * @param service a service with addresses and ports
     * @return its allocation
     */
    public static Allocation of(Service service) {
        Map<PortKey, Integer> nodePorts = new TreeMap<>();
        for (ServicePort port : service.ports()) {
            port.nodePort().ifPresent(number -> nodePorts.put(new PortKey(port.protocol(), port.port()), number));
        }
        return new Allocation(
                service.id(),
                service.clusterIps(),
                nodePorts,
                service.loadBalancer().healthCheckNodePort());
    }

    /**
     * Tells whether there is anything to remember.
     *
     * @return true without addresses and ports
     */
    public boolean isEmpty() {
        return clusterIps.isEmpty() && nodePorts.isEmpty() && healthCheckNodePort.isEmpty();
    }

    Optional<IpAddress> clusterIp(IpFamily family) {
        return clusterIps.stream().filter(ip -> ip.family() == family).findFirst();
    }

    /**
     * Gives all numbers on the nodes, the health check's too: Kubernetes gives a number to one service, whatever the protocol.
     *
     * @return the numbers, sorted
     */
    public Set<Integer> numbers() {
        Set<Integer> numbers = new TreeSet<>(nodePorts.values());
        healthCheckNodePort.ifPresent(numbers::add);
        return numbers;
    }
}
