package io.podnet.cni.real;

import io.podnet.api.IpAddress;
import io.podnet.cni.daemon.CniDaemon;
import io.podnet.cni.daemon.Executable;
import io.podnet.cni.plugin.PodnetPlugin;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.NewNamespaces;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.RouteNetlink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node in a network namespace of its own, with the plugin's executable and its daemon; containers are namespaces. */
final class Lab implements AutoCloseable {
    private static final int PORT = 7;
    private static final long WAIT_MILLIS = 5_000;

    private final NamespaceThreads threads = new NamespaceThreads();
    private final List<MadeNamespaces<RouteNetlink>> made = new ArrayList<>();
    private final Path directory;
    private final MadeNamespaces<RouteNetlink> node;
    private @Nullable PodnetPlugin plugin;
    private @Nullable CniDaemon daemon;

    /** What a program said. */
    record Output(int code, String text) {}

    /** A container's namespace. */
    record Container(NetworkNamespace namespace, RouteNetlink route) {
        String path() {
            return namespace.path().toString();
        }
    }

    Lab(Path directory) {
        this.directory = directory;
        this.node = make();
        new Executable(Optional.of(socket()), state(), standAlone()).install(bin());
        startDaemon();
    }

    private MadeNamespaces<RouteNetlink> make() {
        MadeNamespaces<RouteNetlink> fresh = threads.make(NewNamespaces.network(), RouteNetlink::open);
        fresh.result().links().change(1, LinkAttributes.none().up());
        made.add(fresh);
        return fresh;
    }

    private List<String> standAlone() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                "io.podnet.cni.daemon.StandAlone",
                state().toString());
    }

    Path directory() {
        return directory;
    }

    Path bin() {
        return directory.resolve("bin");
    }

    Path state() {
        return directory.resolve("state");
    }

    Path socket() {
        return directory.resolve("run/cni.sock");
    }

    Path leases() {
        return directory.resolve("leases");
    }

    RouteNetlink route() {
        return node.result();
    }

    NetworkNamespace nodeNamespace() {
        return node.network();
    }

    String nodePath() {
        return node.network().path().toString();
    }

    void startDaemon() {
        plugin = PodnetPlugin.open(state(), Optional.of(node.network().path()));
        daemon = CniDaemon.open(socket(), plugin);
    }

    void stopDaemon() {
        if (daemon != null) {
            daemon.close();
        }
        if (plugin != null) {
            plugin.close();
        }
        daemon = null;
        plugin = null;
    }

    Container container() {
        MadeNamespaces<RouteNetlink> fresh = make();
        return new Container(fresh.network(), fresh.result());
    }

    /** Calls a plugin in the node's namespace, the way that a runtime does. */
    Output call(Path program, String verb, String id, String netns, String config, String... more) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("CNI_COMMAND", verb);
        environment.put("CNI_CONTAINERID", id);
        environment.put("CNI_NETNS", netns);
        environment.put("CNI_IFNAME", "eth0");
        environment.put("CNI_PATH", "/usr/lib/cni:" + bin());
        for (String pair : more) {
            int equals = pair.indexOf('=');
            environment.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return run(environment, config, program.toString());
    }

    /** Calls the executable. */
    Output podnet(String verb, String id, String netns, String config, String... more) throws Exception {
        return call(bin().resolve("podnet-cni"), verb, id, netns, config, more);
    }

    /** Runs a program in the node's namespace to its end; it has a minute and a half. */
    Output run(Map<String, String> environment, String input, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + nodePath()));
        all.addAll(List.of(command));
        Path in = Files.createTempFile(directory, "in", "");
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        Files.writeString(in, input);
        ProcessBuilder builder = new ProcessBuilder(all)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " does not end: " + Files.readString(err));
        }
        String text = Files.readString(out, StandardCharsets.UTF_8);
        // The executable says its errors on standard output; whatever else a program says is for people.
        System.err.print(Files.readString(err, StandardCharsets.UTF_8));
        return new Output(process.exitValue(), text);
    }

    String rules() throws Exception {
        return run(Map.of(), "", "nft", "list", "ruleset").text();
    }

    /** Sends a datagram from a container to an address of another, and tells whether it arrived. */
    boolean reaches(Container from, Container to, String address) throws IOException {
        return reaches(from.namespace(), to, address);
    }

    /** The same from the node itself. */
    boolean nodeReaches(Container to, String address) throws IOException {
        return reaches(node.network(), to, address);
    }

    private boolean reaches(NetworkNamespace from, Container to, String address) throws IOException {
        IpAddress ip = IpAddress.parse(address);
        try (DatagramChannel receiver = new NamespaceChannels(threads, to.namespace()).datagram();
                DatagramChannel sender = new NamespaceChannels(threads, from).datagram();
                Selector selector = Selector.open()) {
            InetSocketAddress where = new InetSocketAddress(ip.toInetAddress(), PORT);
            receiver.bind(where);
            receiver.configureBlocking(false);
            receiver.register(selector, SelectionKey.OP_READ);
            sender.send(ByteBuffer.wrap(new byte[] {1}), where);
            return selector.select(WAIT_MILLIS) > 0;
        }
    }

    /** Files of attachments, leases and pending deletes; none where nobody is attached. */
    List<String> files() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path below : List.of(state(), leases())) {
            if (Files.isDirectory(below)) {
                try (Stream<Path> all = Files.walk(below)) {
                    all.filter(Files::isRegularFile)
                            .map(file -> directory.relativize(file).toString())
                            .filter(name -> name.contains("/attachments/")
                                    || name.contains("/pending/")
                                    || name.matches("leases/[^.][^/]*/[0-9a-f.:]+"))
                            .forEach(found::add);
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        stopDaemon();
        made.forEach(one -> {
            one.result().close();
            one.close();
        });
        threads.close();
    }
}
