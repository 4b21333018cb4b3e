package io.podnet.dns.server;

import io.podnet.dns.answer.Responder;
import io.podnet.dns.wire.ExtendedError;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.NameReader;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.Query;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import java.util.Arrays;

/**
 * Where one thread's queries are handled, whatever way they came: from the index at once and without garbage, or passed
 * on to the forwarder, which answers later.
 */
final class Desk {
    private final Serving serving;
    private final Responder responder;

    Desk(Serving serving) {
        this.serving = serving;
        this.responder = new Responder(serving.zone(), serving.podNames(), serving.settings());
    }

    /**
     * Handles a query.
     *
     * @param message its octets from offset 0
     * @param length how many count
     * @param stream true where it came over TCP
     * @param client who asks
     * @param into where to write the answer; 65535 octets for a stream
     * @param later the way back, asked for where the answer comes later
     * @return the answer's octets; 0 where there is none, or none yet
     */
    int handle(byte[] message, int length, boolean stream, Client client, byte[] into, ReplyPath.Maker later) {
        long begun = serving.listening() ? System.nanoTime() : 0;
        int answered =
                responder.respond(serving.index(), message, length, stream, serving.ttl(), client.recursion(), into);
        if (answered == Responder.DROP) {
            return 0;
        }
        Query query = responder.query();
        if (answered < 0) {
            pass(answered, message, length, stream, client, into, later, begun);
            return 0;
        }
        if (responder.code() == ResponseCode.NXDOMAIN
                && serving.forwarder().completes()
                && client.recursion()
                && (query.type() == RecordType.A || query.type() == RecordType.AAAA)
                && (query.flags() & Header.RD) != 0
                && client.searched(query.name().bytes(), query.name().length())) {
            complete(message, length, stream, client, Arrays.copyOf(into, answered), later, begun);
            return 0;
        }
        if (begun != 0) {
            tell(client, begun);
        }
        return answered;
    }

    private void tell(Client client, long begun) {
        Query query = responder.query();
        if (query.questionEnd() > Header.LENGTH) {
            serving.tell(client, query.name().copy(), query.type(), responder.code(), System.nanoTime() - begun);
        }
    }

    private void pass(
            int verdict,
            byte[] message,
            int length,
            boolean stream,
            Client client,
            byte[] into,
            ReplyPath.Maker later,
            long begun) {
        byte[] own = Arrays.copyOf(message, length);
        NameReader name = verdict == Responder.CHASE
                ? responder.chased()
                : responder.query().name();
        QueryContext context = verdict == Responder.CHASE
                ? context(chase(name), stream, client, name)
                : context(own, stream, client, name);
        PendingReply.Begun prefix = verdict == Responder.CHASE
                ? new PendingReply.Begun(
                        Arrays.copyOf(into, responder.begun()), responder.begunAnswers(), responder.chasedOffset())
                : PendingReply.Begun.NOTHING;
        PendingReply sink = new PendingReply(serving, client, own, stream, prefix, later.replyPath(), begun);
        handOver(sink, () -> serving.forwarder().forward(context, sink));
    }

    private void complete(
            byte[] message,
            int length,
            boolean stream,
            Client client,
            byte[] negative,
            ReplyPath.Maker later,
            long begun) {
        byte[] own = Arrays.copyOf(message, length);
        QueryContext context = context(own, stream, client, responder.query().name());
        PendingReply sink =
                new PendingReply(serving, client, own, stream, PendingReply.Begun.NOTHING, later.replyPath(), begun);
        handOver(sink, () -> serving.forwarder().complete(context, negative, sink));
    }

    /** A client gets an answer, whatever the forwarder does. */
    private static void handOver(ReplySink sink, Runnable forwarding) {
        try {
            forwarding.run();
        } catch (RuntimeException e) {
            sink.fail(ResponseCode.SERVFAIL, ExtendedError.NONE);
            throw e;
        }
    }

    private QueryContext context(byte[] octets, boolean stream, Client client, NameReader name) {
        Query query = responder.query();
        return new QueryContext(
                octets,
                Header.LENGTH + name.length() + 4,
                name.copy(),
                query.type(),
                (query.flags() & Header.RD) != 0,
                (query.flags() & Header.CD) != 0,
                query.dnssecOk(),
                stream,
                client.pod());
    }

    /** A query for an alias' target, as the client would have asked it. */
    private byte[] chase(NameReader name) {
        Query query = responder.query();
        byte[] octets = new byte[Header.LENGTH + name.length() + 4];
        Octets.put16(octets, Header.FLAGS, query.flags() & (Header.RD | Header.CD));
        Octets.put16(octets, Header.QUESTIONS, 1);
        System.arraycopy(name.bytes(), 0, octets, Header.LENGTH, name.length());
        Octets.put16(octets, octets.length - 4, query.type());
        Octets.put16(octets, octets.length - 2, RecordType.CLASS_IN);
        return octets;
    }
}
