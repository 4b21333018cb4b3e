package io.podnet.endpoints;

import io.podnet.api.ContainerPort;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.ServicePort;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A pod as services see it.
 *
 * @param spec the pod
 * @param ips its addresses; without one it is nobody's endpoint yet
 * @param nodeName the node that it runs on
 * @param zone the zone that it runs in
 * @param ready whether it can take traffic
 * @param terminating whether it is going away
 * @param terminal whether all its containers ended for good: phase Succeeded or Failed
 */
public record EndpointPod(
        PodSpec spec,
        List<IpAddress> ips,
        Optional<String> nodeName,
        Optional<String> zone,
        boolean ready,
        boolean terminating,
        boolean terminal) {
    public EndpointPod {
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(nodeName, "nodeName");
        Objects.requireNonNull(zone, "zone");
        ips = List.copyOf(ips);
    }

    /**
     * Names the pod.
     *
     * @return namespace and name
     */
    public PodId id() {
        return spec.id();
    }

    List<IpAddress> ips(IpFamily family) {
        return ips.stream().filter(ip -> ip.family() == family).toList();
    }

    /** The number behind a service port; empty where no container port has the name in that protocol. */
    OptionalInt portOf(ServicePort port) {
        String target = port.targetPort();
        if (Character.isDigit(target.charAt(0)) && target.chars().allMatch(Character::isDigit)) {
            return OptionalInt.of(Integer.parseInt(target));
        }
        return spec.containerPorts().stream()
                .filter(there -> there.name().equals(target) && there.protocol() == port.protocol())
                .mapToInt(ContainerPort::port)
                .findFirst();
    }
}
