package io.podnet.cni.host;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.cni.process.PluginLimits;
import io.podnet.cni.process.PluginPath;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.runtime.CniRuntime;
import io.podnet.cni.runtime.ResultCache;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.NewNamespaces;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.RouteNetlink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A node with the plugins of Debian's package, and a machine beside it; all in namespaces of the test's own. */
final class CniLab implements AutoCloseable {
    static final Path DEBIAN = Path.of("/usr/lib/cni");
    static final String NODE_IP = "192.0.2.1";
    static final String OUTSIDE_IP = "192.0.2.2";
    private static final int MNT_DETACH = 2;

    private final NamespaceThreads threads = new NamespaceThreads();
    private final MadeNamespaces<RouteNetlink> node;
    private final MadeNamespaces<RouteNetlink> outside;
    private final Path directory;

    CniLab(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("netns"));
        Files.createDirectories(directory.resolve("net.d"));
        node = threads.make(NewNamespaces.network(), RouteNetlink::open);
        outside = threads.make(NewNamespaces.network(), RouteNetlink::open);
        node.result().links().change(1, LinkAttributes.none().up());
        outside.result().links().change(1, LinkAttributes.none().up());
        run("ip", "link", "add", "uplink", "type", "veth", "peer", "name", "lab0");
        run(
                "ip",
                "link",
                "set",
                "lab0",
                "netns",
                "/proc/" + ProcessHandle.current().pid() + "/fd/"
                        + outside.network().fd());
        address(node.result(), "uplink", NODE_IP + "/24");
        address(outside.result(), "lab0", OUTSIDE_IP + "/24");
    }

    private static void address(RouteNetlink machine, String link, String address) {
        int index = machine.links().get(link).index();
        machine.links().change(index, LinkAttributes.none().up());
        machine.addresses().create(AssignedAddress.of(index, InterfaceAddress.parse(address)));
    }

    NetworkNamespace node() {
        return node.network();
    }

    NamespaceThreads threads() {
        return threads;
    }

    NamespaceChannels outside() throws IOException {
        return new NamespaceChannels(threads, outside.network());
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Writes a network's configuration; {@code DATA} in it is a directory of the test's. */
    void network(String file, String json) throws IOException {
        Files.writeString(
                directory.resolve("net.d").resolve(file),
                json.replace("DATA", directory.resolve("data").toString()));
    }

    Path configurations() {
        return directory.resolve("net.d");
    }

    PodnetBuilder builder(String network) {
        return Podnet.builder()
                .podCidr("10.22.0.0/24")
                .networkPlugin("cni")
                .ipam("none")
                .networkPluginOption("network", network)
                .networkPluginOption("confDir", configurations().toString())
                .networkPluginOption("binDir", DEBIAN.toString())
                .nodeNamespace(node.network().path())
                .netnsDirectory(directory.resolve("netns"))
                .stateDirectory(directory.resolve("state"));
    }

    CniRuntime runtime() {
        return new CniRuntime(
                new PluginRunner(
                        Optional.of(node.network()), new PluginPath(List.of(DEBIAN), true), PluginLimits.DEFAULT),
                new ResultCache(directory.resolve("cache")));
    }

    /** Runs a program in the node's namespace and gives what it printed. */
    String run(String... command) throws IOException {
        Process process = NamespaceCommand.find()
                .entering(NamespaceKind.NET, node.network().path())
                .processBuilder(List.of(command))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed: " + output);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return output;
    }

    /** Everything that a pod's attachment may leave in the node's namespace: links, addresses, routes, rules, qdiscs. */
    String state() throws IOException {
        String links = run("ip", "-o", "link", "show")
                .replaceAll("(?m)^\\d+: |<[^>]*>|state \\w+ |qlen \\d+ |link/.*|@if\\d+", "");
        String addresses = run("ip", "-o", "address", "show").replaceAll("(?m)^\\d+: ", "");
        String routes = run("ip", "route", "show", "table", "all") + run("ip", "-6", "route", "show", "table", "all");
        String rules = (run("iptables-save") + run("ip6tables-save")).replaceAll("(?m)^#.*\\n|\\[\\d+:\\d+\\]", "");
        String qdiscs = run("tc", "qdisc", "show").replaceAll("noqueue.*|qdisc fq_codel.*|qdisc pfifo.*", "");
        // Link-local addresses come, and a carrier goes, some time after what causes it.
        return links + (addresses + routes).replaceAll("(?m)^.*(fe80:|ff00:).*\\n| linkdown", "") + rules + qdiscs;
    }

    /** What is left of leases and records. */
    List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .filter(file ->
                            file.startsWith("data/") || file.contains("results/") || file.startsWith("state/pods"))
                    .filter(file -> !file.endsWith("/lock") && !file.contains("/last_reserved_ip"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() {
        node.result().close();
        outside.result().close();
        node.close();
        outside.close();
        threads.close();
        Libc.instance().umount2(directory.resolve("netns").toString(), MNT_DETACH);
    }
}
