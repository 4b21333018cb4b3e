package io.podnet.dns.answer;

import io.podnet.dns.wire.ExtendedError;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.MessageWriter;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.Query;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseWalker;

/**
 * Makes of another server's answer the one that a client gets: its id, its spelling of the question, its EDNS, its size.
 * For one use.
 */
public final class ForwardedAnswer {
    private static final int OPT_LENGTH = 11;

    private final Query query = new Query();
    private final MessageWriter writer = new MessageWriter();
    private final byte[] octets;
    private final int size;
    private final ServerSettings settings;
    private final int recursion;
    private final ExtendedError why;
    private int length;
    private int code;

    /**
     * Begins.
     *
     * @param asked the client's query, which was read before without complaint
     * @param stream true where it came over TCP
     * @param settings what the server says of itself
     * @param resolves whether names outside are resolved for this client: the RA bit
     * @param why what is to be said besides
     */
    public ForwardedAnswer(byte[] asked, boolean stream, ServerSettings settings, boolean resolves, ExtendedError why) {
        this.settings = settings;
        this.recursion = resolves ? Header.RA : 0;
        this.why = why;
        this.code = query.read(asked, asked.length);
        this.size = stream ? 0xffff : Math.min(query.payloadSize(), settings.payloadSize());
        this.octets = new byte[size];
        writer.start(asked, query, octets, size);
    }

    /**
     * Takes an answer to the client's question.
     *
     * @param message the answer, without OPT record
     * @param messageLength its octets; 0 where there is none
     * @param failure the code to answer with where there is none, or it is not one to this question
     */
    public void take(byte[] message, int messageLength, int failure) {
        ResponseWalker walker = new ResponseWalker();
        if (messageLength == 0 || !walker.start(message, messageLength) || !answersQuestion(message, walker)) {
            fail(failure);
            return;
        }
        int room = size - (query.edns() ? OPT_LENGTH : 0);
        int whole = query.questionEnd();
        int[] counts = new int[Header.LENGTH];
        while (walker.next() && walker.end() <= room && walker.end() <= messageLength) {
            counts[walker.section()]++;
            whole = walker.end();
        }
        if (walker.malformed()) {
            fail(failure);
            return;
        }
        boolean cut = counts[Header.ANSWERS] < Header.count(message, Header.ANSWERS)
                || counts[Header.AUTHORITIES] < Header.count(message, Header.AUTHORITIES);
        // The question is the client's own; what points into it finds the same letters, perhaps in another case.
        System.arraycopy(message, query.questionEnd(), octets, query.questionEnd(), whole - query.questionEnd());
        writer.adopt(whole, counts);
        code = Header.flags(message) & Header.RCODE;
        int kept = Header.flags(message) & (Header.AA | Header.AD | Header.TC);
        length = writer.finish(kept | recursion | (cut ? Header.TC : 0), code, settings.payloadSize(), why);
    }

    private boolean answersQuestion(byte[] message, ResponseWalker walker) {
        int end = query.questionEnd();
        return walker.name().end() + 4 == end
                && java.util.Arrays.equals(
                        walker.name().bytes(),
                        0,
                        walker.name().length(),
                        query.name().bytes(),
                        0,
                        query.name().length())
                && Octets.u16(message, end - 4) == query.type()
                && Octets.u16(message, end - 2) == RecordType.CLASS_IN;
    }

    /**
     * Appends an answer to aliases that are written already. The aliases stay, whatever came of their target, and the code
     * is that of the target (RFC 6604).
     *
     * @param begun the answer so far
     * @param answers how many records it has
     * @param owner offset of the target's name in it
     * @param message the answer to a query for the target
     * @param messageLength its octets; 0 where there is none
     * @param failure the code where there is none
     */
    public void append(byte[] begun, int answers, int owner, byte[] message, int messageLength, int failure) {
        ResponseWalker walker = new ResponseWalker();
        writer.resume(begun, answers);
        boolean fits = true;
        code = failure;
        if (messageLength > 0 && walker.start(message, messageLength)) {
            code = Header.flags(message) & Header.RCODE;
            byte[] target = walker.name().copy();
            while (fits && walker.next()) {
                if (walker.section() == Header.ADDITIONALS) {
                    break;
                }
                writer.section(walker.section());
                boolean targets = java.util.Arrays.equals(
                        target,
                        0,
                        target.length,
                        walker.owner().bytes(),
                        0,
                        walker.owner().length());
                fits = writer.copy(message, walker, targets ? owner : 0, walker.ttl());
            }
        }
        length = writer.finish(Header.AA | recursion | (fits ? 0 : Header.TC), code, settings.payloadSize(), why);
    }

    private void fail(int failure) {
        code = failure;
        length = writer.finish(recursion, failure, settings.payloadSize(), why);
    }

    /**
     * Gives the answer.
     *
     * @return an array of its own, {@link #length()} octets of which count
     */
    public byte[] octets() {
        return octets;
    }

    /**
     * Gives the answer's octets.
     *
     * @return how many
     */
    public int length() {
        return length;
    }

    /**
     * Gives the answer's code.
     *
     * @return a response code
     */
    public int code() {
        return code;
    }

    /**
     * Gives the name that the client asked for.
     *
     * @return a name, small letters
     */
    public byte[] name() {
        return query.name().copy();
    }

    /**
     * Gives the type that the client asked for.
     *
     * @return a record type
     */
    public int type() {
        return query.type();
    }
}
