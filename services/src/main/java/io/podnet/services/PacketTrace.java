package io.podnet.services;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.spi.ServiceProxy.Candidate;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One packet's way. First its destination is translated where a service serves it; what is left untranslated is then
 * refused where a service has the destination but nothing to serve it with. Refusal looks at the way that a packet
 * takes through the node, as kube-proxy's rules do: arriving for the node, arriving for somebody else, or sent by a
 * process of the node, and that last one arrives for the node too where the destination is the node's own.
 */
final class PacketTrace {
    private final ServiceModel model;
    private final Packet packet;
    private final Set<IpAddress> nodeAddresses;
    private final List<String> steps = new ArrayList<>();

    private boolean masquerade;
    private @Nullable List<Backend> backends;

    PacketTrace(ServiceModel model, Packet packet, Set<IpAddress> nodeAddresses) {
        this.model = model;
        this.packet = packet;
        this.nodeAddresses = nodeAddresses;
    }

    Explanation explain() {
        translateByAddress();
        if (backends == null) {
            translateByNodePort();
        }
        if (backends != null) {
            return translated(backends);
        }
        return new Explanation(steps, refuse(), List.of());
    }

    private boolean isOfNode(IpAddress address) {
        return address.isLoopback() || nodeAddresses.contains(address);
    }

    private @Nullable VirtualPort port(@Nullable Claimant holder) {
        return holder == null ? null : model.port(holder.name(), family()).orElse(null);
    }

    private IpFamily family() {
        return packet.destination().family();
    }

    private @Nullable Claimant addressHolder() {
        return model.holder(Claim.address(packet.destination(), packet.destinationPort(), packet.protocol()))
                .orElse(null);
    }

    private @Nullable Claimant nodePortHolder(Protocol protocol) {
        return model.holder(Claim.nodePort(family(), packet.destinationPort(), protocol))
                .orElse(null);
    }

    private void translateByAddress() {
        Claimant holder = addressHolder();
        VirtualPort port = port(holder);
        if (holder == null || port == null) {
            return;
        }
        step(
                "%s:%d/%s is %s of service port %s",
                packet.destination(),
                packet.destinationPort(),
                packet.protocol(),
                holder.kind().words(),
                port.name());
        switch (holder.kind()) {
            case CLUSTER_IP -> toClusterIp(port);
            case LOAD_BALANCER_IP -> toLoadBalancer(port);
            default -> fromOutside(port);
        }
    }

    private void toClusterIp(VirtualPort port) {
        if (port.internalReach() != Reach.SERVE) {
            return;
        }
        LocalDetector detector = model.settings().localDetector();
        if (model.settings().masqueradeAll()) {
            masquerade("all traffic to cluster IPs is masqueraded");
        } else if (detector.covers(family()) && !detector.isLocal(packet)) {
            masquerade("the source is no local pod");
        }
        send(port, port.internalTrafficPolicy(), "internal traffic policy is " + port.internalTrafficPolicy());
    }

    private void toLoadBalancer(VirtualPort port) {
        if (!port.sourcesLimited() || !port.anyUsable()) {
            fromOutside(port);
        } else if (port.sourceRanges().stream().anyMatch(range -> range.contains(packet.source()))) {
            step("the source is in the source ranges %s", port.sourceRanges());
            fromOutside(port);
        } else if (port.admitsNode(nodeAddresses) && port.loadBalancerIps().contains(packet.source())) {
            step("the source is a load balancer IP, and the source ranges admit the node");
            fromOutside(port);
        }
    }

    private void translateByNodePort() {
        if (!isOfNode(packet.destination()) || !model.settings().takesNodePorts(packet.destination())) {
            return;
        }
        Claimant holder = nodePortHolder(packet.protocol());
        VirtualPort port = port(holder);
        if (holder == null || port == null || holder.kind() != Claimant.Kind.NODE_PORT) {
            return;
        }
        step(
                "%d/%s on the node is node port of service port %s",
                packet.destinationPort(), packet.protocol(), port.name());
        fromOutside(port);
    }

    private void fromOutside(VirtualPort port) {
        if (!port.anyUsable()) {
            return;
        }
        if (port.externalTrafficPolicy() == TrafficPolicy.CLUSTER) {
            masquerade("external traffic policy is Cluster, replies must come back through this node");
            send(port, TrafficPolicy.CLUSTER, "external traffic policy is Cluster");
        } else if (model.settings().localDetector().isLocal(packet)) {
            send(port, TrafficPolicy.CLUSTER, "a local pod is served as if it came back from the load balancer");
        } else if (isOfNode(packet.source())) {
            masquerade("the node itself is the source");
            send(port, TrafficPolicy.CLUSTER, "the node itself is served as if it came back from the load balancer");
        } else if (!port.localBackends().isEmpty()) {
            send(port, TrafficPolicy.LOCAL, "external traffic policy is Local, the source is kept");
        }
    }

    private void masquerade(String why) {
        masquerade = true;
        step("it gets the node's address as its source: %s", why);
    }

    private void send(VirtualPort port, TrafficPolicy policy, String why) {
        List<Backend> chosen = port.backends(policy);
        step("%s: one of %d endpoints", why, chosen.size());
        port.affinitySeconds()
                .ifPresent(seconds ->
                        step("session affinity: a client seen within %d s may be pinned to one of them", seconds));
        backends = chosen;
    }

    private Explanation translated(List<Backend> chosen) {
        List<Candidate> candidates = new ArrayList<>(chosen.size());
        boolean all = true;
        for (Backend backend : chosen) {
            boolean hairpin = backend.ip().equals(packet.source());
            if (hairpin && !masquerade) {
                step(
                        "%s is the source itself: it gets the node's address as its source, or would answer itself",
                        backend);
            }
            all &= masquerade || hairpin;
            candidates.add(new Candidate(backend.ip(), backend.port(), 1.0 / chosen.size(), masquerade || hairpin));
        }
        return new Explanation(steps, all ? Verdict.TRANSLATE_AND_MASQUERADE : Verdict.TRANSLATE, candidates);
    }

    private Verdict refuse() {
        boolean sent = packet.inInterface().isEmpty();
        boolean arrives = isOfNode(packet.destination());
        Claimant holder = addressHolder();
        Optional<Verdict> verdict = refuseSources(holder);
        if (verdict.isEmpty() && (sent || !arrives)) {
            verdict = refuseClusterIp(holder);
        }
        if (verdict.isEmpty() && arrives && isHealthCheck()) {
            step("it is a health check's node port");
            return Verdict.PASS;
        }
        if (verdict.isEmpty() && (!sent || arrives)) {
            verdict = refuseExternal(holder, arrives);
        }
        if (verdict.isEmpty()) {
            step(steps.isEmpty() ? "no service has this destination" : "nothing translates or refuses it here");
        }
        return verdict.orElse(Verdict.PASS);
    }

    private Optional<Verdict> refuseSources(@Nullable Claimant holder) {
        VirtualPort port = port(holder);
        if (holder == null
                || port == null
                || holder.kind() != Claimant.Kind.LOAD_BALANCER_IP
                || !port.sourcesLimited()
                || !port.anyUsable()) {
            return Optional.empty();
        }
        return drop("what the source ranges " + port.sourceRanges() + " or the policy do not let through is dropped");
    }

    private Optional<Verdict> refuseClusterIp(@Nullable Claimant holder) {
        VirtualPort port = port(holder);
        if (holder == null || port == null || holder.kind() != Claimant.Kind.CLUSTER_IP) {
            return Optional.empty();
        }
        return refuse(port.internalReach(), "internal");
    }

    private boolean isHealthCheck() {
        Claimant holder = packet.protocol() == Protocol.TCP ? nodePortHolder(Protocol.TCP) : null;
        return holder != null
                && holder.kind() == Claimant.Kind.HEALTH_CHECK
                && model.ports(holder.name().service()).stream()
                        .anyMatch(port -> port.family() == family()
                                && port.healthCheckNodePort().isPresent());
    }

    private Optional<Verdict> refuseExternal(@Nullable Claimant holder, boolean arrives) {
        VirtualPort port = port(holder);
        if (holder != null && port != null && holder.kind() != Claimant.Kind.CLUSTER_IP) {
            Optional<Verdict> verdict = refuse(port.externalReach(), "external");
            if (verdict.isPresent()) {
                return verdict;
            }
        }
        Claimant nodePort = arrives ? nodePortHolder(packet.protocol()) : null;
        VirtualPort nodePorts = port(nodePort);
        if (nodePort == null || nodePorts == null || nodePort.kind() != Claimant.Kind.NODE_PORT) {
            return Optional.empty();
        }
        step("%d/%s is node port of service port %s", packet.destinationPort(), packet.protocol(), nodePorts.name());
        return refuse(nodePorts.externalReach(), "external");
    }

    private Optional<Verdict> refuse(Reach reach, String policy) {
        return switch (reach) {
            case SERVE -> Optional.empty();
            case DROP ->
                drop(policy + " traffic policy is Local and no endpoint is local: dropped, so that the client"
                        + " tries another node");
            case REJECT -> {
                step("the service has no usable endpoint anywhere: rejected");
                yield Optional.of(Verdict.REJECT);
            }
        };
    }

    private Optional<Verdict> drop(String why) {
        step(why);
        return Optional.of(Verdict.DROP);
    }

    private void step(String format, Object... arguments) {
        steps.add(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    }
}
