package io.podnet.iptables;

import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.iptables.sync.FamilyRules;
import io.podnet.iptables.trace.EmittedRules;
import io.podnet.iptables.trace.RuleTrace;
import io.podnet.services.VirtualPort;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.Collection;
import java.util.List;

/** The way of a packet through the rules that a model's service ports mean, in words. */
final class ChainTrace {
    private final EmitterSettings settings;
    private final List<VirtualPort> ports;

    ChainTrace(EmitterSettings settings, List<VirtualPort> ports) {
        this.settings = settings;
        this.ports = ports;
    }

    List<String> steps(Packet packet, Collection<IpAddress> nodeAddresses, Verdict byModel) {
        // Other ports' rules cannot match it.
        List<VirtualPort> near =
                ports.stream().filter(port -> isNear(port, packet)).toList();
        RuleTrace.Result found = new RuleTrace(new EmittedRules(settings, near, FamilyRules.isLarge(ports)))
                .trace(packet, nodeAddresses);
        String way = "rules: " + String.join(", ", found.chains());
        return found.verdict() == byModel
                ? List.of(way)
                : List.of(way, "the rules lead elsewhere than the services: " + found.verdict() + "; this is a defect");
    }

    private static boolean isNear(VirtualPort port, Packet packet) {
        int number = packet.destinationPort();
        return port.clusterIp().equals(packet.destination())
                || port.externalIps().contains(packet.destination())
                || port.loadBalancerIps().contains(packet.destination())
                || port.nodePort().orElse(0) == number
                || port.healthCheckNodePort().orElse(0) == number;
    }
}
