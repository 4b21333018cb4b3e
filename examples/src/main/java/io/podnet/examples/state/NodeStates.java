package io.podnet.examples.state;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the nodes of a state directory are: in a cluster's each has one below it, an agent's own is its node's. */
public final class NodeStates {
    private static final String NODES = "nodes";

    private NodeStates() {}

    /**
     * Gives a node's place in a cluster's state directory.
     *
     * @param cluster the cluster's state directory
     * @param node the node's name
     * @return the node's
     */
    public static Path of(Path cluster, String node) {
        return cluster.resolve(NODES).resolve(node);
    }

    /**
     * Lists the nodes' state directories.
     *
     * @param state a cluster's or an agent's state directory
     * @return the nodes', by name; the directory itself where it is an agent's
     * @throws PodnetException.NotFound where it is a cluster's without a node
     * @throws PodnetException.StateFailure where it cannot be listed
     */
    public static List<Path> in(Path state) {
        Path nodes = state.resolve(NODES);
        if (!Files.isDirectory(nodes)) {
            return List.of(state);
        }
        try (Stream<Path> all = Files.list(nodes)) {
            List<Path> found = all.sorted().toList();
            if (found.isEmpty()) {
                throw new PodnetException.NotFound("state directory " + state + " has no node below '" + NODES
                        + "'; start a cluster with it once");
            }
            return found;
        } catch (IOException e) {
            throw new PodnetException.StateFailure("state directory " + nodes + " cannot be listed: " + e, e);
        }
    }
}
