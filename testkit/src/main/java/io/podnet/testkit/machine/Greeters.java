package io.podnet.testkit.machine;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Servers on machines, all on one thread. Each answers every connection and every datagram with the name of its machine and
 * the address that it sees, as Kubernetes' netexec does. Safe for any thread.
 */
public final class Greeters implements AutoCloseable {
    /** What {@link #ask} gives where the connection or the datagram was refused. */
    public static final String REFUSED = "(refused)";
    /** What {@link #ask} gives where nothing came back in time. */
    public static final String SILENT = "(silent)";

    private static final long PATIENCE_MILLIS = 10_000;
    /** Longer than a refusal takes; the second segment of a connection, a second later, brings the next one. */
    private static final long BRIEFLY_MILLIS = 1_300;

    private final Selector selector;
    private final Thread thread = new Thread(this::serve, "podnet-testkit-greeters");

    /** Starts the thread. */
    public Greeters() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Starts a server that greets over TCP and UDP. It ends with its machine's test.
     *
     * @param machine where, and what it answers
     * @param ip where it listens
     * @param port where it listens
     */
    public void serve(Machine machine, IpAddress ip, int port) {
        InetSocketAddress address = new InetSocketAddress(ip.toInetAddress(), port);
        try {
            ServerSocketChannel server = machine.openServerSocketChannel();
            server.bind(address);
            register(server, SelectionKey.OP_ACCEPT, machine.name());
            DatagramChannel datagrams = machine.openDatagramChannel();
            datagrams.bind(address);
            register(datagrams, SelectionKey.OP_READ, machine.name());
        } catch (IOException e) {
            throw new UncheckedIOException(machine + " at " + address, e);
        }
    }

    private void register(SelectableChannel channel, int operations, String name) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, operations, name);
        selector.wakeup();
    }

    private void serve() {
        while (selector.isOpen()) {
            try {
                selector.select(this::greet);
            } catch (ClosedSelectorException ended) {
                return;
            } catch (CancelledKeyException oneEnded) {
                selector.wakeup();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void greet(SelectionKey key) {
        String name = (String) key.attachment();
        try {
            if (key.channel() instanceof ServerSocketChannel server) {
                try (SocketChannel client = server.accept()) {
                    client.write(text(name, client.getRemoteAddress()));
                }
            } else {
                DatagramChannel server = (DatagramChannel) key.channel();
                SocketAddress client = server.receive(ByteBuffer.allocate(64));
                server.send(text(name, client), client);
            }
        } catch (ClosedChannelException ended) {
            key.cancel();
        } catch (IOException clientIsGone) {
            selector.wakeup();
        }
    }

    private static ByteBuffer text(String name, SocketAddress client) {
        IpAddress source =
                IpAddress.of(((InetSocketAddress) client).getAddress().getAddress());
        return ByteBuffer.wrap((name + " " + source).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Asks once: by a connection, or by a datagram, from a port that was not used before.
     *
     * @param from who asks
     * @param protocol TCP or UDP
     * @param ip whom
     * @param port whom
     * @return the greeting as {@code NAME SOURCE}, {@link #REFUSED} or {@link #SILENT}
     */
    public static String ask(Machine from, Protocol protocol, IpAddress ip, int port) {
        return ask(from, protocol, ip, port, PATIENCE_MILLIS);
    }

    /**
     * The same for where no greeting is expected.
     *
     * @param from who asks
     * @param protocol TCP or UDP
     * @param ip whom
     * @param port whom
     * @return the greeting as {@code NAME SOURCE}, {@link #REFUSED} or {@link #SILENT}
     */
    public static String askBriefly(Machine from, Protocol protocol, IpAddress ip, int port) {
        return ask(from, protocol, ip, port, BRIEFLY_MILLIS);
    }

    private static String ask(Machine from, Protocol protocol, IpAddress ip, int port, long millis) {
        InetSocketAddress address = new InetSocketAddress(ip.toInetAddress(), port);
        try (Selector selector = Selector.open()) {
            return protocol == Protocol.UDP
                    ? overUdp(selector, from, address, millis)
                    : overTcp(selector, from, address, millis);
        } catch (ConnectException | PortUnreachableException e) {
            return REFUSED;
        } catch (IOException e) {
            // Such as «operation not permitted», where the sender's own rules refuse.
            return REFUSED;
        }
    }

    private static String overTcp(Selector selector, Machine from, InetSocketAddress address, long millis)
            throws IOException {
        try (SocketChannel channel = from.openSocketChannel()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(address)) {
                if (selector.select(millis) == 0) {
                    return SILENT;
                }
                channel.finishConnect();
            }
            key.interestOps(SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(256);
            while (channel.read(buffer) >= 0) {
                selector.selectedKeys().clear();
                if (selector.select(millis) == 0) {
                    return SILENT;
                }
            }
            return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        }
    }

    private static String overUdp(Selector selector, Machine from, InetSocketAddress address, long millis)
            throws IOException {
        try (DatagramChannel channel = from.openDatagramChannel()) {
            channel.connect(address);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            channel.write(ByteBuffer.wrap(new byte[] {1}));
            if (selector.select(millis) == 0) {
                return SILENT;
            }
            ByteBuffer buffer = ByteBuffer.allocate(256);
            channel.read(buffer);
            return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        }
    }

    /** Ends all servers. Idempotent. */
    @Override
    public void close() {
        if (!selector.isOpen()) {
            return;
        }
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
