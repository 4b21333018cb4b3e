package io.podnet.conformance;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
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

/** All servers of a lab on one thread. Each answers with its name and the address that it sees: agnhost's netexec. */
final class Servers implements AutoCloseable {
    private final Selector selector;
    private final Thread thread = new Thread(this::serve, "servers");
    private volatile boolean closed;

    Servers() throws IOException {
        selector = Selector.open();
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts a server; it ends when the result is closed. */
    Closeable open(Sockets sockets, IpAddress ip, Protocol protocol, int port, String name) throws IOException {
        InetSocketAddress address = new InetSocketAddress(ip.toInetAddress(), port);
        if (protocol == Protocol.TCP) {
            ServerSocketChannel channel = sockets.tcpServer();
            channel.bind(address, 1024);
            return register(channel, SelectionKey.OP_ACCEPT, name);
        }
        DatagramChannel channel = sockets.udp();
        channel.bind(address);
        return register(channel, SelectionKey.OP_READ, name);
    }

    private Closeable register(SelectableChannel channel, int operations, String name) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, operations, name);
        selector.wakeup();
        return () -> {
            channel.close();
            // A registered channel keeps its port until the selector has looked.
            selector.wakeup();
        };
    }

    private void serve() {
        while (!closed) {
            try {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    answer(key);
                }
                selector.selectedKeys().clear();
            } catch (ClosedSelectorException allOfThemEnded) {
                return;
            } catch (CancelledKeyException | ClosedChannelException oneOfThemEnded) {
                selector.selectedKeys().clear();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void answer(SelectionKey key) throws IOException {
        String name = (String) key.attachment();
        if (key.channel() instanceof ServerSocketChannel server) {
            try (SocketChannel client = server.accept()) {
                // Where there are more, the selector comes back.
                if (client != null) {
                    client.write(text(name, client.getRemoteAddress()));
                }
            } catch (ClosedChannelException ended) {
                throw ended;
            } catch (IOException clientIsGone) {
                // Its own affair.
            }
        } else {
            DatagramChannel server = (DatagramChannel) key.channel();
            ByteBuffer buffer = ByteBuffer.allocate(64);
            for (SocketAddress client = server.receive(buffer); client != null; client = server.receive(buffer)) {
                server.send(text(name, client), client);
                buffer.clear();
            }
        }
    }

    private static ByteBuffer text(String name, SocketAddress client) {
        IpAddress source =
                IpAddress.of(((InetSocketAddress) client).getAddress().getAddress());
        return ByteBuffer.wrap((name + " " + source).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
