package io.podnet.examples.cluster;

import io.podnet.api.PodnetException;
import io.podnet.examples.state.Mounts;
import io.podnet.examples.state.NamespaceStore;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Providers;
import io.podnet.spi.SandboxProvider;
import io.podnet.spi.Sandboxes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The nodes' network namespaces, and the underlay: a namespace with a bridge, on which each node has an interface {@code eth0}.
 * They outlive the process, and are found again by the next. Nothing leads out of them.
 */
final class Machines implements AutoCloseable {
    private static final String UNDERLAY = "underlay";
    private static final String BRIDGE = "br0";
    private static final String INTERFACE = "eth0";
    private static final int FIRST_HOST = 11;

    private final Path state;
    private final NamespaceStore store;
    private final Sandboxes sandboxes;
    private final Map<String, PodSandbox> open = new TreeMap<>();

    private Machines(Path state, Sandboxes sandboxes) {
        this.state = state;
        this.store = new NamespaceStore(state);
        this.sandboxes = sandboxes;
    }

    /** Finds or makes the nodes. */
    static Machines of(Path state, List<String> nodes) {
        Machines machines = new Machines(
                state.toAbsolutePath(),
                Providers.discover(SandboxProvider.class, Machines.class.getClassLoader())
                        .get("linux")
                        .create());
        try {
            for (String name : machines.store.names()) {
                if (!name.equals(UNDERLAY) && !nodes.contains(name)) {
                    throw new PodnetException.Invalid("state directory " + state + " has a node " + name
                            + " that --nodes " + nodes.size() + " leaves out; start with as many as before, or remove"
                            + " the cluster with --remove-on-exit first");
                }
            }
            machines.join(nodes);
            return machines;
        } catch (RuntimeException | Error e) {
            machines.close();
            throw e;
        }
    }

    private void join(List<String> nodes) {
        PodSandbox underlay = namespace(UNDERLAY);
        if (!has(underlay, BRIDGE)) {
            ip(underlay, "link", "add", BRIDGE, "type", "bridge");
        }
        ip(underlay, "link", "set", BRIDGE, "up");
        for (int i = 0; i < nodes.size(); i++) {
            PodSandbox node = namespace(nodes.get(i));
            if (!has(node, INTERFACE)) {
                plug(underlay, node, i);
            }
        }
    }

    private void plug(PodSandbox underlay, PodSandbox node, int number) {
        String port = "node" + (number + 1);
        if (has(underlay, port)) {
            ip(underlay, "link", "del", port);
        }
        int host = FIRST_HOST + number;
        ip(
                node,
                "link",
                "add",
                INTERFACE,
                "type",
                "veth",
                "peer",
                "name",
                port,
                "netns",
                underlay.network().path().toString());
        ip(node, "address", "add", "172.30." + host / 256 + "." + host % 256 + "/16", "dev", INTERFACE);
        ip(node, "address", "add", "fd30::" + Integer.toHexString(host) + "/64", "dev", INTERFACE, "nodad");
        ip(node, "link", "set", INTERFACE, "up");
        ip(underlay, "link", "set", port, "master", BRIDGE, "up");
    }

    private static boolean has(PodSandbox place, String link) {
        return NodeCommand.run(place, "ip", "link", "show", "dev", link).code() == 0;
    }

    private static void ip(PodSandbox place, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        NodeCommand.Outcome outcome = NodeCommand.run(place, command.toArray(String[]::new));
        if (outcome.code() != 0) {
            throw new PodnetException.StateFailure(
                    String.join(" ", command) + " failed: " + outcome.output().strip(), null);
        }
    }

    private Sandboxes.Pins pins(String name) {
        return new Sandboxes.Pins(
                state.resolve("netns").resolve(name), state.resolve("machines").resolve(name), name);
    }

    private PodSandbox namespace(String name) {
        OptionalLong inode = store.load(name);
        PodSandbox sandbox = (inode.isPresent()
                        ? sandboxes.open(pins(name), inode.getAsLong())
                        : java.util.Optional.<PodSandbox>empty())
                .orElseGet(() -> {
                    PodSandbox made = sandboxes.create(pins(name));
                    store.save(name, made.network().inode());
                    return made;
                });
        open.put(name, sandbox);
        return sandbox;
    }

    /** Where a node's network namespace is pinned. */
    Path path(String node) {
        return pins(node).netns();
    }

    /** Removes the namespaces and all that is in them, and the mounts that all pins below the state directory are in. */
    void remove() {
        for (String name : store.names()) {
            OptionalLong inode = store.load(name);
            PodSandbox sandbox = open.remove(name);
            if (sandbox != null) {
                sandbox.close();
            }
            sandboxes.remove(pins(name), inode.orElse(0));
            store.remove(name);
        }
        try {
            for (Path point : Mounts.below(state)) {
                NodeCommand.Outcome outcome = NodeCommand.here("umount", point.toString());
                if (outcome.code() != 0) {
                    throw new PodnetException.StateFailure(
                            "umount " + point + " failed: " + outcome.output().strip(), null);
                }
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("mounts below " + state + " cannot be found: " + e, e);
        }
    }

    @Override
    public void close() {
        open.values().forEach(PodSandbox::close);
        sandboxes.close();
    }
}
