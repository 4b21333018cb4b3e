package io.podnet.iptables;

import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Sends datagrams and opens connections through a net, all at once, and notes where they come out. All ends of all
 * namespaces are in one selector, and this is one thread.
 */
final class Probes implements AutoCloseable {
    private static final Duration BREATH = Duration.ofMillis(25);

    /** A place that packets come to. */
    enum Place {
        NODE,
        PODS,
        WORLD
    }

    /** What happened to a probe. */
    sealed interface Outcome {}

    /**
     * It came out.
     *
     * @param local the address and port there; an unspecified address where a datagram's is not known
     * @param peer who seems to have sent it
     */
    record Arrived(Place place, InetSocketAddress local, InetAddress peer) implements Outcome {}

    /** The sender was told that nobody takes it. */
    record Refused() implements Outcome {}

    /** A connection to a port of the node that the proxy serves itself. */
    record Connected() implements Outcome {}

    /** Something that no probe should meet. */
    record Odd(String what) implements Outcome {}

    private record Probe(int number, InetSocketAddress to) {}

    private record UdpEnd(Place place, InetSocketAddress local) {}

    private final ProbeNet net;
    private final Selector selector;
    private final List<Channel> opened = new ArrayList<>();
    private final Set<Integer> proxysPorts = new TreeSet<>();
    private final Map<Integer, List<Outcome>> outcomes = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64);

    Probes(ProbeNet net) throws IOException {
        this.net = net;
        selector = Selector.open();
        Set<Integer> ports = new TreeSet<>(List.of(53, 80, 443, 8080, 8081));
        for (int port = 30000; port < 30040; port++) {
            ports.add(port);
        }
        for (Place place : Place.values()) {
            for (int port : ports) {
                listen(place, port);
                receive(place, new InetSocketAddress(port));
            }
        }
        for (int pod = 1; pod <= ProbeNet.PODS; pod++) {
            for (int port : List.of(8080, 8081)) {
                for (String network : List.of("10.244.1.", "fd44:1::")) {
                    receive(Place.PODS, new InetSocketAddress(network + pod, port));
                }
                for (String network : List.of("10.244.2.", "fd44:2::")) {
                    receive(Place.WORLD, new InetSocketAddress(network + pod, port));
                }
            }
        }
    }

    private NamespaceChannels channels(Place place) throws IOException {
        NetworkNamespace where = switch (place) {
            case NODE -> net.lab.node;
            case PODS -> net.pods;
            case WORLD -> net.world;
        };
        return new NamespaceChannels(net.lab.threads, where);
    }

    private <T extends SelectableChannel> T ready(T channel) throws IOException {
        opened.add(channel);
        channel.configureBlocking(false);
        return channel;
    }

    private void listen(Place place, int port) throws IOException {
        ServerSocketChannel server = ready(channels(place).serverSocket());
        try {
            server.bind(new InetSocketAddress(port), 1024);
        } catch (BindException taken) {
            if (place != Place.NODE) {
                throw taken;
            }
            // The proxy answers health checks there.
            proxysPorts.add(port);
            return;
        }
        server.register(selector, SelectionKey.OP_ACCEPT, place);
    }

    private void receive(Place place, InetSocketAddress local) throws IOException {
        DatagramChannel channel = ready(channels(place).datagram());
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(local);
        channel.register(selector, SelectionKey.OP_READ, new UdpEnd(place, local));
    }

    /** Sends one; its number is what {@link #outcome} is asked by. */
    void send(int number, Packet packet) throws IOException {
        Place from = packet.inInterface()
                .map(link -> link.equals(ProbeNet.WORLD_LINK) ? Place.WORLD : Place.PODS)
                .orElse(Place.NODE);
        InetSocketAddress to = address(packet.destination(), packet.destinationPort());
        InetSocketAddress own = address(packet.source(), 0);
        if (packet.protocol() == Protocol.TCP) {
            SocketChannel channel = ready(channels(from).socket());
            channel.bind(own);
            channel.register(selector, SelectionKey.OP_CONNECT, new Probe(number, to));
            try {
                if (channel.connect(to)) {
                    connected(channel, new Probe(number, to));
                }
            } catch (ConnectException refused) {
                failed(channel, number, refused);
            }
        } else {
            DatagramChannel channel = ready(channels(from).datagram());
            channel.bind(own);
            channel.connect(to);
            channel.register(selector, SelectionKey.OP_READ, new Probe(number, to));
            try {
                channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
            } catch (IOException filtered) {
                // The node's own packets that are dropped or rejected fail at once; a rejection is told besides.
            }
        }
    }

    private static InetSocketAddress address(IpAddress ip, int port) {
        return new InetSocketAddress(ip.toInetAddress(), port);
    }

    /** What happened to it until now: nothing, or most often one thing. */
    List<Outcome> outcome(int number) {
        return outcomes.getOrDefault(number, List.of());
    }

    /** Works on what comes for a moment: a kernel tells so many refusals in a burst, and no more than 1000 a second. */
    void breathe() throws IOException {
        long end = System.nanoTime() + BREATH.toNanos();
        while (System.nanoTime() < end) {
            select(1);
        }
    }

    /** Works until nothing is missing or so much time has gone, and then until nothing happens for a moment. */
    void await(BooleanSupplier complete, Duration patience, Duration quiet) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!complete.getAsBoolean() && System.nanoTime() < deadline) {
            select(20);
        }
        while (select(quiet.toMillis())) {
            // Something came.
        }
    }

    private boolean select(long millis) throws IOException {
        selector.select(millis);
        boolean any = !selector.selectedKeys().isEmpty();
        for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
            work(key);
        }
        selector.selectedKeys().clear();
        return any;
    }

    private void work(SelectionKey key) throws IOException {
        if (key.channel() instanceof ServerSocketChannel server) {
            SocketChannel accepted = server.accept();
            if (accepted != null) {
                ready(accepted).register(selector, SelectionKey.OP_READ, key.attachment());
            }
        } else if (key.channel() instanceof SocketChannel channel && key.attachment() instanceof Probe probe) {
            try {
                channel.finishConnect();
                connected(channel, probe);
            } catch (IOException e) {
                failed(channel, probe.number, e);
            }
        } else if (key.channel() instanceof SocketChannel accepted) {
            greeting(accepted, (Place) key.attachment());
        } else if (key.channel() instanceof DatagramChannel channel && key.attachment() instanceof Probe probe) {
            told(channel, probe);
        } else if (key.channel() instanceof DatagramChannel channel) {
            datagram(channel, (UdpEnd) key.attachment());
        }
    }

    private void connected(SocketChannel channel, Probe probe) throws IOException {
        if (proxysPorts.contains(probe.to.getPort())) {
            note(probe.number, new Connected());
            channel.close();
            return;
        }
        channel.keyFor(selector).interestOps(0);
        channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, probe.number));
    }

    private void failed(SocketChannel channel, int number, IOException why) throws IOException {
        note(
                number,
                why instanceof ConnectException && why.getMessage().contains("refused")
                        ? new Refused()
                        : new Odd(why.toString()));
        channel.close();
    }

    private void greeting(SocketChannel accepted, Place place) throws IOException {
        buffer.clear();
        InetSocketAddress local = (InetSocketAddress) accepted.getLocalAddress();
        InetSocketAddress peer = (InetSocketAddress) accepted.getRemoteAddress();
        if (accepted.read(buffer) >= Integer.BYTES) {
            note(buffer.getInt(0), new Arrived(place, local, peer.getAddress()));
        }
        accepted.close();
    }

    private void told(DatagramChannel channel, Probe probe) throws IOException {
        buffer.clear();
        try {
            note(probe.number, new Odd("an answer of " + channel.read(buffer) + " bytes"));
        } catch (PortUnreachableException refused) {
            note(probe.number, new Refused());
        }
    }

    private void datagram(DatagramChannel channel, UdpEnd end) throws IOException {
        buffer.clear();
        InetSocketAddress peer = (InetSocketAddress) channel.receive(buffer);
        if (peer != null) {
            note(buffer.getInt(0), new Arrived(end.place, end.local, peer.getAddress()));
        }
    }

    private void note(int number, Outcome outcome) {
        outcomes.computeIfAbsent(number, none -> new ArrayList<>()).add(outcome);
    }

    @Override
    public void close() throws IOException {
        for (Channel channel : opened) {
            channel.close();
        }
        selector.close();
    }
}
