package io.podnet.examples.agent;

import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.examples.cniplugin.CniDoor;
import io.podnet.examples.desired.DesiredState;
import io.podnet.examples.desired.DirectoryWatch;
import io.podnet.examples.desired.ManifestDirectory;
import io.podnet.examples.desired.Snapshot;
import io.podnet.examples.signal.OrderlyEnd;
import io.podnet.examples.state.AcceptedStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code agent} command. */
@Command(
        name = "agent",
        description = "Runs the pods of a directory of Kubernetes manifests on this node: a small kubelet.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class AgentCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;
    private static final long SETTLE_MILLIS = 50;

    @Option(
            names = "--manifests",
            required = true,
            paramLabel = "DIR",
            description =
                    "Directory with v1/Pod, v1/Service and v1/Namespace manifests (*.yaml, *.yml, *.json); it is watched.")
    private Path manifests = Path.of("");

    @Option(
            names = "--state",
            required = true,
            paramLabel = "DIR",
            description = "Directory for the node's records, for one agent at a time.")
    private Path state = Path.of("");

    @Option(names = "--node-name", paramLabel = "NAME", description = "The node's name; default: the host name.")
    private @Nullable String nodeName;

    @Option(
            names = "--pod-cidr",
            paramLabel = "CIDR[,CIDR]",
            description =
                    "Network of the pods' addresses, or an IPv4 and an IPv6 one; default: 10.244.1.0/24, with overlay"
                            + " a part of --cluster-cidr.")
    private @Nullable String podCidr;

    @Mixin
    private NodeOptions options = new NodeOptions();

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(
            names = "--node-namespace",
            paramLabel = "PATH",
            description = "Network namespace that is the node, e.g. /run/netns/node-a; default: this process's own.")
    private @Nullable Path nodeNamespace;

    @Option(
            names = "--netns-dir",
            paramLabel = "DIR",
            description = "Where the pods' network namespaces are pinned; default: /run/netns, in DIR of --state where"
                    + " that is not writable.")
    private @Nullable Path netnsDirectory;

    @Option(names = "--zone", paramLabel = "NAME", description = "The node's zone, for topology hints.")
    private @Nullable String zone;

    @Option(
            names = "--resync",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How often the directory is read without an event; default: ${DEFAULT-VALUE}.")
    private int resync;

    @Option(
            names = "--remove-on-exit",
            description = "Remove all pods and services at the end; without it they run on.")
    private boolean removeOnExit;

    @Option(
            names = "--cni-socket",
            paramLabel = "PATH",
            description = "Also answer podnet-cni, for container runtimes on this node; it is installed with"
                    + " install-cni --socket PATH --state DIR/cni. The first three seconds are practice.")
    private @Nullable Path cniSocket;

    @Option(
            names = "--once",
            description = "Bring up what the manifests say, then end and leave the pods running; with a bad manifest"
                    + " nothing is changed.")
    private boolean once;

    @Spec
    private @Nullable CommandSpec spec;

    private final OrderlyEnd end = new OrderlyEnd();

    @Override
    public Integer call() throws Exception {
        return end.of(this::work);
    }

    private int work() throws InterruptedException, IOException {
        ManifestDirectory directory = new ManifestDirectory(manifests, Clock.systemUTC());
        List<String> problems = problemsBeforeAnythingIsChanged(directory);
        if (once && !problems.isEmpty()) {
            PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
            problems.forEach(err::println);
            err.flush();
            return BAD_INPUT;
        }
        String name = nodeName == null ? Nodes.hostName() : nodeName;
        NodePlace place = new NodePlace(
                name,
                state,
                Optional.ofNullable(nodeNamespace),
                netnsDirectory == null ? Nodes.netnsDirectory(state) : netnsDirectory,
                Optional.ofNullable(zone),
                Optional.ofNullable(podCidr),
                "bridge");
        PodnetBuilder builder = options.builder(place);
        store.applyTo(builder);
        try (NodeAgent agent =
                NodeAgent.start(builder.start(), place, options, directory, Duration.ofSeconds(Math.max(1, resync)))) {
            LOG.info(
                    "node {}: pods of {} get addresses of {}; bridge, host ends and rules are made in {}; records in {}",
                    name,
                    manifests.toAbsolutePath().normalize(),
                    options.podCidrs(place),
                    Nodes.describe(nodeNamespace),
                    state.toAbsolutePath().normalize());
            return once ? runOnce(agent) : runUntilSignalled(agent);
        }
    }

    /** Refuses a missing directory, and waits for files that are being written, before the node is touched. */
    private List<String> problemsBeforeAnythingIsChanged(ManifestDirectory directory) throws InterruptedException {
        Snapshot snapshot = directory.scan();
        while (once && !snapshot.settled()) {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            snapshot = directory.scan();
        }
        return DesiredState.merge(snapshot.files(), new AcceptedStore(state).load())
                .problems();
    }

    private int runOnce(NodeAgent agent) throws InterruptedException {
        agent.runOnce();
        agent.failures().forEach((object, message) -> LOG.error("{}: {}", object, message));
        return agent.failures().isEmpty() ? 0 : FAILED;
    }

    private void runWithDoor(NodeAgent agent, DirectoryWatch watch, Path socket) throws InterruptedException {
        CniDoor door = CniDoor.open(socket, state, Optional.ofNullable(nodeNamespace));
        try {
            agent.run(watch::renew);
        } finally {
            door.close();
        }
    }

    private int runUntilSignalled(NodeAgent agent) throws InterruptedException {
        end.onSignal(agent::stop);
        try (DirectoryWatch watch = DirectoryWatch.start(manifests, agent::wake)) {
            if (cniSocket == null) {
                agent.run(watch::renew);
            } else {
                runWithDoor(agent, watch, cniSocket);
            }
            if (removeOnExit) {
                agent.removeAll();
                LOG.info("all pods and services are removed");
            } else {
                LOG.info(
                        "{} pod(s) run on; the next agent with this state directory adopts them, --remove-on-exit would"
                                + " remove them",
                        agent.size());
            }
        } catch (PodnetException e) {
            // On a signal nobody reads what this method throws.
            LOG.error(e.getMessage());
            return FAILED;
        }
        return 0;
    }
}
