package io.podnet.testkit.machine;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Real packets between machines, each wait bounded. A packet that must not arrive is waited for only briefly. */
public final class Traffic {
    /** Long enough for a busy machine. */
    private static final long PATIENCE_MILLIS = 10_000;
    /** A lost first datagram, as while a neighbour is looked for, is sent again. */
    private static final long AGAIN_MILLIS = 300;

    private static final long BRIEFLY_MILLIS = 250;

    /** The port that packets are sent to: echo's. */
    public static final int PORT = 7;

    private Traffic() {}

    /**
     * Sends from one machine to an address of another, over TCP and over UDP, and requires that the answer comes back.
     *
     * @param from who sends
     * @param to who has the address
     * @param address where to
     * @return the sender's address as the receiver sees it, the same over both
     * @throws AssertionError where nothing arrives, or both differ
     */
    public static IpAddress sourceSeen(Machine from, Machine to, IpAddress address) {
        IpAddress overUdp = arrived(Protocol.UDP, from, to, address, true, PATIENCE_MILLIS)
                .orElseThrow(() -> new AssertionError("no datagram of " + from + " came to " + to + " at " + address));
        IpAddress overTcp = arrived(Protocol.TCP, from, to, address, true, PATIENCE_MILLIS)
                .orElseThrow(
                        () -> new AssertionError("no connection of " + from + " came to " + to + " at " + address));
        if (!overUdp.equals(overTcp)) {
            throw new AssertionError(
                    to + " sees " + from + " as " + overUdp + " over UDP and as " + overTcp + " over TCP");
        }
        return overUdp;
    }

    /**
     * Sends datagrams from one machine to an address of another for a quarter of a second.
     *
     * @param from who sends
     * @param to who has the address
     * @param address where to
     * @return whether one arrived
     */
    public static boolean reachesBriefly(Machine from, Machine to, IpAddress address) {
        return arrived(Protocol.UDP, from, to, address, false, BRIEFLY_MILLIS).isPresent();
    }

    /**
     * Opens a UDP channel with one of a machine's addresses.
     *
     * @param machine the machine
     * @param source the address
     * @return the channel
     */
    public static DatagramChannel bound(Machine machine, IpAddress source) {
        DatagramChannel channel = machine.openDatagramChannel();
        try {
            channel.bind(new InetSocketAddress(source.toInetAddress(), 0));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(machine + " from " + source, e);
        }
    }

    /**
     * Connects from one machine to an address that leads to another.
     *
     * @param from who connects
     * @param target where to
     * @param to who must get the connection
     * @param listening where that one listens
     * @return whether the connection was made
     */
    public static boolean connects(Machine from, InetSocketAddress target, Machine to, InetSocketAddress listening) {
        try (Selector selector = Selector.open()) {
            return overTcp(selector, from, target, to, listening, PATIENCE_MILLIS)
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(from + " to " + target, e);
        }
    }

    /** Gives the source that the receiver sees; empty where nothing comes, and comes back where that is asked for, in time. */
    private static Optional<IpAddress> arrived(
            Protocol protocol, Machine from, Machine to, IpAddress address, boolean andBack, long millis) {
        InetSocketAddress target = new InetSocketAddress(address.toInetAddress(), PORT);
        try (Selector selector = Selector.open()) {
            return protocol == Protocol.TCP
                    ? overTcp(selector, from, target, to, target, millis)
                    : overUdp(selector, from.openDatagramChannel(), to, target, andBack, millis);
        } catch (IOException e) {
            throw new UncheckedIOException(from + " to " + to + " at " + address, e);
        }
    }

    /**
     * Sends datagrams by an open channel and looks whether one arrives within a quarter of a second.
     *
     * @param sender a channel of the sending machine, closed by this
     * @param to who has the address
     * @param address where to
     * @return whether one arrived
     */
    public static boolean reachesBriefly(DatagramChannel sender, Machine to, IpAddress address) {
        InetSocketAddress target = new InetSocketAddress(address.toInetAddress(), PORT);
        try (Selector selector = Selector.open()) {
            return overUdp(selector, sender, to, target, false, BRIEFLY_MILLIS).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException("to " + to + " at " + address, e);
        }
    }

    private static Optional<IpAddress> overUdp(
            Selector selector,
            DatagramChannel sender,
            Machine to,
            InetSocketAddress target,
            boolean andBack,
            long millis)
            throws IOException {
        try (sender;
                DatagramChannel receiver = to.openDatagramChannel()) {
            receiver.bind(target);
            SelectionKey received = register(receiver, selector, SelectionKey.OP_READ);
            if (!connect(sender, target)) {
                return Optional.empty();
            }
            SelectionKey answered = register(sender, selector, SelectionKey.OP_READ);
            long end = System.nanoTime() + millis * 1_000_000;
            Optional<IpAddress> source = Optional.empty();
            while (System.nanoTime() < end) {
                send(sender);
                selector.selectedKeys().clear();
                selector.select(Math.min(AGAIN_MILLIS, millis));
                if (selector.selectedKeys().contains(received)) {
                    source = answer(receiver);
                }
                if ((source.isPresent() && !andBack) || selector.selectedKeys().contains(answered)) {
                    return source;
                }
            }
            return Optional.empty();
        }
    }

    private static boolean connect(DatagramChannel sender, InetSocketAddress target) {
        try {
            sender.connect(target);
            return true;
        } catch (IOException noRoute) {
            return false;
        }
    }

    /** What the sender's own kernel refuses does not arrive, which is all that is asked here. */
    private static boolean send(DatagramChannel sender) {
        try {
            return sender.write(ByteBuffer.wrap(new byte[] {1})) > 0;
        } catch (IOException refused) {
            return false;
        }
    }

    private static Optional<IpAddress> answer(DatagramChannel receiver) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(16);
        Optional<IpAddress> source = Optional.empty();
        for (SocketAddress client = receiver.receive(buffer); client != null; client = receiver.receive(buffer)) {
            source = Optional.of(ip(client));
            receiver.send(buffer.flip(), client);
            buffer.clear();
        }
        return source;
    }

    private static Optional<IpAddress> overTcp(
            Selector selector,
            Machine from,
            InetSocketAddress target,
            Machine to,
            InetSocketAddress listening,
            long millis)
            throws IOException {
        try (SocketChannel client = from.openSocketChannel();
                ServerSocketChannel server = to.openServerSocketChannel()) {
            server.bind(listening);
            SelectionKey accepted = register(server, selector, SelectionKey.OP_ACCEPT);
            SelectionKey connected = register(client, selector, SelectionKey.OP_CONNECT);
            client.connect(target);
            Optional<IpAddress> source = Optional.empty();
            boolean finished = false;
            long end = System.nanoTime() + millis * 1_000_000;
            while (System.nanoTime() < end && !(finished && source.isPresent())) {
                selector.selectedKeys().clear();
                selector.select(AGAIN_MILLIS);
                if (selector.selectedKeys().contains(connected)) {
                    finished = client.finishConnect();
                    connected.interestOps(0);
                }
                if (selector.selectedKeys().contains(accepted)) {
                    try (SocketChannel one = server.accept()) {
                        source = Optional.of(ip(one.getRemoteAddress()));
                    }
                }
            }
            return finished ? source : Optional.empty();
        }
    }

    /**
     * Sends bytes from one machine to an address of another over TCP and measures from the first to the last.
     *
     * @param from who sends
     * @param to who has the address
     * @param address where to
     * @param bytes how many, at least 1
     * @return nanoseconds
     * @throws AssertionError where they do not arrive
     */
    public static long nanosFor(Machine from, Machine to, IpAddress address, int bytes) {
        InetSocketAddress target = new InetSocketAddress(address.toInetAddress(), PORT);
        try (SocketChannel client = from.openSocketChannel();
                ServerSocketChannel server = to.openServerSocketChannel();
                Selector selector = Selector.open()) {
            server.bind(target);
            client.connect(target);
            try (SocketChannel accepted = server.accept()) {
                register(accepted, selector, SelectionKey.OP_READ);
                register(client, selector, SelectionKey.OP_WRITE);
                return copy(selector, client, accepted, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(from + " to " + to + " at " + address, e);
        }
    }

    private static long copy(Selector selector, SocketChannel client, SocketChannel accepted, int bytes)
            throws IOException {
        ByteBuffer sent = ByteBuffer.allocate(bytes);
        ByteBuffer received = ByteBuffer.allocate(bytes);
        long begun = System.nanoTime();
        while (received.hasRemaining()) {
            selector.selectedKeys().clear();
            if (selector.select(PATIENCE_MILLIS) == 0) {
                throw new AssertionError("after " + received.position() + " of " + bytes + " bytes nothing comes");
            }
            client.write(sent);
            if (!sent.hasRemaining()) {
                client.keyFor(selector).interestOps(0);
            }
            accepted.read(received);
        }
        return System.nanoTime() - begun;
    }

    private static SelectionKey register(SelectableChannel channel, Selector selector, int operations)
            throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations);
    }

    private static IpAddress ip(SocketAddress address) {
        return IpAddress.of(((InetSocketAddress) address).getAddress().getAddress());
    }
}
