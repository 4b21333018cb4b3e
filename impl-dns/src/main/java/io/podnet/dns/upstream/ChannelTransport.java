package io.podnet.dns.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** Real sockets. Datagrams go over connected sockets, so that the kernel drops what comes from other addresses. */
public final class ChannelTransport implements UpstreamTransport {
    private static final int MAX_MESSAGE = 65_535;
    // Somebody who floods a socket must not keep the others waiting.
    private static final int DATAGRAMS_AT_ONCE = 32;

    private final SelectorLoop loop;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_MESSAGE);
    private final byte[] message = new byte[MAX_MESSAGE];

    /**
     * Uses a loop.
     *
     * @param loop waits for the sockets
     */
    public ChannelTransport(SelectorLoop loop) {
        this.loop = loop;
    }

    @Override
    public Exchange datagram(UpstreamSockets sockets, Upstream to, byte[] query, Receiver receiver) {
        DatagramExchange exchange = new DatagramExchange(receiver);
        try {
            exchange.start(sockets, to, query);
        } catch (IOException | RuntimeException e) {
            loop.execute(() -> exchange.fail(asIo(to, e)));
        }
        return exchange;
    }

    @Override
    public Exchange stream(UpstreamSockets sockets, Upstream to, byte[] query, Receiver receiver) {
        StreamExchange exchange = new StreamExchange(loop, receiver);
        try {
            exchange.start(sockets, to, query);
        } catch (IOException | RuntimeException e) {
            loop.execute(() -> exchange.fail(asIo(to, e)));
        }
        return exchange;
    }

    private static IOException asIo(Upstream to, Exception e) {
        return new IOException("query to " + to + ": " + e.getMessage(), e);
    }

    private final class DatagramExchange implements Exchange {
        private final Receiver receiver;
        private @Nullable DatagramChannel channel;
        private boolean closed;

        DatagramExchange(Receiver receiver) {
            this.receiver = receiver;
        }

        void start(UpstreamSockets sockets, Upstream to, byte[] query) throws IOException {
            DatagramChannel opened = sockets.datagram(to.address().family());
            channel = opened;
            opened.configureBlocking(false);
            // The kernel chooses the port at random, from net.ipv4.ip_local_port_range without the reserved ones.
            opened.connect(to.socketAddress());
            opened.write(ByteBuffer.wrap(query));
            loop.register(opened, SelectionKey.OP_READ, () -> ready(opened));
        }

        private void ready(DatagramChannel open) {
            try {
                for (int i = 0; i < DATAGRAMS_AT_ONCE && !closed; i++) {
                    buffer.clear();
                    int length = open.read(buffer);
                    if (length <= 0) {
                        return;
                    }
                    buffer.get(0, message, 0, length);
                    receiver.onMessage(message, length);
                }
            } catch (IOException e) {
                fail(e);
            }
        }

        void fail(IOException failure) {
            if (!closed) {
                close();
                receiver.onFailure(failure);
            }
        }

        @Override
        public void close() {
            closed = true;
            if (channel != null) {
                Channels.close(channel);
            }
        }
    }
}
