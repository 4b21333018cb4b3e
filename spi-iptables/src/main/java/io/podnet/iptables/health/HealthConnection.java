package io.podnet.iptables.health;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/** One request and its answer. For the loop's thread alone. */
final class HealthConnection {
    private static final int MOST_BYTES = 4096;

    private final SocketChannel channel;
    private final Function<RequestHead, byte[]> answers;
    private final long deadline;
    private final ByteBuffer request = ByteBuffer.allocate(MOST_BYTES);
    private ByteBuffer answer = ByteBuffer.allocate(0);
    private boolean answered;

    /**
     * Takes a channel.
     *
     * @param channel non-blocking
     * @param answers gives the answer to a finished head
     * @param deadline System.nanoTime() at which it is closed in any case
     */
    HealthConnection(SocketChannel channel, Function<RequestHead, byte[]> answers, long deadline) {
        this.channel = channel;
        this.answers = answers;
        this.deadline = deadline;
    }

    long nanosLeft(long now) {
        return deadline - now;
    }

    /** Does what can be done now; false where the connection is at its end. */
    boolean proceed(SelectionKey key) throws IOException {
        if (!answered && !read(key)) {
            return false;
        }
        if (answered && answer.hasRemaining()) {
            channel.write(answer);
            if (answer.hasRemaining()) {
                key.interestOps(SelectionKey.OP_WRITE);
                return true;
            }
            // To close with input unread would reset the connection, and the client could lose the answer.
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
        }
        return !answered || drain();
    }

    private boolean read(SelectionKey key) throws IOException {
        if (channel.read(request) < 0) {
            return false;
        }
        RequestHead head = RequestHead.of(request);
        if (head != RequestHead.UNFINISHED) {
            answer = ByteBuffer.wrap(answers.apply(head));
            answered = true;
        } else {
            key.interestOps(SelectionKey.OP_READ);
        }
        return true;
    }

    private boolean drain() throws IOException {
        request.clear();
        int read = channel.read(request);
        return read >= 0;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            // The other side lost nothing by it.
        }
    }
}
