package io.podnet.dns.upstream;

import io.podnet.dns.response.Question;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;

/**
 * The messages that we send. They are made here and not copied from a client, so that nothing but a QUERY with one
 * question can leave (CVE-2026-86003), and no client's option goes further than to us.
 */
final class QueryMessages {
    /** What we take in a datagram: DNS flag day 2020, RFC 9715. */
    static final int OUR_SIZE = 1_232;

    private static final int OPT_LENGTH = 11;

    private QueryMessages() {}

    static byte[] query(Question question, int id, boolean edns, boolean dnssec, boolean checkingDisabled) {
        int end = Header.LENGTH + question.length();
        byte[] message = new byte[edns ? end + OPT_LENGTH : end];
        Octets.put16(message, 0, id);
        Octets.put16(message, Header.FLAGS, Header.RD | (checkingDisabled ? Header.CD : 0));
        Octets.put16(message, Header.QUESTIONS, 1);
        question.writeTo(message);
        if (edns) {
            Octets.put16(message, Header.ADDITIONALS, 1);
            Octets.put16(message, end + 1, RecordType.OPT);
            Octets.put16(message, end + 3, OUR_SIZE);
            Octets.put16(message, end + 7, dnssec ? 0x8000 : 0);
        }
        return message;
    }
}
