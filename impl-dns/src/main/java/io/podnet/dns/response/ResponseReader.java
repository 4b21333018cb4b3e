package io.podnet.dns.response;

import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.MessageWriter;
import io.podnet.dns.wire.NameReader;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import io.podnet.dns.wire.ResponseWalker;
import java.util.BitSet;

/**
 * Turns an upstream server's response into an {@link Image}. Only records on the CNAME chain from the question are taken,
 * with the SOA of a zone that the chain's end lies in and, for DNSSEC clients, denials and signatures; everything else is
 * dropped (bailiwick: RFC 5452 section 6, CVE-2024-25638). All records of a set get the smallest TTL among them (RFC 2181
 * section 5.2). For one thread; reused from message to message.
 */
public final class ResponseReader {
    private static final int RRSIG = 46;
    private static final int NSEC = 47;
    private static final int NSEC3 = 50;
    private static final int MAX_CHAIN = 12;
    private static final int MAX_NEGATIVE_TTL = 3_600;
    private static final int MALFORMED = -1;
    private static final int POINTER_LIMIT = 0x4000;

    private final RecordTable table = new RecordTable();
    private final ImageWriter writer = new ImageWriter(ImageWriter.MAX_MESSAGE);
    private final NameReader target = new NameReader();
    private final BitSet used = new BitSet();

    private byte[] message = new byte[0];
    private int end;
    private boolean dnssec;
    private int ttl;
    private int targetAt;

    /** Makes a reader, which holds some 70 KB. */
    public ResponseReader() {}

    /**
     * Reads a response that {@link Question#isAnsweredBy}.
     *
     * @param bytes the message
     * @param length its octets
     * @param question what was asked
     * @param withDnssec whether the client takes DNSSEC records (the DO bit)
     * @return what it came to
     */
    public Response read(byte[] bytes, int length, Question question, boolean withDnssec) {
        message = bytes;
        end = length;
        dnssec = withDnssec;
        if (!table.read(bytes, length)) {
            return Response.Malformed.INSTANCE;
        }
        int rcode = (Header.flags(bytes) & Header.RCODE) | (table.extendedCode() << 4);
        return rcode == ResponseCode.NOERROR || rcode == ResponseCode.NXDOMAIN
                ? answer(question, rcode)
                : new Response.Failure(rcode);
    }

    private Response answer(Question question, int rcode) {
        writer.begin(question);
        used.clear();
        ttl = Integer.MAX_VALUE;
        DomainName name = question.name();
        int nameAt = MessageWriter.QUESTION_NAME;
        int links = 0;
        int written = takeSet(name, nameAt, question.type());
        while (written == 0) {
            int alias = alias(name, question.type());
            if (alias < 0) {
                break;
            }
            if (used.get(alias) || ++links > MAX_CHAIN) {
                // A circle, or as good as one.
                return new Response.Failure(ResponseCode.SERVFAIL);
            }
            if (!takeParent(name) || takeSet(name, nameAt, RecordType.CNAME) < 0) {
                return Response.Malformed.INSTANCE;
            }
            target.read(message, table.at(alias).dataOffset(), end);
            name = DomainName.of(target);
            nameAt = targetAt;
            written = takeSet(name, nameAt, question.type());
        }
        if (written == MALFORMED) {
            return Response.Malformed.INSTANCE;
        }
        writer.authority();
        if (written > 0 ? rcode != ResponseCode.NOERROR : !negative(name, rcode)) {
            return new Response.Failure(rcode);
        }
        if (dnssec && !denials()) {
            return Response.Malformed.INSTANCE;
        }
        return new Response.Answer(writer.finish(rcode, ttl, links > 0));
    }

    /** Finds the CNAME that leads on from a name. */
    private int alias(DomainName name, int type) {
        if (type == RecordType.CNAME || type == RecordType.ANY) {
            return -1;
        }
        for (int i = 0; i < table.answers(); i++) {
            if (table.type(i) == RecordType.CNAME
                    && table.recordClass(i) == RecordType.CLASS_IN
                    && table.isOwnedBy(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /** Takes the DNAME that a CNAME was made of (RFC 6672). Gives false where it is malformed. */
    private boolean takeParent(DomainName name) {
        for (int i = 0; i < table.answers(); i++) {
            if (table.type(i) == RecordType.DNAME && !used.get(i) && table.isZoneOf(i, name)) {
                return takeSet(DomainName.of(table.at(i).name()), 0, RecordType.DNAME) >= 0;
            }
        }
        return true;
    }

    /** Writes a record set of the answer section. Gives how many records, below zero where they are malformed. */
    private int takeSet(DomainName name, int nameAt, int type) {
        int least = Integer.MAX_VALUE;
        boolean any = false;
        for (int i = 0; i < table.answers(); i++) {
            if (isWanted(i, name, type)) {
                least = Math.min(least, table.ttl(i));
                any |= table.type(i) != RRSIG || type == RRSIG || type == RecordType.ANY;
            }
        }
        if (!any) {
            return 0;
        }
        int written = 0;
        for (int i = 0; i < table.answers(); i++) {
            // A second CNAME of the same owner is an error of theirs; the first counts.
            boolean second = type == RecordType.CNAME && table.type(i) == type && written > 0;
            if (second || used.get(i) || !isWanted(i, name, type)) {
                continue;
            }
            if (!writer.copy(message, table.at(i), nameAt < POINTER_LIMIT ? nameAt : 0, least)) {
                return MALFORMED;
            }
            if (table.type(i) == RecordType.CNAME) {
                targetAt = writer.dataOffset();
            }
            used.set(i);
            written++;
        }
        ttl = Math.min(ttl, least);
        return written;
    }

    private boolean isWanted(int index, DomainName name, int type) {
        int recordType = table.type(index);
        boolean right = recordType == type
                || (type == RecordType.ANY && !RecordType.isMeta(recordType))
                || (dnssec && recordType == RRSIG && covers(index, type));
        return right && table.recordClass(index) == RecordType.CLASS_IN && table.isOwnedBy(index, name);
    }

    private boolean covers(int index, int type) {
        ResponseWalker record = table.at(index);
        return record.dataLength() >= 18 && Octets.u16(message, record.dataOffset()) == type;
    }

    /**
     * Writes the SOA of a negative answer and takes its TTL (RFC 2308 section 5).
     *
     * @return false for a referral: name servers without SOA (RFC 2308 section 2.2; with NXDOMAIN it is none, section 2.1
     *     type 4), or where the SOA is malformed
     */
    private boolean negative(DomainName name, int rcode) {
        boolean referral = false;
        for (int i = table.answers(); i < table.count(); i++) {
            referral |= table.type(i) == RecordType.NS;
            if (table.type(i) != RecordType.SOA
                    || table.recordClass(i) != RecordType.CLASS_IN
                    || !table.isZoneOf(i, name)) {
                continue;
            }
            ResponseWalker soa = table.at(i);
            long minimum = soa.dataLength() < 22 ? 0 : Octets.u32(message, soa.dataOffset() + soa.dataLength() - 4);
            int least =
                    (int) Math.min(Math.min(table.ttl(i), minimum > Integer.MAX_VALUE ? 0 : minimum), MAX_NEGATIVE_TTL);
            if (!writer.copy(message, soa, 0, least)) {
                return false;
            }
            ttl = Math.min(ttl, least);
            return true;
        }
        ttl = 0;
        return !referral || rcode == ResponseCode.NXDOMAIN;
    }

    /** Denials prove something about names and give no address, so their owners need no check. */
    private boolean denials() {
        for (int i = table.answers(); i < table.count(); i++) {
            int type = table.type(i);
            boolean denial = type == NSEC
                    || type == NSEC3
                    || (type == RRSIG && (covers(i, RecordType.SOA) || covers(i, NSEC) || covers(i, NSEC3)));
            if (denial
                    && table.recordClass(i) == RecordType.CLASS_IN
                    && !writer.copy(message, table.at(i), 0, table.ttl(i))) {
                return false;
            }
        }
        return true;
    }
}
