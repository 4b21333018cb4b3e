package io.podnet.dns.response;

import java.util.BitSet;

/**
 * Turns an upstream server's response into an {@link Image}. Only records on the CNAME chain from the question are taken,
 * with the SOA of a zone that the chain's end lies in and, for DNSSEC clients, denials and signatures; everything else is
 * dropped (bailiwick: RFC 5452 section 6, CVE-2024-25638). All records of a set get the smallest TTL among them (RFC 2181
 * section 5.2). For one thread; reused from message to message.
 */
public final class ResponseReader {
    private static final int MAX_CHAIN = 16;
    private static final int MAX_NEGATIVE_TTL = 3_600;

    private final RecordTable table = new RecordTable();
    private final RecordWriter writer = new RecordWriter(RecordWriter.MAX_MESSAGE);
    private final byte[] owner = new byte[DomainName.MAX_LENGTH];
    private final byte[] target = new byte[DomainName.MAX_LENGTH];

    private byte[] message = new byte[0];
    private int end;
    private boolean dnssec;
    private int ttl;

    /** Makes a reader; it holds some 70 KB. */
    public ResponseReader() {}

    /**
     * Reads a response that {@link MessageHeader#answers} the question.
     *
     * @param bytes the message
     * @param length where it ends
     * @param question what was asked
     * @param withDnssec whether the client takes DNSSEC records (the DO bit)
     * @return what it came to
     */
    public Response read(byte[] bytes, int length, Question question, boolean withDnssec) {
        message = bytes;
        end = length;
        dnssec = withDnssec;
        if (!table.read(bytes, length, MessageHeader.LENGTH + question.length())) {
            return Response.Malformed.INSTANCE;
        }
        int rcode = MessageHeader.rcode(bytes);
        try {
            return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN
                    ? answer(question, rcode)
                    : new Response.Failure(rcode);
        } finally {
            table.shrink();
        }
    }

    private Response answer(Question question, int rcode) {
        writer.begin(question);
        ttl = Integer.MAX_VALUE;
        DomainName name = question.name();
        BitSet used = new BitSet();
        boolean found = false;
        int links = 0;
        while (true) {
            int written = takeSet(question, name, question.type(), used);
            if (written != 0) {
                if (written < 0) {
                    return Response.Malformed.INSTANCE;
                }
                found = true;
                break;
            }
            int alias = alias(question, name);
            if (alias < 0) {
                break;
            }
            if (used.get(alias)) {
                // A circle.
                return new Response.Failure(Rcode.SERVFAIL);
            }
            takeParents(question, name, used);
            if (++links > MAX_CHAIN || takeSet(question, name, RecordType.CNAME, used) < 0) {
                return Response.Malformed.INSTANCE;
            }
            // A second CNAME of the same owner is an error of theirs; the first counts.
            int size = WireNames.read(message, end, table.data(alias), target);
            name = DomainName.ofWire(target, 0, size);
        }
        writer.beginAuthority();
        if (found ? rcode != Rcode.NOERROR : !negative(name, question)) {
            return new Response.Failure(rcode);
        }
        if (dnssec && !denials(question)) {
            return Response.Malformed.INSTANCE;
        }
        return new Response.Answer(writer.finish(rcode, ttl, links > 0));
    }

    /** Finds the CNAME that leads on from a name. */
    private int alias(Question question, DomainName name) {
        if (question.type() == RecordType.CNAME || question.type() == RecordType.ANY) {
            return -1;
        }
        for (int i = 0; i < table.answers(); i++) {
            if (table.is(i, message, end, name, RecordType.CNAME, question.dnsClass())) {
                return i;
            }
        }
        return -1;
    }

    /** Takes the DNAME that a CNAME was made of. */
    private void takeParents(Question question, DomainName name, BitSet used) {
        for (int i = 0; i < table.answers(); i++) {
            if (table.type(i) == RecordType.DNAME && !used.get(i) && table.isZoneOf(i, message, end, name)) {
                int size = table.owner(i, message, end, target);
                takeSet(question, DomainName.ofWire(target, 0, size), RecordType.DNAME, used);
                return;
            }
        }
    }

    /** Writes a record set of the answer section. Gives how many records, below zero where they are malformed. */
    private int takeSet(Question question, DomainName name, int type, BitSet used) {
        int least = Integer.MAX_VALUE;
        boolean any = false;
        for (int i = 0; i < table.answers(); i++) {
            if (wanted(i, question, name, type)) {
                least = Math.min(least, table.ttl(i));
                any |= table.type(i) == type || type == RecordType.ANY;
            }
        }
        if (!any) {
            return 0;
        }
        int written = 0;
        for (int i = 0; i < table.answers(); i++) {
            boolean single = type == RecordType.CNAME && table.type(i) == type && written > 0;
            if (!used.get(i) && !single && wanted(i, question, name, type)) {
                if (!write(i, least)) {
                    return -1;
                }
                used.set(i);
                written++;
            }
        }
        ttl = Math.min(ttl, least);
        return written;
    }

    private boolean wanted(int index, Question question, DomainName name, int type) {
        int recordType = table.type(index);
        boolean right = recordType == type
                || (type == RecordType.ANY && recordType != RecordType.OPT)
                || (dnssec && recordType == RecordType.RRSIG && covers(index, type));
        return right
                && table.dnsClass(index) == question.dnsClass()
                && table.isOwnedBy(index, message, end, name);
    }

    private boolean covers(int index, int type) {
        return table.size(index) >= 18 && WireNames.unsigned16(message, table.data(index)) == type;
    }

    private boolean write(int index, int recordTtl) {
        int length = table.owner(index, message, end, owner);
        return writer.record(
                owner,
                length,
                table.type(index),
                table.dnsClass(index),
                recordTtl,
                message,
                end,
                table.data(index),
                table.size(index));
    }

    /**
     * Writes the SOA of a negative answer and takes its TTL (RFC 2308 section 5).
     *
     * @return false for a referral: name servers without SOA (RFC 2308 section 2.2), or where the SOA is malformed
     */
    private boolean negative(DomainName name, Question question) {
        boolean referral = false;
        for (int i = 0; i < table.authorities(); i++) {
            int index = table.answers() + i;
            int type = table.type(index);
            referral |= type == RecordType.NS;
            if (type != RecordType.SOA
                    || table.dnsClass(index) != question.dnsClass()
                    || !table.isZoneOf(index, message, end, name)) {
                continue;
            }
            if (table.size(index) < 22) {
                return false;
            }
            int minimum = WireNames.signed32(message, table.data(index) + table.size(index) - 4);
            int least = Math.min(Math.min(table.ttl(index), minimum < 0 ? 0 : minimum), MAX_NEGATIVE_TTL);
            if (!write(index, least)) {
                return false;
            }
            ttl = Math.min(ttl, least);
            return true;
        }
        ttl = 0;
        return !referral;
    }

    /** Denials prove something about names, they name no address; so their owners need no check. */
    private boolean denials(Question question) {
        for (int i = 0; i < table.authorities(); i++) {
            int index = table.answers() + i;
            int type = table.type(index);
            boolean signature = type == RecordType.RRSIG
                    && (covers(index, RecordType.SOA)
                            || covers(index, RecordType.NSEC)
                            || covers(index, RecordType.NSEC3));
            if ((type == RecordType.NSEC || type == RecordType.NSEC3 || signature)
                    && table.dnsClass(index) == question.dnsClass()
                    && !write(index, table.ttl(index))) {
                return false;
            }
        }
        return true;
    }
}
