package io.podnet.cni.daemon;

import io.podnet.api.PodnetException;
import io.podnet.cni.plugin.PluginAnswer;
import io.podnet.cni.plugin.PluginCall;
import io.podnet.cni.plugin.PodnetPlugin;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NewNamespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a plugin often enough that the JVM has loaded and compiled what an ADD and a DEL need: the first ones of a process
 * take ten times as long as the hundredth. The containers are network namespaces without a process, on a node that is
 * another one, with files in a directory that goes again: the kernel does all that it does for real ones, where nobody sees it.
 *
 * <p>A process that does little else than answer calls is best run with {@code -XX:TieredStopAtLevel=1
 * -XX:CompileThresholdScaling=0.1}: the few hundred calls of a warm-up are too few for the usual thresholds, by
 * which the first ADDs after it take about a third longer.
 */
public final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final String NAME = "warm-up-";
    private static final int CONTAINERS = 4;
    private static final int MOST_ROUNDS = 60;

    private final PodnetPlugin plugin;
    private final List<MadeNamespaces<Boolean>> containers;
    private final Path directory;
    private final long deadline;

    private WarmUp(PodnetPlugin plugin, List<MadeNamespaces<Boolean>> containers, Path directory, long deadline) {
        this.plugin = plugin;
        this.containers = containers;
        this.directory = directory;
        this.deadline = deadline;
    }

    /**
     * Warms up. What goes wrong is logged and no harm: the plugin will be slow at first.
     *
     * @param stateDirectory the plugin's, to have a directory in for this time; made with mode 0700 where it is missing
     * @param most no round of calls begins after this time; zero for no warm-up
     * @return how many containers were attached and detached
     */
    public static int run(Path stateDirectory, Duration most) {
        if (most.isZero()) {
            return 0;
        }
        long deadline = System.nanoTime() + most.toNanos();
        try {
            Files.createDirectories(
                    stateDirectory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            removeStale(stateDirectory);
            Path directory =
                    stateDirectory.resolve(NAME + ProcessHandle.current().pid());
            try {
                return run(Files.createDirectories(directory), deadline);
            } finally {
                remove(directory);
            }
        } catch (PodnetException | IOException | UncheckedIOException e) {
            LOG.atWarn().setCause(e).log("no warm-up; the first calls will take longer");
            return 0;
        }
    }

    /** Those of processes that were killed. */
    private static void removeStale(Path stateDirectory) throws IOException {
        try (Stream<Path> files = Files.list(stateDirectory)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.matches(NAME + "[0-9]{1,9}")
                        && ProcessHandle.of(Long.parseLong(name.substring(NAME.length())))
                                .isEmpty()) {
                    remove(file);
                }
            }
        }
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static int run(Path directory, long deadline) throws IOException {
        List<MadeNamespaces<Boolean>> containers = new ArrayList<>();
        try (NamespaceThreads threads = new NamespaceThreads();
                MadeNamespaces<Boolean> node = threads.make(NewNamespaces.network(), () -> true)) {
            for (int i = 0; i < CONTAINERS; i++) {
                containers.add(threads.make(NewNamespaces.network(), () -> true));
            }
            try (PodnetPlugin plugin = PodnetPlugin.open(
                    directory.resolve("state"), Optional.of(node.network().path()))) {
                return new WarmUp(plugin, containers, directory, deadline).rounds();
            }
        } finally {
            containers.forEach(MadeNamespaces::close);
        }
    }

    private int rounds() throws IOException {
        int attached = 0;
        Path socket = directory.resolve("socket/s");
        try (CniDaemon daemon = CniDaemon.open(socket, plugin)) {
            for (int round = 0; round < MOST_ROUNDS && System.nanoTime() - deadline < 0; round++) {
                attached += round(config(round));
                for (int i = 0; i < CONTAINERS; i++) {
                    ask(daemon.socket());
                }
            }
        }
        return attached;
    }

    /** What configurations usually have: each kind of rule and address is come by. */
    private String config(int round) {
        boolean dual = round % 4 == 3;
        return "{\"cniVersion\":\"1.0.0\",\"name\":\"" + (dual ? "two" : "one")
                + "\",\"type\":\"podnet-cni\",\"bridge\":\""
                + (dual ? "two" : "one")
                + "\",\"isGateway\":true,\"ipMasq\":true,\"hairpinMode\":true,"
                + "\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"" + directory.resolve("leases")
                + "\",\"ranges\":[[{\"subnet\":\"10.0.0.0/24\"}]"
                + (dual ? ",[{\"subnet\":\"fd00::/64\"}]" : "")
                + "],\"routes\":[{\"dst\":\"0.0.0.0/0\"}]}"
                + (round % 4 == 2
                        ? ",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"}]}"
                        : "")
                + "}";
    }

    private int round(String config) {
        // A port of the node leads to one container alone.
        int count = config.contains("portMappings") ? 1 : CONTAINERS;
        for (String command : List.of("ADD", "DEL")) {
            for (int i = 0; i < count; i++) {
                call(command, i, config);
            }
        }
        return count;
    }

    private void call(String command, int number, String config) {
        PluginAnswer answer = plugin.call(new PluginCall(
                Map.of(
                        "CNI_COMMAND",
                        command,
                        "CNI_CONTAINERID",
                        "warm-up-" + number,
                        "CNI_NETNS",
                        "/warm-up/" + number,
                        "CNI_IFNAME",
                        "eth0",
                        "CNI_PATH",
                        "/",
                        "CNI_ARGS",
                        "IgnoreUnknown=1"),
                config,
                OptionalInt.empty(),
                OptionalInt.of(containers.get(number).network().fd())));
        if (!answer.isDone()) {
            throw new PodnetException.PluginFailed("warm-up: " + answer.output(), answer.errorCode());
        }
    }

    /** The way of a call through the socket; descriptors cannot be sent from here, and VERSION needs none. */
    private static void ask(Path socket) throws IOException {
        byte[] environment = "CNI_COMMAND=VERSION\0".getBytes(StandardCharsets.US_ASCII);
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(Frame.request(environment));
            ByteBuffer answer = ByteBuffer.allocate(1 << 12);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {
                // Until the daemon hangs up.
            }
        }
    }
}
