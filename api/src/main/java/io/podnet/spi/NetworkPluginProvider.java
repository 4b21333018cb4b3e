package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Cidr;
import io.podnet.api.PodnetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds a {@link NetworkPlugin} by name. */
@API(status = API.Status.STABLE, since = "0.1")
public interface NetworkPluginProvider extends Provider {
    /**
     * What is known of a node before it has pod CIDRs.
     *
     * @param nodeName the node's name
     * @param clusterStore what the nodes of the cluster share
     * @param stateDirectory the plugin's directory, see {@link NodeContext#stateDirectory}
     * @param options the plugin's settings
     */
    record Allotment(
            String nodeName, Optional<ClusterStore> clusterStore, Path stateDirectory, Map<String, String> options) {
        public Allotment {
            Objects.requireNonNull(nodeName, "nodeName");
            Objects.requireNonNull(clusterStore, "clusterStore");
            Objects.requireNonNull(stateDirectory, "stateDirectory");
            options = Map.copyOf(options);
        }
    }

    /**
     * Chooses the pod CIDRs of a node that was given none: what Kubernetes' NodeIPAM controller does. Called before the Ipam is
     * made, and so before {@link #create}, which is given the result.
     *
     * @param node what is known of it
     * @return at most one of a family, IPv4 first
     * @throws io.podnet.api.PodnetException.Invalid where the plugin cannot choose
     */
    default List<Cidr> allotPodCidrs(Allotment node) {
        throw new PodnetException.Invalid(
                "a node needs a pod CIDR, for example podCidr(\"10.244.1.0/24\"); the network plugin '" + name()
                        + "' chooses none");
    }

    /**
     * Makes a plugin for a node: kubelet's {@code Init}, which comes exactly once and before every other call. Makes
     * what all pods share (bridge, rules), idempotently, and adopts what an earlier process left.
     *
     * @param node everything the plugin may know of its node
     * @return a plugin that is ready for calls
     * @throws io.podnet.api.PodnetException where the node cannot carry pods; nothing is left behind then
     */
    NetworkPlugin create(NodeContext node);
}
