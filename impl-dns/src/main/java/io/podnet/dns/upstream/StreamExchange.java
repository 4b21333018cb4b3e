package io.podnet.dns.upstream;

import io.podnet.dns.upstream.UpstreamTransport.Exchange;
import io.podnet.dns.upstream.UpstreamTransport.Receiver;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A query over TCP (RFC 7766): length and message in one write, one message back. Memory for the answer is taken as it
 * arrives, not as its length claims.
 */
final class StreamExchange implements Exchange {
    private static final int FIRST_ROOM = 2_048;

    private final SelectorLoop loop;
    private final Receiver receiver;
    private final ByteBuffer lengthPrefix = ByteBuffer.allocate(2);
    private ByteBuffer output = ByteBuffer.allocate(0);
    private ByteBuffer input = ByteBuffer.allocate(0);
    private int expected = -1;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private boolean closed;

    StreamExchange(SelectorLoop loop, Receiver receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    void start(UpstreamSockets sockets, Upstream to, byte[] query) throws IOException {
        output = ByteBuffer.allocate(query.length + 2)
                .putShort((short) query.length)
                .put(query)
                .flip();
        SocketChannel opened = sockets.stream(to.address().family());
        channel = opened;
        opened.configureBlocking(false);
        boolean connected = opened.connect(to.socketAddress());
        key = loop.register(opened, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, () -> ready(opened));
    }

    private void ready(SocketChannel open) {
        if (closed || key == null) {
            return;
        }
        try {
            if (key.isConnectable()) {
                open.finishConnect();
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (key.isWritable()) {
                open.write(output);
                if (!output.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            } else if (key.isReadable()) {
                read(open);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void read(SocketChannel open) throws IOException {
        if (expected < 0) {
            if (open.read(lengthPrefix) < 0) {
                throw new EOFException("the server closed the connection before its answer");
            }
            if (lengthPrefix.hasRemaining()) {
                return;
            }
            expected = lengthPrefix.getShort(0) & 0xffff;
            input = ByteBuffer.allocate(Math.min(expected, FIRST_ROOM));
        }
        while (input.position() < expected) {
            if (!input.hasRemaining()) {
                input = ByteBuffer.allocate(Math.min(expected, 2 * input.capacity()))
                        .put(input.flip());
            }
            int count = open.read(input);
            if (count < 0) {
                throw new EOFException("the server closed the connection within its answer");
            }
            if (count == 0) {
                return;
            }
        }
        receiver.onMessage(input.array(), expected);
        if (!closed) {
            fail(new IOException("the server's answer over TCP is to another question"));
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
