package io.podnet.dns.response;

import io.podnet.dns.wire.ExtendedError;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.MessageWriter;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.Query;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseWalker;
import java.util.Arrays;

/** Writes an {@link Image}. It remembers where the TTLs are, and where names are that later records belong to. One thread. */
final class ImageWriter {
    /** Where a message's largest part lies. */
    static final int MAX_MESSAGE = 65_535;

    private static final int IPV4 = 4;
    private static final int IPV6 = 16;
    private static final int LEAST_SOA = 22;

    private final MessageWriter writer = new MessageWriter();
    private final Query query = new Query();
    private final byte[] out;
    private int[] ttlOffsets = new int[32];
    private int records;

    ImageWriter(int size) {
        out = new byte[size];
    }

    void begin(Question question) {
        byte[] asked = new byte[Header.LENGTH + question.length()];
        Octets.put16(asked, Header.QUESTIONS, 1);
        question.writeTo(asked);
        if (query.read(asked, asked.length) != 0) {
            throw new IllegalArgumentException(question + " cannot be asked");
        }
        writer.start(asked, query, out, out.length);
        records = 0;
    }

    void authority() {
        writer.section(Header.AUTHORITIES);
    }

    /**
     * Copies a record.
     *
     * @param owner where its owner stands already, 0 for nowhere
     * @return false where it is malformed or does not fit
     */
    boolean copy(byte[] message, ResponseWalker walker, int owner, int ttl) {
        int size = walker.dataLength();
        boolean whole = switch (walker.type()) {
            case RecordType.A -> size == IPV4;
            case RecordType.AAAA -> size == IPV6;
            case RecordType.SOA -> size >= LEAST_SOA;
            default -> true;
        };
        return whole && writer.copy(message, walker, owner, ttl) && remember();
    }

    boolean alias(DomainName target, int ttl) {
        return writer.name(MessageWriter.QUESTION_NAME, RecordType.CNAME, ttl, target.octets()) && remember();
    }

    boolean record(int type, int ttl, byte[] data) {
        return writer.record(MessageWriter.QUESTION_NAME, type, ttl, data, 0, data.length) && remember();
    }

    boolean soa(int owner, int ttl, DomainName server, DomainName mailbox, byte[] times) {
        return writer.soa(owner, ttl, server.octets(), mailbox.octets(), 1, times) && remember();
    }

    /** Where the last record's data began: the place of a CNAME's target. */
    int dataOffset() {
        return writer.dataOffset();
    }

    private boolean remember() {
        if (records == ttlOffsets.length) {
            ttlOffsets = Arrays.copyOf(ttlOffsets, 2 * records);
        }
        ttlOffsets[records++] = writer.dataOffset() - 6;
        return true;
    }

    Image finish(int rcode, int ttl, boolean aliased) {
        int length = writer.finish(0, rcode, 0, ExtendedError.NONE);
        int[] offsets = Arrays.copyOf(ttlOffsets, records);
        if (ttlOffsets.length > 1_024) {
            ttlOffsets = new int[32];
        }
        return new Image(Arrays.copyOf(out, length), offsets, ttl, aliased);
    }
}
