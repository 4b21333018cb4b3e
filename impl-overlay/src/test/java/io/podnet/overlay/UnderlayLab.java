package io.podnet.overlay;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.NewNamespaces;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.route.Veth;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Nodes in network namespaces of their own, on one Ethernet: a bridge in a namespace between them. */
final class UnderlayLab implements AutoCloseable {
    private static final int MNT_DETACH = 2;

    private final NamespaceThreads threads = new NamespaceThreads();
    private final Path directory;
    private final MadeNamespaces<RouteNetlink> middle;
    private final int bridge;
    private final List<LabNode> nodes = new ArrayList<>();
    final MemoryHub hub = new MemoryHub();

    UnderlayLab(Path directory) {
        this.directory = directory;
        this.middle = threads.make(NewNamespaces.network(), RouteNetlink::open);
        middle.result()
                .links()
                .create(
                        new Bridge(),
                        LinkAttributes.named("underlay").noAddressGeneration().up());
        this.bridge = middle.result().links().get("underlay").index();
    }

    /** A node with 192.0.2.N and fd00:b::N on the underlay. */
    LabNode node(int number) throws IOException {
        LabNode node = new LabNode(number);
        nodes.add(node);
        return node;
    }

    RouteNetlink middle() {
        return middle.result();
    }

    final class LabNode implements AutoCloseable {
        final int number;
        final String name;
        final MadeNamespaces<RouteNetlink> made;
        final MemoryStore store;
        final Path files;

        private LabNode(int number) throws IOException {
            this.number = number;
            this.name = "node-" + number;
            this.store = hub.connect(name);
            this.files = directory.resolve(name);
            Files.createDirectories(files.resolve("netns"));
            this.made = threads.make(NewNamespaces.network(), RouteNetlink::open);
            route().links().change(1, LinkAttributes.none().up());
            middle.result()
                    .links()
                    .create(
                            new Veth(LinkAttributes.named("eth0")
                                    .namespaceFd(made.network().fd())),
                            LinkAttributes.named("to-" + number).master(bridge));
            middle.result()
                    .links()
                    .change(
                            "to-" + number,
                            LinkAttributes.none().noAddressGeneration().up());
            route().links()
                    .change("eth0", LinkAttributes.none().noAddressGeneration().up());
            address("192.0.2." + number + "/24");
            address("fd00:b::" + number + "/64");
            // Neighbour discovery for packets of others needs one.
            address("fe80::" + number + "/64");
        }

        RouteNetlink route() {
            return made.result();
        }

        NetworkNamespace namespace() {
            return made.network();
        }

        NamespaceThreads threads() {
            return threads;
        }

        void address(String address) {
            route().addresses()
                    .create(AssignedAddress.of(route().links().get("eth0").index(), InterfaceAddress.parse(address)));
        }

        IpAddress underlay() {
            return IpAddress.parse("192.0.2." + number);
        }

        PodnetBuilder builder() {
            return Podnet.builder()
                    .nodeName(name)
                    .networkPlugin("overlay")
                    .clusterStore(store)
                    .nodeNamespace(namespace().path())
                    .netnsDirectory(files.resolve("netns"))
                    .stateDirectory(files.resolve("state"));
        }

        /** Runs a program in the node's namespace; for looking at it as people do. */
        String run(String... command) throws Exception {
            List<String> full =
                    new ArrayList<>(List.of("nsenter", "--net=" + namespace().path()));
            full.addAll(List.of(command));
            Process process = new ProcessBuilder(full).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
            return output;
        }

        Link device() {
            return route().links().get("pnvx4");
        }

        @Override
        public void close() {
            made.result().close();
            made.close();
            Libc.instance().umount2(files.resolve("netns").toString(), MNT_DETACH);
        }
    }

    @Override
    public void close() {
        nodes.forEach(LabNode::close);
        middle.result().close();
        middle.close();
        threads.close();
    }
}
