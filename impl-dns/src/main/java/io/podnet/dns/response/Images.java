package io.podnet.dns.response;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;

/** Images of answers that no server gave. Stateless and safe for any thread. */
public final class Images {
    private static final int SMALL = 1_024;
    // RFC 6303 section 3: the SOA of a zone that every resolver serves on its own.
    private static final int SOA_TTL = 10_800;
    private static final DomainName NOBODY = DomainName.parse("nobody.invalid");

    private Images() {}

    /**
     * Makes an answer without records.
     *
     * @param question the question
     * @param rcode the response code, 0 to 15
     * @return the answer
     */
    public static Image empty(Question question, int rcode) {
        RecordWriter writer = new RecordWriter(SMALL);
        writer.begin(question);
        writer.beginAuthority();
        return writer.finish(rcode, 0, false);
    }

    /**
     * Makes a negative answer of a zone that is served here and nowhere else (RFC 6303 section 3).
     *
     * @param question the question, about a name in the zone
     * @param rcode {@link Rcode#NXDOMAIN}, or {@link Rcode#NOERROR} for no data
     * @param zone the zone
     * @return the answer, with a SOA
     */
    public static Image negative(Question question, int rcode, DomainName zone) {
        byte[] owner = new byte[DomainName.MAX_LENGTH];
        zone.copyTo(owner, 0);
        byte[] data = new byte[zone.length() + NOBODY.length() + 20];
        zone.copyTo(data, 0);
        NOBODY.copyTo(data, zone.length());
        int numbers = zone.length() + NOBODY.length();
        WireNames.put32(data, numbers, 1);
        WireNames.put32(data, numbers + 4, 3_600);
        WireNames.put32(data, numbers + 8, 1_200);
        WireNames.put32(data, numbers + 12, 604_800);
        WireNames.put32(data, numbers + 16, SOA_TTL);
        RecordWriter writer = new RecordWriter(SMALL);
        writer.begin(question);
        writer.beginAuthority();
        writer.record(owner, zone.length(), RecordType.SOA, 1, SOA_TTL, data, data.length, 0, data.length);
        return writer.finish(rcode, SOA_TTL, false);
    }

    /**
     * Makes an answer of one address.
     *
     * @param question the question, for A or AAAA as the address's family is
     * @param address the address
     * @param ttl seconds
     * @return the answer
     */
    public static Image address(Question question, IpAddress address, int ttl) {
        byte[] owner = new byte[DomainName.MAX_LENGTH];
        question.name().copyTo(owner, 0);
        byte[] data = address.toBytes();
        RecordWriter writer = new RecordWriter(SMALL);
        writer.begin(question);
        int type = address.family() == IpFamily.IPV4 ? RecordType.A : RecordType.AAAA;
        writer.record(owner, question.name().length(), type, 1, ttl, data, data.length, 0, data.length);
        writer.beginAuthority();
        return writer.finish(Rcode.NOERROR, ttl, false);
    }

    /**
     * Makes the answer to another name that is an alias of an answered one.
     *
     * @param question the question about the alias
     * @param target the name that the answer is about
     * @param answer the answer
     * @param ttl the alias's TTL in seconds; the whole answer is kept no longer
     * @return the answer with a CNAME in front
     */
    public static Image alias(Question question, DomainName target, Image answer, int ttl) {
        byte[] bytes = answer.bytes();
        // Names that had a pointer into the old question may be written out once more, each record's at most.
        RecordWriter writer = new RecordWriter(RecordWriter.MAX_MESSAGE);
        byte[] owner = new byte[DomainName.MAX_LENGTH];
        writer.begin(question);
        question.name().copyTo(owner, 0);
        boolean fits = writer.nameRecord(owner, question.name().length(), RecordType.CNAME, ttl, target);
        for (int i = 0; i < answer.records() && fits; i++) {
            if (i == answer.answers()) {
                writer.beginAuthority();
            }
            int length = answer.ownerOf(i, owner);
            int data = answer.ttlOffset(i) + 6;
            fits = writer.record(
                    owner,
                    length,
                    answer.typeOf(i),
                    question.dnsClass(),
                    answer.ttlOf(i),
                    bytes,
                    bytes.length,
                    data,
                    answer.endOf(i) - data);
        }
        if (!fits) {
            return empty(question, Rcode.SERVFAIL);
        }
        if (answer.records() == answer.answers()) {
            writer.beginAuthority();
        }
        return writer.finish(answer.rcode(), Math.min(ttl, answer.ttl()), true);
    }
}
