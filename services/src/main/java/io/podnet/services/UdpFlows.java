package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which UDP flows to a destination may live on. A kernel remembers a flow's endpoint, or that it had none, for as long
 * as the client sends; so a flow whose replies do not come from an endpoint that serves must be forgotten. Policies,
 * topology and termination do not count: an edit of theirs cuts no flow.
 *
 * @param destination the flows' original destination; without address, any address of the node
 * @param serving endpoints that serve it, sorted; empty where it has none or is no destination any more
 */
public record UdpFlows(Claim destination, List<Backend> serving) {
    public UdpFlows {
        Objects.requireNonNull(destination, "destination");
        serving = List.copyOf(serving);
    }

    /**
     * Gives what a change of service ports asks of the kernel's memory. A pure difference: where there is none, there
     * is nothing to look for.
     *
     * @param before service ports as the kernel had them, other protocols' too
     * @param after the same service ports as it has them now; those that went are missing
     * @return one for each destination of {@code before} and {@code after} whose endpoints are not the same
     */
    public static List<UdpFlows> between(Collection<VirtualPort> before, Collection<VirtualPort> after) {
        Map<Claim, List<Backend>> old = all(before);
        Map<Claim, List<Backend>> now = all(after);
        List<UdpFlows> flows = new ArrayList<>();
        now.forEach((destination, serving) -> {
            // A destination that is new may have flows from the time when it led nowhere.
            if (!serving.equals(old.remove(destination))) {
                flows.add(new UdpFlows(destination, serving));
            }
        });
        old.keySet().forEach(destination -> flows.add(new UdpFlows(destination, List.of())));
        return flows;
    }

    /**
     * Gives what the kernel may remember of service ports.
     *
     * @param ports service ports, other protocols' too
     * @return one for each destination over UDP
     */
    public static List<UdpFlows> of(Collection<VirtualPort> ports) {
        return all(ports).entrySet().stream()
                .map(entry -> new UdpFlows(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Map<Claim, List<Backend>> all(Collection<VirtualPort> ports) {
        Map<Claim, List<Backend>> destinations = new HashMap<>();
        for (VirtualPort port : ports) {
            if (port.name().protocol() == Protocol.UDP) {
                List<Backend> serving = port.servingBackends();
                destinations.put(Claim.address(port.clusterIp(), port.port(), Protocol.UDP), serving);
                for (IpAddress ip : port.externalIps()) {
                    destinations.put(Claim.address(ip, port.port(), Protocol.UDP), serving);
                }
                for (IpAddress ip : port.loadBalancerIps()) {
                    destinations.put(Claim.address(ip, port.port(), Protocol.UDP), serving);
                }
                port.nodePort()
                        .ifPresent(number ->
                                destinations.put(Claim.nodePort(port.family(), number, Protocol.UDP), serving));
            }
        }
        return destinations;
    }

    /**
     * Tells whether a flow may live on.
     *
     * @param replySource where its replies come from
     * @return false where it must be forgotten
     */
    public boolean allows(Backend replySource) {
        return serving.contains(replySource);
    }

    /**
     * Gives the family.
     *
     * @return the destination's
     */
    public IpFamily family() {
        return destination.family();
    }

    /**
     * Gives the address of the destination.
     *
     * @return the service's address; empty for a node port
     */
    public Optional<IpAddress> address() {
        return destination.address();
    }
}
