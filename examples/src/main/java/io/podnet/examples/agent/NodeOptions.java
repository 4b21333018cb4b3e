package io.podnet.examples.agent;

import io.podnet.api.IpAddress;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.examples.state.NodeFacts;
import java.util.List;
import picocli.CommandLine.Mixin;

/** The options that say what a node is made of, the same for all nodes of a cluster. */
public final class NodeOptions {
    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Mixin
    private ServiceOptions services = new ServiceOptions();

    @Mixin
    private NameOptions names = new NameOptions();

    /** For picocli. */
    public NodeOptions() {}

    /**
     * Begins a node.
     *
     * @param place what is this node's own
     * @return a builder
     * @throws PodnetException.Invalid where options do not fit
     */
    public PodnetBuilder builder(NodePlace place) {
        PodnetBuilder builder = Podnet.builder()
                .nodeName(place.name())
                .stateDirectory(place.state())
                .netnsDirectory(place.netnsDirectory());
        place.namespace().ifPresent(builder::nodeNamespace);
        place.zone().ifPresent(builder::zone);
        network.applyTo(builder, place);
        services.applyTo(builder, podCidrs(place));
        names.applyTo(builder);
        // Pods are ready when their containers run, which the agent sees.
        return builder.podsReadyAtSetUp(false);
    }

    /** The network of the pods' addresses, as far as it is known before the node starts. */
    String podCidrs(NodePlace place) {
        return network.podCidrs(place);
    }

    String clusterDomain() {
        return names.clusterDomain();
    }

    /** What is known of a node that runs. */
    NodeFacts facts(NodePlace place, List<IpAddress> addresses) {
        return new NodeFacts(
                place.name(),
                place.zone().orElse(""),
                addresses.stream().map(Object::toString).toList(),
                List.of(podCidrs(place).split(",", -1)),
                List.of(services.serviceCidrs(podCidrs(place)).split(",", -1)),
                services.externalCidrs(),
                network.bridge(place),
                services.proxy(),
                services.proxyOptions());
    }
}
