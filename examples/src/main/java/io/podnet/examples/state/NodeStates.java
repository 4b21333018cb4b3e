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
    // Podnet makes it before anything else of a node.
    private static final String RECORDS = "attachments";

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
     * @return those of the nodes that have started once, by name; the directory itself where it is an agent's
     * @throws PodnetException.NotFound where it does not exist, or is no node's nor of a cluster that has a node
     * @throws PodnetException.StateFailure where it cannot be listed
     */
    public static List<Path> in(Path state) {
        if (!Files.isDirectory(state)) {
            throw new PodnetException.NotFound("state directory " + state + " does not exist");
        }
        List<Path> started =
                candidates(state).stream().filter(NodeStates::hasStarted).toList();
        if (started.isEmpty()) {
            throw new PodnetException.NotFound(
                    "directory " + state + " is no state directory: no node has started there;"
                            + " name the one that an agent or a cluster was started with");
        }
        return started;
    }

    private static boolean hasStarted(Path node) {
        return Files.isDirectory(node.resolve(RECORDS));
    }

    private static List<Path> candidates(Path state) {
        Path nodes = state.resolve(NODES);
        if (!Files.isDirectory(nodes)) {
            return List.of(state);
        }
        try (Stream<Path> all = Files.list(nodes)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("state directory " + nodes + " cannot be listed: " + e, e);
        }
    }
}
