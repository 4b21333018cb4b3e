package io.podnet.netlink.sandbox;

import io.podnet.api.IpAddress;
import io.podnet.api.Names;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.namespace.BegunTask;
import io.podnet.netlink.namespace.MadeNamespaces;
import io.podnet.netlink.namespace.NamespaceHandle;
import io.podnet.netlink.namespace.NamespaceId;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.NewNamespaces;
import io.podnet.netlink.namespace.PinDirectory;
import io.podnet.netlink.namespace.SpareNamespaces;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.socket.NetlinkBufferPool;
import io.podnet.netlink.socket.NetlinkSocket;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Sandboxes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps sandboxes as pins: the network namespace where {@code ip netns} finds it, ipc and uts namespaces and the
 * pod's own /dev/shm in a directory beside that, see {@link PodPins}. A restart finds all of it again by path and inode.
 */
final class LinuxSandboxes implements Sandboxes {
    // __NEW_UTS_LEN of include/uapi/linux/utsname.h
    private static final int LONGEST_HOSTNAME = 64;

    private final NamespaceThreads threads;
    private final NetworkNamespace home;
    private final SpareNamespaces<NetlinkSocket> spares;
    private final NetlinkBufferPool buffers = new NetlinkBufferPool();
    private final Map<Path, PinDirectory> pinDirectories = new ConcurrentHashMap<>();

    /**
     * @param threads what goes into namespaces; closed with this
     * @param most how many namespaces are made ahead
     */
    LinuxSandboxes(NamespaceThreads threads, int most) {
        this.threads = threads;
        this.spares = new SpareNamespaces<>(
                threads,
                NewNamespaces.network()
                        .and(NamespaceKind.IPC, Optional.empty())
                        .and(NamespaceKind.UTS, Optional.empty()),
                this::settleIn,
                most);
        this.home = NetworkNamespace.ofPid(ProcessHandle.current().pid());
    }

    @Override
    public PodSandbox create(Pins pins) {
        PodSandbox sandbox = begin(pins);
        try {
            sandbox.settle();
            return sandbox;
        } catch (RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    @Override
    public PodSandbox begin(Pins pins) {
        Names.dnsSubdomain("hostname", pins.hostname());
        if (pins.hostname().length() > LONGEST_HOSTNAME) {
            throw new PodnetException.Invalid("hostname " + pins.hostname() + " has more than " + LONGEST_HOSTNAME
                    + " characters, which is all that the kernel takes");
        }
        PodPins where = new PodPins(pins.netns());
        // Once for a directory: what it takes grows with the number of pins.
        Path netns = pinDirectories
                .computeIfAbsent(where.netnsDirectory(), PinDirectory::prepare)
                .pin(where.name());
        PodDirectory directory = new PodDirectory(pins.directory());
        MadeNamespaces<NetlinkSocket> made = spares.take()
                .toBePinnedAt(Map.of(
                        NamespaceKind.NET, netns, NamespaceKind.IPC, where.ipc(), NamespaceKind.UTS, where.uts()));
        BegunTask furnishing;
        try {
            SandboxFurnishing rest = new SandboxFurnishing(made, where, directory, pins.hostname());
            furnishing = threads.beginIn(made.other(NamespaceKind.UTS).orElseThrow(), rest::run);
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
        NetworkNamespace network = made.network().keeping(made.result()).pinnedBy(furnishing);
        return new LinuxPodSandbox(
                threads, network, made.others(), directory, Optional.of(where), Optional.of(furnishing));
    }

    @Override
    public void anticipate() {
        spares.replenish();
    }

    /** Inside a namespace of somebody's who may have made it and nothing more, as ip-netns(8) does. */
    private static boolean bringUpLoopback() {
        Loopback.up();
        return true;
    }

    /** Inside fresh namespaces. */
    private NetlinkSocket settleIn() {
        Loopback.up();
        return NetlinkSocket.open(LinuxNetlink.NETLINK_ROUTE, buffers.take());
    }

    @Override
    public PodSandbox join(Path netns, Path directory) {
        NetworkNamespace network = NetworkNamespace.open(netns).requireOtherThan(home);
        try {
            threads.callIn(network, LinuxSandboxes::bringUpLoopback);
            return new LinuxPodSandbox(
                    threads, network, Map.of(), PodDirectory.prepare(directory), Optional.empty(), Optional.empty());
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    @Override
    public Optional<PodSandbox> open(Pins pins, long inode) {
        PodPins where = new PodPins(pins.netns());
        Optional<NetworkNamespace> network = OpenedPins.network(pins.netns(), inode);
        Optional<NamespaceHandle> ipc = OpenedPins.other(NamespaceKind.IPC, where.ipc());
        Optional<NamespaceHandle> uts = OpenedPins.other(NamespaceKind.UTS, where.uts());
        if (network.isEmpty() || ipc.isEmpty() || uts.isEmpty()) {
            // Without its ipc and uts namespaces a process of the pod would get the node's, so this is no sandbox.
            network.ifPresent(NetworkNamespace::close);
            ipc.ifPresent(NamespaceHandle::close);
            uts.ifPresent(NamespaceHandle::close);
            return Optional.empty();
        }
        return Optional.of(new LinuxPodSandbox(
                threads,
                network.get(),
                Map.of(NamespaceKind.IPC, ipc.get(), NamespaceKind.UTS, uts.get()),
                new PodDirectory(pins.directory()),
                Optional.of(where),
                Optional.empty()));
    }

    @Override
    public void remove(Pins pins, long inode) {
        Optional<NamespaceId> expected = inode == 0
                ? Optional.empty()
                : Optional.of(new NamespaceId(home.id().device(), inode));
        new SandboxRemoval(new PodPins(pins.netns()), expected).run();
    }

    @Override
    public HeldNamespace nodeNamespace(Optional<Path> path) {
        return path.map(NetworkNamespace::open)
                .orElseGet(() -> NetworkNamespace.ofPid(ProcessHandle.current().pid()));
    }

    @Override
    public List<IpAddress> addresses(NamespaceRef namespace) {
        try (RouteNetlink route = threads.callIn(namespace, () -> RouteNetlink.open())) {
            return route.addresses().list().stream()
                    .map(assigned -> assigned.address().address())
                    .filter(ip -> !ip.isLoopback())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() {
        spares.close();
        threads.close();
        home.close();
    }
}
