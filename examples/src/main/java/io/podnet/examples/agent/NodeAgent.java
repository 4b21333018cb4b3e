package io.podnet.examples.agent;

import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.examples.container.ProcFs;
import io.podnet.examples.desired.ManifestSource;
import io.podnet.examples.manifest.ObjectKey;
import io.podnet.examples.state.ContainerLogs;
import io.podnet.examples.state.NodeFactsStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** A node that runs, and its agent: what the commands that run nodes have in common. */
public final class NodeAgent implements AutoCloseable {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final PodnetNode node;
    private final Agent agent;

    private NodeAgent(PodnetNode node, Agent agent) {
        this.node = node;
        this.agent = agent;
    }

    /**
     * Takes a node over, with the pods of an earlier agent.
     *
     * @param podnet the node, which is closed with the agent
     * @param place what is the node's own
     * @param options what it is made of
     * @param manifests what shall run there
     * @param resync how often to look without an event
     * @return the agent, which does nothing yet
     * @throws PodnetException where the state directory cannot be used; the node is closed then
     */
    public static NodeAgent start(
            Podnet podnet, NodePlace place, NodeOptions options, ManifestSource manifests, Duration resync) {
        PodnetNode node = new PodnetNode(podnet);
        try {
            NodeFactsStore facts = new NodeFactsStore(place.state());
            Surroundings around = new Surroundings(
                    place.name(),
                    options.clusterDomain(),
                    new ContainerLogs(place.state()),
                    new ProcFs(),
                    Clock.systemUTC(),
                    bootId(),
                    System.getenv());
            Agent agent = new Agent(
                    node,
                    manifests,
                    place.state(),
                    around,
                    resync,
                    () -> facts.save(options.facts(place, node.addresses())));
            agent.recover();
            return new NodeAgent(node, agent);
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).trim();
        } catch (IOException e) {
            throw new PodnetException.StateFailure(BOOT_ID + " cannot be read: " + e, e);
        }
    }

    /** Tells the agent that something happened. For any thread. */
    public void wake() {
        agent.wake();
    }

    /** Ends {@link #run}. For any thread. */
    public void stop() {
        agent.stop();
    }

    /**
     * Works until {@link #stop}.
     *
     * @param beforeEachRound called before each look at the manifests
     * @throws InterruptedException where the thread is interrupted
     */
    public void run(Runnable beforeEachRound) throws InterruptedException {
        agent.run(beforeEachRound);
    }

    /**
     * Works until nothing is left to be done at once.
     *
     * @throws InterruptedException where the thread is interrupted
     */
    public void runOnce() throws InterruptedException {
        agent.runOnce();
    }

    /**
     * Removes all pods and what they share.
     *
     * @throws InterruptedException where the thread is interrupted
     */
    public void removeAll() throws InterruptedException {
        agent.removeAll();
    }

    /**
     * Tells what is not as the manifests say.
     *
     * @return a sentence for each object
     */
    public Map<ObjectKey, String> failures() {
        return agent.failures();
    }

    /**
     * Counts the pods.
     *
     * @return how many there are
     */
    public int size() {
        return agent.size();
    }

    @Override
    public void close() {
        node.close();
    }
}
