package io.podnet.examples.cluster;

import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.examples.agent.NodeAgent;
import io.podnet.examples.agent.NodeOptions;
import io.podnet.examples.agent.NodePlace;
import io.podnet.examples.agent.StoreOptions;
import io.podnet.examples.desired.DesiredState;
import io.podnet.examples.desired.DirectoryWatch;
import io.podnet.examples.desired.ManifestDirectory;
import io.podnet.examples.signal.OrderlyEnd;
import io.podnet.examples.state.AcceptedStore;
import io.podnet.examples.state.NodeStates;
import io.podnet.store.memory.MemoryHub;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code cluster} command. */
@Command(
        name = "cluster",
        description =
                "Runs a directory of Kubernetes manifests on several nodes, each a network namespace of this machine.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ClusterCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterCommand.class);
    private static final int FAILED = 1;
    private static final int MOST_NODES = 200;

    @Option(
            names = "--nodes",
            required = true,
            paramLabel = "N",
            description = "How many nodes there are: node-1 to node-N, at most 200.")
    private int nodes;

    @Option(
            names = "--manifests",
            required = true,
            paramLabel = "DIR",
            description = "Directory with v1/Pod, v1/Service and v1/Namespace manifests (*.yaml, *.yml, *.json); it is"
                    + " watched. A pod is on the node that its spec.nodeName names, else they are spread.")
    private Path manifests = Path.of("");

    @Option(
            names = "--state",
            required = true,
            paramLabel = "DIR",
            description = "Directory for the nodes' records, for one cluster at a time.")
    private Path state = Path.of("");

    @Mixin
    private NodeOptions options = new NodeOptions();

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(
            names = "--resync",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How often the directory is read without an event; default: ${DEFAULT-VALUE}.")
    private int resync;

    @Option(
            names = "--remove-on-exit",
            description = "Remove all pods, services and nodes at the end; without it they run on.")
    private boolean removeOnExit;

    private final OrderlyEnd end = new OrderlyEnd();

    @Override
    public Integer call() throws Exception {
        return end.of(this::work);
    }

    private int work() throws InterruptedException {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new PodnetException.Invalid("--nodes " + nodes + " is not in 1.." + MOST_NODES);
        }
        List<String> names =
                IntStream.rangeClosed(1, nodes).mapToObj(i -> "node-" + i).toList();
        boolean shared = store.store().filter(StoreOptions.Store.etcd::equals).isPresent();
        ManifestDirectory directory = new ManifestDirectory(manifests, Clock.systemUTC());
        directory.scan();
        ClusterManifests all = new ClusterManifests(directory, new Placement(names));
        for (String name : names) {
            DesiredState.pods(new AcceptedStore(NodeStates.of(state, name)).load())
                    .keySet()
                    .forEach(pod -> all.found(pod, name));
        }
        MemoryHub hub = new MemoryHub();
        try (Machines machines = Machines.of(state, names);
                NodeAgents agents = new NodeAgents()) {
            for (String name : names) {
                NodePlace place = place(name, machines);
                PodnetBuilder builder = options.builder(place);
                if (shared) {
                    store.applyTo(builder);
                } else {
                    builder.clusterStore(agents.add(hub.connect(name)));
                }
                agents.start(
                        name,
                        NodeAgent.start(
                                builder.start(),
                                place,
                                options,
                                all.of(name),
                                Duration.ofSeconds(Math.max(1, resync))));
            }
            LOG.info(
                    "{} nodes: pods of {}; records in {}",
                    nodes,
                    manifests.toAbsolutePath().normalize(),
                    state.toAbsolutePath().normalize());
            return runUntilSignalled(agents, machines);
        }
    }

    private NodePlace place(String name, Machines machines) {
        Path own = NodeStates.of(state, name).toAbsolutePath();
        return new NodePlace(
                name,
                own,
                Optional.of(machines.path(name)),
                own.resolve("netns"),
                Optional.empty(),
                Optional.empty(),
                "overlay");
    }

    private int runUntilSignalled(NodeAgents agents, Machines machines) throws InterruptedException {
        end.onSignal(agents::stop);
        try (DirectoryWatch watch = DirectoryWatch.start(manifests, agents::wake)) {
            agents.run(watch::renew);
            if (removeOnExit) {
                agents.removeAll();
                agents.close();
                machines.remove();
                LOG.info("all pods, services and nodes are removed");
            } else {
                LOG.info("{} pod(s) run on; the next cluster with this state directory adopts them", agents.pods());
            }
        } catch (PodnetException e) {
            // On a signal nobody reads what this method throws.
            LOG.error(e.getMessage());
            return FAILED;
        }
        return 0;
    }
}
