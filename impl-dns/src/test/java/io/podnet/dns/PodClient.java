package io.podnet.dns;

import io.podnet.netlink.namespace.NamespaceChannels;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Sends any octets from inside a pod, each wait bounded. */
final class PodClient {
    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.10", 53);
    private static final long WAIT_MILLIS = 5_000;

    private final NamespaceChannels channels;

    PodClient(NamespaceChannels channels) {
        this.channels = channels;
    }

    /** What comes back over UDP within some time; empty where nothing does. */
    Optional<byte[]> datagram(byte[] query, long waitMillis) throws IOException {
        try (DatagramChannel channel = channels.datagram();
                Selector selector = Selector.open()) {
            channel.connect(SERVER);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            channel.write(ByteBuffer.wrap(query));
            if (selector.select(waitMillis) == 0) {
                return Optional.empty();
            }
            ByteBuffer buffer = ByteBuffer.allocate(65_535);
            channel.read(buffer);
            byte[] answer = new byte[buffer.position()];
            buffer.get(0, answer);
            return Optional.of(answer);
        }
    }

    byte[] datagram(byte[] query) throws IOException {
        return datagram(query, WAIT_MILLIS).orElseThrow(() -> new IOException("no answer"));
    }

    SocketChannel connection() throws IOException {
        SocketChannel channel = channels.socket();
        channel.connect(SERVER);
        return channel;
    }

    byte[] stream(byte[] query) throws IOException {
        try (SocketChannel channel = connection()) {
            channel.write(frame(query));
            return read(channel);
        }
    }

    static ByteBuffer frame(byte[] query) {
        return ByteBuffer.allocate(query.length + 2)
                .putShort((short) query.length)
                .put(query)
                .flip();
    }

    static byte[] read(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(65_537);
            while (buffer.position() < 2 || buffer.position() < 2 + (buffer.getShort(0) & 0xffff)) {
                selector.selectedKeys().clear();
                if (selector.select(WAIT_MILLIS) == 0) {
                    throw new IOException("no answer");
                }
                if (channel.read(buffer) < 0) {
                    throw new EOFException("closed");
                }
            }
            byte[] answer = new byte[buffer.position() - 2];
            buffer.get(2, answer);
            return answer;
        }
    }
}
