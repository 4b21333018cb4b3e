package io.podnet.examples.explain;

import io.podnet.api.Cidr;
import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.api.PodId;
import io.podnet.api.Protocol;
import io.podnet.examples.explain.Situation.Sender;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.ServiceProxy.Candidate;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A packet's way, with names.
 *
 * @param from who sends it
 * @param to where to
 * @param protocol the protocol
 * @param steps what happens to it, in words
 * @param verdict where it ends
 * @param candidates the endpoints that it may reach
 */
record Way(Sender from, Target to, Protocol protocol, List<String> steps, Verdict verdict, List<Stop> candidates) {
    private static final int SOURCE_PORT = 40_000;

    /** An endpoint and the pod behind it. */
    record Stop(Candidate candidate, Optional<PodId> pod) {}

    /** The services' part of the answer. */
    @FunctionalInterface
    interface Services {
        Explanation explain(Packet packet);
    }

    static Way of(Situation situation, Sender from, Target to, Protocol protocol, Services services) {
        Packet packet = new Packet(from.ip(), to.ip(), protocol, SOURCE_PORT, to.port(), from.inInterface());
        Explanation explanation = services.explain(packet);
        List<String> steps = new ArrayList<>();
        unknownPod(situation, from).ifPresent(steps::add);
        steps.addAll(explanation.steps());
        if (explanation.verdict() == Verdict.PASS) {
            steps.add(withoutService(situation, to, protocol));
        }
        List<Stop> stops = explanation.candidates().stream()
                .map(candidate -> new Stop(candidate, situation.podAt(candidate.ip())))
                .toList();
        return new Way(from, to, protocol, steps, explanation.verdict(), stops);
    }

    /** A source that looks like a pod's; it may be one of another node. */
    private static Optional<String> unknownPod(Situation situation, Sender from) {
        boolean known = situation.podAt(from.ip()).isPresent()
                || situation.nodeAddresses().contains(from.ip());
        return situation.view().podCidrs().stream()
                .filter(cidr -> !known && cidr.contains(from.ip()))
                .findFirst()
                .map(cidr -> from.ip() + " is in the pods' network " + cidr
                        + ", but no pod of this node has it: one that sends from it is stopped at its port");
    }

    private static String withoutService(Situation situation, Target to, Protocol protocol) {
        IpAddress ip = to.ip();
        Optional<PodId> pod = situation.podAt(ip);
        if (pod.isPresent()) {
            return ip + " is pod " + pod.get() + ": the packet goes there directly, no service is involved";
        }
        if (situation.nodeAddresses().contains(ip) || ip.isLoopback()) {
            return hostPort(situation, to, protocol)
                    .orElse(ip + " is node " + situation.facts().nodeName()
                            + "'s own: the packet is for a process of the" + " node, no service is involved");
        }
        if (situation.view().serviceCidrs().stream().anyMatch(cidr -> cidr.contains(ip))) {
            return ip + " is in the services' network, but no service has " + to + "/" + protocol
                    + ": the packet goes nowhere";
        }
        Optional<Cidr> podCidr = situation.view().podCidrs().stream()
                .filter(cidr -> cidr.contains(ip))
                .findFirst();
        return podCidr.map(cidr -> ip + " is in the pods' network " + cidr + ", but no pod has it: nobody answers")
                .orElse(ip + " is no pod, service or address of this node: the packet leaves by the node's routes, no"
                        + " service is involved");
    }

    private static Optional<String> hostPort(Situation situation, Target to, Protocol protocol) {
        for (AttachmentRecord record : situation.pods()) {
            for (HostPort port : record.spec().hostPorts()) {
                if (port.hostPort() == to.port()
                        && port.protocol() == protocol
                        && port.hostIp()
                                .map(ip -> ip.isUnspecified() || ip.equals(to.ip()))
                                .orElse(true)) {
                    return Optional.of(to + " is a host port: it leads to port " + port.containerPort() + " of pod "
                            + record.spec().id() + ", no service is involved");
                }
            }
        }
        return Optional.empty();
    }
}
