package io.podnet.dns.upstream;

import io.podnet.dns.response.Question;
import io.podnet.dns.response.Response;
import io.podnet.dns.response.ResponseReader;
import io.podnet.dns.upstream.UpstreamTransport.Exchange;
import io.podnet.dns.upstream.UpstreamTransport.Receiver;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.ResponseCode;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One try at one server: UDP first, TCP where the answer was cut. A message that is not the response waits for the next
 * one (TuDoor, CVE-2023-28452: one bad datagram must not end the wait); where too many come, somebody guesses, and TCP
 * ends that.
 */
final class UpstreamAttempt implements Receiver {
    private static final int BAD_MESSAGES = 32;

    private final Setting setting;
    private final UpstreamHealth server;
    private final Listener listener;
    private boolean edns = true;
    private boolean stream;
    private boolean overdue;
    private boolean over;
    private int bad;
    private int id;
    private long sentAt;
    private @Nullable Exchange exchange;

    /** What all tries of all lookups have. */
    record Tools(
            EventLoop loop,
            UpstreamTransport transport,
            RandomGenerator random,
            ResponseReader reader,
            UpstreamCounters counters) {}

    /** What all tries of a lookup have. */
    record Setting(Tools tools, Question question, boolean dnssec, boolean checkingDisabled) {}

    /** Who tries. */
    interface Listener {
        /** The server said something; the try is over. */
        void onResponse(UpstreamAttempt attempt, Response response);

        /** The server cannot be reached; the try is over. */
        void onFailure(UpstreamAttempt attempt);
    }

    UpstreamAttempt(Setting setting, UpstreamHealth server, Listener listener) {
        this.setting = setting;
        this.server = server;
        this.listener = listener;
    }

    void start() {
        send(false);
    }

    private void send(boolean overStream) {
        Tools tools = setting.tools();
        if (exchange != null) {
            exchange.close();
        }
        stream = overStream;
        bad = 0;
        id = tools.random().nextInt() >>> 16;
        sentAt = tools.loop().nanos();
        byte[] query = QueryMessages.query(setting.question(), id, edns, setting.dnssec(), setting.checkingDisabled());
        exchange = overStream
                ? tools.transport().stream(server.sockets(), server.upstream(), query, this)
                : tools.transport().datagram(server.sockets(), server.upstream(), query, this);
    }

    @Override
    public void onMessage(byte[] message, int length) {
        UpstreamCounters counters = setting.tools().counters();
        if (over) {
            return;
        }
        if (!setting.question().isAnsweredBy(message, length, id)) {
            if (!isRefusalWithoutQuestion(message, length)) {
                counters.countStranger();
                wasBad();
                return;
            }
        } else if ((Header.flags(message) & Header.TC) != 0 && !stream) {
            send(true);
            return;
        }
        int rcode = Header.flags(message) & Header.RCODE;
        if (edns && (rcode == ResponseCode.FORMERR || rcode == ResponseCode.NOTIMP)) {
            // A server from before EDNS (RFC 6891 section 6.2.2).
            edns = false;
            send(stream);
            return;
        }
        Response response = isRefusalWithoutQuestion(message, length)
                ? new Response.Failure(rcode)
                : setting.tools().reader().read(message, length, setting.question(), setting.dnssec());
        if (response instanceof Response.Malformed) {
            wasBad();
            return;
        }
        server.answered(setting.tools().loop().nanos() - sentAt);
        end();
        listener.onResponse(this, response);
    }

    /** Servers that cannot do with a query may leave its question away. The id has to suffice; it gives no data. */
    private boolean isRefusalWithoutQuestion(byte[] message, int length) {
        int rcode = length < Header.LENGTH ? ResponseCode.NOERROR : Header.flags(message) & Header.RCODE;
        boolean refusal = rcode == ResponseCode.FORMERR
                || rcode == ResponseCode.SERVFAIL
                || rcode == ResponseCode.NOTIMP
                || rcode == ResponseCode.REFUSED;
        return refusal
                && length == Header.LENGTH
                && Octets.u16(message, 0) == id
                && (Header.flags(message) & (Header.QR | Header.OPCODE)) == Header.QR
                && Header.count(message, Header.QUESTIONS) == 0;
    }

    private void wasBad() {
        if (!stream && ++bad > BAD_MESSAGES) {
            send(true);
        }
    }

    @Override
    public void onFailure(IOException failure) {
        if (!over) {
            end();
            server.failed();
            listener.onFailure(this);
        }
    }

    /** The server had its time; an answer is still welcome. Held against it once. */
    void late() {
        if (!over && !overdue) {
            overdue = true;
            server.failed();
        }
    }

    boolean isOver() {
        return over;
    }

    /** Ends without a word. Idempotent. */
    void end() {
        over = true;
        if (exchange != null) {
            exchange.close();
        }
    }
}
