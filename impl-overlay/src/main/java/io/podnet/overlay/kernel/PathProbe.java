package io.podnet.overlay.kernel;

import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.overlay.model.PeerPath;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves the ways to peers with packets of the largest size, between the nodes' own addresses in the pod network, both ways at
 * once: the peer answers with as many bytes. A way whose MTU is wrong would pass small packets and lose large ones in silence.
 * One thread; each peer costs a packet a minute.
 */
public final class PathProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PathProbe.class);
    private static final long MAGIC = 0x706f_646e_6574_6d70L; // "podnetmp"
    private static final int HEADER = 24;
    private static final int LARGEST = 65_536;
    private static final long LOOK_MILLIS = 1_000;

    private final Selector selector;
    private final Map<IpFamily, DatagramChannel> channels;
    private final int port;
    private final Supplier<List<PeerPath>> paths;
    private final OverlayEvents events;
    private final Map<Way, WayProbe> probes = new ConcurrentHashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
    private final Thread thread;
    private volatile Set<IpAddress> known = Set.of();
    private volatile boolean closed;

    private record Way(String peer, IpFamily family) {}

    private PathProbe(
            Selector selector,
            Map<IpFamily, DatagramChannel> channels,
            String node,
            int port,
            Supplier<List<PeerPath>> paths,
            OverlayEvents events) {
        this.selector = selector;
        this.channels = channels;
        this.port = port;
        this.paths = paths;
        this.events = events;
        this.thread = new Thread(null, this::run, "podnet-overlay-probe-" + node, 0, false);
        thread.setDaemon(true);
    }

    /**
     * Starts to ask and to answer.
     *
     * @param namespace the node's
     * @param node the node's name
     * @param own the node's own addresses in the pod network, which its kernel has
     * @param port UDP port, the same on all nodes
     * @param paths the ways to prove
     * @param events is told of results that change
     * @return what asks and answers, to be closed
     * @throws PodnetException.Conflict where the port is taken
     */
    public static PathProbe start(
            NamespaceRef namespace,
            String node,
            List<IpAddress> own,
            int port,
            Supplier<List<PeerPath>> paths,
            OverlayEvents events) {
        Map<IpFamily, DatagramChannel> channels = new EnumMap<>(IpFamily.class);
        try (NamespaceThreads threads = new NamespaceThreads(1)) {
            NamespaceChannels inside = new NamespaceChannels(threads, namespace);
            Selector selector = Selector.open();
            for (IpAddress address : own) {
                DatagramChannel channel = inside.datagram(
                        address.family() == IpFamily.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
                channels.put(address.family(), channel);
                channel.bind(new InetSocketAddress(address.toInetAddress(), port));
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, address.family());
            }
            PathProbe probe = new PathProbe(selector, channels, node, port, paths, events);
            probe.thread.start();
            return probe;
        } catch (IOException e) {
            PodnetException.Conflict failure = new PodnetException.Conflict("MTU probes cannot use UDP port " + port
                    + " of " + own + ": " + e.getMessage() + "; set the option 'probePort', or probe=false");
            for (DatagramChannel channel : channels.values()) {
                try {
                    channel.close();
                } catch (IOException again) {
                    failure.addSuppressed(again);
                }
            }
            throw failure;
        }
    }

    private void run() {
        long nextLook = System.nanoTime();
        while (!closed) {
            try {
                long now = System.nanoTime();
                if (now - nextLook >= 0) {
                    look(now);
                    nextLook = now + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
                }
                selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextLook - System.nanoTime())));
                for (SelectionKey key : selector.selectedKeys()) {
                    receive((DatagramChannel) key.channel());
                }
                selector.selectedKeys().clear();
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.atWarn().setCause(e).log("MTU probes failed, and go on");
                }
            }
        }
    }

    private void look(long now) {
        Set<IpAddress> peers = new HashSet<>();
        Set<Way> ways = new HashSet<>();
        for (PeerPath path : paths.get()) {
            if (path.probe().isEmpty() || !channels.containsKey(path.family())) {
                continue;
            }
            peers.add(path.probe().get());
            Way way = new Way(path.peer(), path.family());
            ways.add(way);
            WayProbe probe = probes.computeIfAbsent(way, unused -> new WayProbe());
            if (probe.look(path, now)) {
                events.happened(
                        OverlayEvents.Kind.PATH_PROBED,
                        path.peer() + " " + path.family(),
                        probe.condition().reason() + " " + probe.condition().message());
            }
            if (probe.isDue(now)) {
                send(path, probe.asked(now), probe.size());
            }
        }
        probes.keySet().retainAll(ways);
        known = peers;
    }

    private static int payload(IpFamily family, int mtu) {
        return mtu - (family == IpFamily.IPV4 ? 28 : 48);
    }

    private void send(PeerPath path, long nonce, int mtu) {
        DatagramChannel channel = channels.get(path.family());
        if (channel == null || path.probe().isEmpty()) {
            return;
        }
        buffer.clear().putLong(0, MAGIC).putLong(8, 0).putLong(16, nonce);
        buffer.limit(Math.max(HEADER, payload(path.family(), mtu)));
        try {
            channel.send(buffer, new InetSocketAddress(path.probe().get().toInetAddress(), port));
        } catch (IOException refused) {
            // No answer will come, which says as much.
            LOG.atDebug().addKeyValue("path", path).setCause(refused).log("a probe was refused");
        }
    }

    private void receive(DatagramChannel channel) throws IOException {
        while (true) {
            buffer.clear();
            InetSocketAddress source = (InetSocketAddress) channel.receive(buffer);
            if (source == null) {
                return;
            }
            int length = buffer.position();
            IpAddress from = IpAddress.of(source.getAddress().getAddress());
            // Others than peers get no answer: a forged source would have us flood somebody.
            if (length < HEADER || buffer.getLong(0) != MAGIC || source.getPort() != port || !known.contains(from)) {
                continue;
            }
            if (buffer.getLong(8) == 0) {
                buffer.putLong(8, 1);
                buffer.flip();
                channel.send(buffer, source);
            } else {
                long nonce = buffer.getLong(16);
                probes.values().forEach(probe -> probe.answered(nonce));
            }
        }
    }

    /**
     * Tells what is known of a way.
     *
     * @param path the way
     * @return ready where it was proved, or cannot be
     */
    public Condition condition(PeerPath path) {
        WayProbe probe = probes.get(new Way(path.peer(), path.family()));
        return probe == null ? Condition.READY : probe.condition();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
            selector.close();
            for (DatagramChannel channel : channels.values()) {
                channel.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("closing MTU probes", e);
        }
    }
}
