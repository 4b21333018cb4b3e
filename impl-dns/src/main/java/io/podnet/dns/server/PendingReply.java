package io.podnet.dns.server;

import io.podnet.dns.answer.ForwardedAnswer;
import io.podnet.dns.wire.ExtendedError;
import io.podnet.dns.wire.ResponseCode;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client that waits for the forwarder. The first call counts. */
final class PendingReply implements ReplySink {
    /**
     * What the answer begins with: the aliases that led outside.
     *
     * @param octets the answer so far, question included
     * @param answers how many records it has
     * @param owner offset of the last alias' target in it
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Begun(byte[] octets, int answers, int owner) {
        static final Begun NOTHING = new Begun(new byte[0], 0, 0);
    }

    private final Serving serving;
    private final Client client;
    private final byte[] query;
    private final boolean stream;
    private final Begun begun;
    private final ReplyPath path;
    private final long start;
    private final AtomicBoolean done = new AtomicBoolean();

    PendingReply(
            Serving serving, Client client, byte[] query, boolean stream, Begun begun, ReplyPath path, long start) {
        this.serving = serving;
        this.client = client;
        this.query = query;
        this.stream = stream;
        this.begun = begun;
        this.path = path;
        this.start = start;
    }

    @Override
    public void reply(byte[] message, int length, ExtendedError why) {
        finish(message, length, ResponseCode.SERVFAIL, why);
    }

    @Override
    public void fail(int code, ExtendedError why) {
        finish(new byte[0], 0, code, why);
    }

    private void finish(byte[] message, int length, int failure, ExtendedError why) {
        if (!done.compareAndSet(false, true)) {
            return;
        }
        ForwardedAnswer answer = new ForwardedAnswer(query, stream, serving.settings(), client.recursion(), why);
        if (begun.answers() > 0) {
            answer.append(begun.octets(), begun.answers(), begun.owner(), message, length, failure);
        } else {
            answer.take(message, length, failure);
        }
        if (start != 0) {
            serving.tell(client, answer.name(), answer.type(), answer.code(), System.nanoTime() - start);
        }
        path.send(answer.octets(), answer.length());
    }

    @Override
    public void drop() {
        if (done.compareAndSet(false, true)) {
            path.send(new byte[0], 0);
        }
    }
}
