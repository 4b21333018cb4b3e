package io.podnet.allocation;

import io.podnet.allocation.Allocation.PortKey;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import io.podnet.api.ServiceSpec;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** Decides a service's ports on the nodes: first those it asks for, then those it had, then free ones. */
final class NodePorts {
    private final ServiceSpec spec;
    private final Allocation before;
    private final IntPredicate foreign;
    private final RandomGenerator random;
    private final Set<Integer> used = new HashSet<>();

    /** Decides with the numbers that other services have. */
    NodePorts(ServiceSpec spec, Allocation before, IntPredicate foreign, RandomGenerator random) {
        this.spec = spec;
        this.before = before;
        this.foreign = foreign;
        this.random = random;
    }

    Map<PortKey, Integer> nodePorts() {
        Map<PortKey, Integer> numbers = new TreeMap<>();
        for (ServicePort port : spec.service().ports()) {
            port.nodePort().ifPresent(number -> {
                used.add(requested("nodePort", number));
                numbers.put(key(port), number);
            });
        }
        // Now, so that no port is given what the health check asks for.
        spec.service().loadBalancer().healthCheckNodePort().ifPresent(used::add);
        if (hasNodePorts()) {
            for (ServicePort port : spec.service().ports()) {
                if (!numbers.containsKey(key(port))) {
                    int number = chosen(port, numbers);
                    used.add(number);
                    numbers.put(key(port), number);
                }
            }
        }
        return numbers;
    }

    private boolean hasNodePorts() {
        return switch (spec.service().type()) {
            case NODE_PORT -> true;
            case LOAD_BALANCER -> spec.allocateLoadBalancerNodePorts();
            case CLUSTER_IP, EXTERNAL_NAME -> false;
        };
    }

    private int chosen(ServicePort port, Map<PortKey, Integer> numbers) {
        Integer had = before.nodePorts().get(key(port));
        if (had != null && isFree(had)) {
            return had;
        }
        for (Protocol other : Protocol.values()) {
            // The same port over TCP and UDP is one port to people, as for DNS.
            Integer twin = numbers.get(new PortKey(other, port.port()));
            if (twin != null) {
                return twin;
            }
        }
        return pick("node port");
    }

    OptionalInt healthCheckNodePort() {
        Service service = spec.service();
        if (!ServiceSpec.hasHealthCheck(service)) {
            return OptionalInt.empty();
        }
        OptionalInt wanted = service.loadBalancer().healthCheckNodePort();
        if (wanted.isPresent()) {
            int number = requested("healthCheckNodePort", wanted.getAsInt());
            if (service.ports().stream()
                    .anyMatch(port ->
                            port.nodePort().equals(OptionalInt.of(number)) && port.protocol() == Protocol.TCP)) {
                throw new PodnetException.Invalid("healthCheckNodePort " + number + " of service " + spec.id()
                        + " is one of its node ports too; use another number");
            }
            return wanted;
        }
        OptionalInt had = before.healthCheckNodePort();
        return had.isPresent() && isFree(had.getAsInt()) ? had : OptionalInt.of(pick("health check node port"));
    }

    private boolean isFree(int number) {
        return NodePortRange.offers(number) && !foreign.test(number) && !used.contains(number);
    }

    private int requested(String what, int number) {
        if (!NodePortRange.offers(number)) {
            throw new PodnetException.Invalid(what + " " + number + " of service " + spec.id() + " is not in "
                    + NodePortRange.FIRST + ".." + NodePortRange.LAST);
        }
        if (foreign.test(number)) {
            throw new PodnetException.Conflict(what + " " + number + " of service " + spec.id()
                    + " belongs to another service; use another number, or leave it out");
        }
        return number;
    }

    private int pick(String what) {
        return NodePortRange.pick(number -> !isFree(number), random)
                .orElseThrow(() -> new PodnetException.LimitReached("no " + what + " is free for service " + spec.id()
                        + ": all of " + NodePortRange.FIRST + ".." + NodePortRange.LAST
                        + " are taken; remove a service"));
    }

    private static PortKey key(ServicePort port) {
        return new PortKey(port.protocol(), port.port());
    }
}
