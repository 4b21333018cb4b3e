package io.podnet.examples.agent;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.examples.container.ProcFs;
import io.podnet.examples.desired.DesiredState;
import io.podnet.examples.desired.DirectoryWatch;
import io.podnet.examples.desired.ManifestDirectory;
import io.podnet.examples.desired.Snapshot;
import io.podnet.examples.state.AcceptedStore;
import io.podnet.examples.state.ContainerLogs;
import io.podnet.examples.state.NodeFacts;
import io.podnet.examples.state.NodeFactsStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
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
    private static final String NONE = "none";
    private static final String SERVICES_V4 = "10.96.0.0/16";
    private static final String SERVICES_V6 = "fd00:10:96::/112";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

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
            defaultValue = "10.244.1.0/24",
            description = "Network of the pods' addresses, or an IPv4 and an IPv6 one; default: ${DEFAULT-VALUE}.")
    private String podCidr = "";

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

    @Option(
            names = "--interface-name",
            paramLabel = "NAME",
            defaultValue = "eth0",
            description = "The interface's name inside pods; default: ${DEFAULT-VALUE}.")
    private String interfaceName = "";

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            defaultValue = "0",
            description = "MTU of the pods; default: the network plugin's own rule.")
    private int mtu;

    @Option(
            names = "--non-masquerade-cidr",
            paramLabel = "CIDR",
            split = ",",
            description = "Destinations that pods reach with their own addresses; default: 10.0.0.0/8,fd00::/8.")
    private List<String> nonMasqueradeCidrs = List.of();

    @Option(
            names = "--network-plugin",
            paramLabel = "NAME",
            defaultValue = "bridge",
            description = "What gives pods their network: bridge, or cni, which runs the plugins of a network in"
                    + " /etc/cni/net.d (options network, confDir, binDir, cacheDir, timeoutSeconds, trustedFilesOnly;"
                    + " give --pod-cidr the network's own subnet); default: ${DEFAULT-VALUE}.")
    private String networkPlugin = "";

    @Option(
            names = "--network-plugin-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the network plugin; may be repeated.")
    private Map<String, String> pluginOptions = Map.of();

    @Option(names = "--ipam-option", paramLabel = "NAME=VALUE", description = "An option of the Ipam; may be repeated.")
    private Map<String, String> ipamOptions = Map.of();

    @Option(
            names = "--service-cidr",
            paramLabel = "CIDR[,CIDR]",
            description = "Network of the services' cluster IPs, or one of each family, the first being the default;"
                    + " default: 10.96.0.0/16 and fd00:10:96::/112, of the families of --pod-cidr.")
    private @Nullable String serviceCidr;

    @Option(
            names = "--external-cidr",
            paramLabel = "CIDR[,CIDR...]",
            description = "Networks that services' external and load balancer IPs may be in; default: none.")
    private @Nullable String externalCidr;

    @Option(
            names = "--service-proxy",
            paramLabel = "NAME",
            defaultValue = "iptables",
            description =
                    "What makes services reachable: iptables, or none; default: ${DEFAULT-VALUE}. It is not started"
                            + " before the first service.")
    private String serviceProxy = "";

    @Option(
            names = "--proxy-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the service proxy; may be repeated.")
    private Map<String, String> proxyOptions = Map.of();

    @Option(
            names = "--name-resolver",
            paramLabel = "NAME",
            defaultValue = "dns",
            description = "What answers the pods' queries for names: dns, or none; default: ${DEFAULT-VALUE}.")
    private String nameResolver = "";

    @Option(
            names = "--resolver-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the name resolver; may be repeated.")
    private Map<String, String> resolverOptions = Map.of();

    @Option(
            names = "--upstream",
            paramLabel = "IP",
            split = ",",
            description = "Servers for names outside the cluster; default: those of --resolv-conf.")
    private List<String> upstreams = List.of();

    @Option(names = "--zone", paramLabel = "NAME", description = "The node's zone, for topology hints.")
    private @Nullable String zone;

    @Option(
            names = "--cluster-domain",
            paramLabel = "DOMAIN",
            defaultValue = "cluster.local",
            description = "Domain of the pods' names; default: ${DEFAULT-VALUE}.")
    private String clusterDomain = "";

    @Option(
            names = "--resolv-conf",
            paramLabel = "FILE",
            defaultValue = "/etc/resolv.conf",
            description = "The node's own: whom the name resolver asks, and the pods themselves without one; default:"
                    + " ${DEFAULT-VALUE}.")
    private Path resolvConf = Path.of("");

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
            names = "--once",
            description = "Bring up what the manifests say, then end and leave the pods running; with a bad manifest"
                    + " nothing is changed.")
    private boolean once;

    @Spec
    private @Nullable CommandSpec spec;

    /** The exit code, once everything is done: what a signal waits for. */
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    @Override
    public Integer call() throws InterruptedException, IOException {
        try {
            int code = work();
            exitCode.complete(code);
            return code;
        } finally {
            exitCode.complete(FAILED);
        }
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
        PodnetBuilder builder = builder(name);
        NodeFactsStore facts = new NodeFactsStore(state);
        try (PodnetNode node = new PodnetNode(builder.start())) {
            Surroundings around = new Surroundings(
                    name,
                    new ContainerLogs(state),
                    new ProcFs(),
                    Clock.systemUTC(),
                    Files.readString(BOOT_ID).trim(),
                    System.getenv());
            Agent agent = new Agent(
                    node,
                    directory,
                    state,
                    around,
                    Duration.ofSeconds(Math.max(1, resync)),
                    () -> facts.save(facts(name, node)));
            agent.recover();
            LOG.info(
                    "node {}: pods of {} get addresses of {}; bridge, host ends and rules are made in {}; records in {}",
                    name,
                    manifests.toAbsolutePath().normalize(),
                    podCidr,
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

    private PodnetBuilder builder(String name) {
        PodnetBuilder builder = Podnet.builder()
                .nodeName(name)
                .podCidr(podCidr)
                .networkPlugin(networkPlugin)
                .interfaceName(interfaceName)
                .mtu(mtu)
                .clusterDomain(clusterDomain)
                .resolvConf(resolvConf)
                .stateDirectory(state)
                .netnsDirectory(netnsDirectory == null ? Nodes.netnsDirectory(state) : netnsDirectory);
        if (nodeNamespace != null) {
            builder.nodeNamespace(nodeNamespace);
        }
        if (!nonMasqueradeCidrs.isEmpty()) {
            builder.nonMasqueradeCidrs(
                    nonMasqueradeCidrs.stream().map(Cidr::parse).toList());
        }
        builder.serviceCidrs(serviceCidrs());
        if (externalCidr != null) {
            builder.externalCidrs(externalCidr);
        }
        if (!serviceProxy.equals(NONE)) {
            builder.serviceProxy(serviceProxy);
        }
        if (!nameResolver.equals(NONE)) {
            builder.nameResolver(nameResolver);
        }
        builder.upstreams(upstreams.stream().map(IpAddress::parse).toList());
        if (zone != null) {
            builder.zone(zone);
        }
        // Pods are ready when their containers run, which this agent sees.
        builder.podsReadyAtSetUp(false);
        proxyOptions.forEach(builder::serviceProxyOption);
        resolverOptions.forEach(builder::nameResolverOption);
        pluginOptions.forEach(builder::networkPluginOption);
        ipamOptions.forEach(builder::ipamOption);
        return builder;
    }

    private String serviceCidrs() {
        if (serviceCidr != null) {
            return serviceCidr;
        }
        return Arrays.stream(podCidr.split(",", -1))
                .map(cidr -> Cidr.parse(cidr.strip()).family() == IpFamily.IPV4 ? SERVICES_V4 : SERVICES_V6)
                .distinct()
                .collect(Collectors.joining(","));
    }

    private NodeFacts facts(String name, PodnetNode node) {
        return new NodeFacts(
                name,
                zone == null ? "" : zone,
                node.addresses().stream().map(Object::toString).toList(),
                List.of(podCidr.split(",", -1)),
                List.of(serviceCidrs().split(",", -1)),
                externalCidr == null ? List.of() : List.of(externalCidr.split(",", -1)),
                pluginOptions.getOrDefault("bridge", "cbr0"),
                serviceProxy,
                proxyOptions);
    }

    private int runOnce(Agent agent) throws InterruptedException {
        agent.runOnce();
        agent.failures().forEach((object, message) -> LOG.error("{}: {}", object, message));
        return agent.failures().isEmpty() ? 0 : FAILED;
    }

    private int runUntilSignalled(Agent agent) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endOnSignal(agent), "on-signal"));
        try (DirectoryWatch watch = DirectoryWatch.start(manifests, agent::wake)) {
            agent.run(watch::renew);
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

    /** Lets the loop end in order; a signal is the agent's normal end, so the exit code is its own, not 143. */
    private void endOnSignal(Agent agent) {
        agent.stop();
        Runtime.getRuntime().halt(exitCode.join());
    }
}
