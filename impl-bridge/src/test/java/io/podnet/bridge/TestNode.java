package io.podnet.bridge;

import io.podnet.api.IpFamily;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.NewNamespaces;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.RouteFilter;
import io.podnet.netlink.route.RouteNetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A node in a network namespace of its own, with its files in a directory of the test's. */
public final class TestNode implements AutoCloseable {
    private static final int MNT_DETACH = 2;

    private final NamespaceThreads threads = new NamespaceThreads();
    private final MadeNamespaces<RouteNetlink> made;
    private final Path directory;

    public TestNode(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("netns"));
        this.made = threads.make(NewNamespaces.network(), RouteNetlink::open);
        made.result().links().change(1, LinkAttributes.none().up());
    }

    public NetworkNamespace namespace() {
        return made.network();
    }

    public NamespaceThreads threads() {
        return threads;
    }

    public RouteNetlink route() {
        return made.result();
    }

    public Path state() {
        return directory.resolve("state");
    }

    public PodnetBuilder builder() {
        return Podnet.builder()
                .podCidr("10.244.1.0/24")
                .nodeNamespace(made.network().path())
                .netnsDirectory(directory.resolve("netns"))
                .stateDirectory(state());
    }

    /** Everything in the node's namespace, as text to compare. */
    public List<String> kernel() {
        List<String> lines = new ArrayList<>();
        for (Link link : route().links().list()) {
            lines.add("link " + link.name() + " " + link.kind() + " mtu " + link.mtu() + " group " + link.group()
                    + " master " + link.masterIndex() + (link.isUp() ? " up" : ""));
        }
        route().addresses().list().forEach(address -> lines.add("address " + address.address()));
        for (IpFamily family : IpFamily.values()) {
            route().routes().list(RouteFilter.all(family)).forEach(entry -> lines.add("route " + entry));
            route().links()
                    .list()
                    .forEach(link -> route().neighbours().list(family, link.index()).stream()
                            .filter(neighbour -> neighbour.isPermanent()
                                    && !neighbour.address().isMulticast()
                                    && !neighbour.address().isLoopback()
                                    && !neighbour.address().isUnspecified())
                            .forEach(neighbour -> lines.add("neighbour " + neighbour)));
        }
        return lines;
    }

    /** Files and mounts that a node without pods must not have. */
    public List<String> leftovers() throws IOException {
        List<String> left = new ArrayList<>();
        for (String below : List.of("netns", "state/attachments", "state/pods")) {
            Path path = directory.resolve(below);
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    files.forEach(file -> left.add(file.toString()));
                }
            }
        }
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            // The directory for pins may be a mount on itself; it belongs to the test.
            mounts.filter(line -> line.contains(directory + "/netns/") || line.contains(directory + "/state"))
                    .forEach(left::add);
        }
        return left;
    }

    @Override
    public void close() {
        made.result().close();
        made.close();
        threads.close();
        // Podnet makes the pins' directory a mount and leaves it, as ip-netns(8) does; this one is the test's.
        Libc.instance().umount2(directory.resolve("netns").toString(), MNT_DETACH);
    }
}
