package io.podnet.dns.response;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.MessageWriter;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import io.podnet.dns.wire.ResponseWalker;

/** Images of answers that no server gave. Stateless and safe for any thread. */
public final class Images {
    private static final int SMALL = 1_024;
    // RFC 6303 section 3: the SOA of a zone that every resolver serves on its own.
    private static final int SOA_TTL = 10_800;
    private static final DomainName NOBODY = DomainName.parse("nobody.invalid");
    private static final byte[] SOA_TIMES = times(3_600, 1_200, 604_800, SOA_TTL);

    private Images() {}

    private static byte[] times(int... seconds) {
        byte[] times = new byte[4 * seconds.length];
        for (int i = 0; i < seconds.length; i++) {
            Octets.put32(times, 4 * i, seconds[i]);
        }
        return times;
    }

    /**
     * Makes an answer without records, to be kept by nobody.
     *
     * @param question the question
     * @param rcode the response code, 0 to 15
     * @return the answer
     */
    public static Image empty(Question question, int rcode) {
        ImageWriter writer = new ImageWriter(SMALL);
        writer.begin(question);
        return writer.finish(rcode, 0, false);
    }

    /**
     * Makes a negative answer of a zone that is served here and nowhere else (RFC 6303 section 3).
     *
     * @param question the question, about a name in the zone
     * @param rcode NXDOMAIN, or NOERROR for no data
     * @param zone the zone
     * @return the answer, with a SOA
     */
    public static Image negative(Question question, int rcode, DomainName zone) {
        ImageWriter writer = new ImageWriter(SMALL);
        writer.begin(question);
        writer.authority();
        int owner = MessageWriter.QUESTION_NAME + question.name().length() - zone.length();
        writer.soa(owner, SOA_TTL, zone, NOBODY, SOA_TIMES);
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
        ImageWriter writer = new ImageWriter(SMALL);
        writer.begin(question);
        int type = address.family() == IpFamily.IPV4 ? RecordType.A : RecordType.AAAA;
        writer.record(type, ttl, address.toBytes());
        return writer.finish(ResponseCode.NOERROR, ttl, false);
    }

    /**
     * Makes the answer to a name that is an alias of another one.
     *
     * @param question the question about the alias
     * @param target the name that the answer is about
     * @param answer the answer
     * @param ttl the alias's TTL in seconds; the whole is kept no longer
     * @return the answer with a CNAME in front; SERVFAIL where that is longer than a message may be
     */
    public static Image alias(Question question, DomainName target, Image answer, int ttl) {
        byte[] message = answer.toMessage();
        ResponseWalker walker = new ResponseWalker();
        ImageWriter writer = new ImageWriter(Math.min(ImageWriter.MAX_MESSAGE, 4 * message.length + SMALL));
        writer.begin(question);
        boolean fits = writer.alias(target, ttl) && walker.start(message, message.length);
        int targetAt = writer.dataOffset();
        while (fits && walker.next()) {
            if (walker.section() == Header.AUTHORITIES) {
                writer.authority();
            }
            // The first records are the target's own; they need no name written out once more.
            boolean own = walker.ownerOffset() + 2 <= message.length
                    && Octets.u16(message, walker.ownerOffset()) == (0xc000 | MessageWriter.QUESTION_NAME);
            fits = writer.copy(message, walker, own ? targetAt : 0, walker.ttl());
        }
        return fits
                ? writer.finish(answer.rcode(), Math.min(ttl, answer.ttl()), true)
                : empty(question, ResponseCode.SERVFAIL);
    }
}
