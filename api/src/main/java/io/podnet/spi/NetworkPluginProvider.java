package io.podnet.spi;

/** Finds a {@link NetworkPlugin} by name. */
public interface NetworkPluginProvider extends Provider {
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
