package io.podnet.dns.wire;

/**
 * A client's query: screened by its header before anything else is looked at, then its one question and its EDNS.
 * Whatever a client sends, reading it costs no garbage and no more time than its octets (RFC 8906, RFC 9619, RFC 6891).
 *
 * <p>Reused for each query. For one thread at a time.
 */
public final class Query {
    /** Verdict: no answer at all, since it is a response or too short for a header. */
    public static final int DROP = -1;

    private static final int OPTION_HEADER = 4;
    private static final int RECORD_AFTER_NAME = 10;

    private final NameReader name = new NameReader();
    private int flags;
    private int type;
    private int recordClass;
    private int questionEnd;
    private boolean edns;
    private int ednsSize;
    private int ednsFlags;

    /**
     * Reads a query.
     *
     * @param message the octets from offset 0
     * @param length how many of them count
     * @return {@link ResponseCode#NOERROR} to go on, {@link #DROP}, or the response code to answer with
     */
    public int read(byte[] message, int length) {
        edns = false;
        ednsFlags = 0;
        ednsSize = 0;
        questionEnd = Header.LENGTH;
        if (length < Header.LENGTH) {
            return DROP;
        }
        flags = Header.flags(message);
        if ((flags & Header.QR) != 0) {
            // Two servers that answer each other's answers would never stop.
            return DROP;
        }
        if ((flags & Header.OPCODE) != 0) {
            return ResponseCode.NOTIMP;
        }
        int additionals = Header.count(message, Header.ADDITIONALS);
        int authorities = Header.count(message, Header.AUTHORITIES);
        if (Header.count(message, Header.QUESTIONS) != 1
                || Header.count(message, Header.ANSWERS) != 0
                || authorities > 1
                || additionals > 2) {
            return ResponseCode.FORMERR;
        }
        // No pointer can be right here: there is nothing before but the header.
        if (!name.read(message, Header.LENGTH, length) || name.end() + 4 > length) {
            return ResponseCode.FORMERR;
        }
        type = Octets.u16(message, name.end());
        recordClass = Octets.u16(message, name.end() + 2);
        questionEnd = name.end() + 4;
        if (type == RecordType.IXFR) {
            return ResponseCode.REFUSED;
        }
        if (authorities != 0) {
            return ResponseCode.FORMERR;
        }
        return additionals == 0
                ? length == questionEnd ? ResponseCode.NOERROR : ResponseCode.FORMERR
                : readAdditionals(message, length, additionals);
    }

    private int readAdditionals(byte[] message, int length, int count) {
        int at = questionEnd;
        int code = ResponseCode.NOERROR;
        for (int i = 0; i < count; i++) {
            if (at >= length) {
                return ResponseCode.FORMERR;
            }
            boolean root = message[at] == 0;
            int fixed = root ? at + 1 : skipName(message, at, length);
            if (fixed < 0 || fixed + RECORD_AFTER_NAME > length) {
                return ResponseCode.FORMERR;
            }
            int data = fixed + RECORD_AFTER_NAME;
            int end = data + Octets.u16(message, fixed + 8);
            if (end > length) {
                return ResponseCode.FORMERR;
            }
            if (Octets.u16(message, fixed) == RecordType.OPT) {
                if (edns || !root || !optionsAreWhole(message, data, end)) {
                    return ResponseCode.FORMERR;
                }
                edns = true;
                ednsSize = Octets.u16(message, fixed + 2);
                ednsFlags = Octets.u16(message, fixed + 6);
                if (message[fixed + 5] != 0) {
                    code = ResponseCode.BADVERS;
                }
            }
            at = end;
        }
        return at == length ? code : ResponseCode.FORMERR;
    }

    /** A name that is of no interest: bounded by the message, a pointer ends it. */
    private static int skipName(byte[] message, int offset, int limit) {
        int at = offset;
        while (at < limit) {
            int octet = message[at] & 0xff;
            if (octet == 0) {
                return at + 1;
            }
            if (octet >= 0xc0) {
                return at + 2;
            }
            if (octet > NameReader.MAX_LABEL || at - offset > NameReader.MAX_NAME) {
                return -1;
            }
            at += octet + 1;
        }
        return -1;
    }

    private static boolean optionsAreWhole(byte[] message, int from, int to) {
        int at = from;
        while (at + OPTION_HEADER <= to) {
            at += OPTION_HEADER + Octets.u16(message, at + 2);
        }
        return at == to;
    }

    /**
     * Gives the name that is asked for, small letters.
     *
     * @return the reader, which the next query overwrites
     */
    public NameReader name() {
        return name;
    }

    /**
     * Gives the header's flags.
     *
     * @return all 16 bits
     */
    public int flags() {
        return flags;
    }

    /**
     * Gives the type that is asked for.
     *
     * @return 0 to 65535
     */
    public int type() {
        return type;
    }

    /**
     * Gives the class that is asked for.
     *
     * @return 0 to 65535, 1 for the Internet
     */
    public int recordClass() {
        return recordClass;
    }

    /**
     * Tells where the question ends.
     *
     * @return an offset in the message; 12 where there was no question to read
     */
    public int questionEnd() {
        return questionEnd;
    }

    /**
     * Tells whether the client speaks EDNS.
     *
     * @return true where there was an OPT record
     */
    public boolean edns() {
        return edns;
    }

    /**
     * Tells whether the client asks for DNSSEC's records.
     *
     * @return the DO bit
     */
    public boolean dnssecOk() {
        return (ednsFlags & 0x8000) != 0;
    }

    /**
     * Gives the size of an answer that the client takes in a datagram.
     *
     * @return at least 512
     */
    public int payloadSize() {
        return edns ? Math.max(ednsSize, 512) : 512;
    }
}
