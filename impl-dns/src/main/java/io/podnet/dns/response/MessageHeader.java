package io.podnet.dns.response;

/** The twelve bytes at the front of a message (RFC 1035 section 4.1.1). Stateless and safe for any thread. */
public final class MessageHeader {
    /** Bytes of the header. */
    public static final int LENGTH = 12;
    /** Flag bit: this is a response. */
    public static final int QR = 0x8000;
    /** Flag bit: the answer is authoritative. */
    public static final int AA = 0x0400;
    /** Flag bit: the message was cut. */
    public static final int TC = 0x0200;
    /** Flag bit: recursion desired. */
    public static final int RD = 0x0100;
    /** Flag bit: recursion available. */
    public static final int RA = 0x0080;
    /** Flag bit: authenticated data. */
    public static final int AD = 0x0020;
    /** Flag bit: checking disabled. */
    public static final int CD = 0x0010;

    private static final int OPCODE = 0x7800;

    private MessageHeader() {}

    /**
     * Gives the id.
     *
     * @param message at least {@link #LENGTH} bytes
     * @return 0 to 65535
     */
    public static int id(byte[] message) {
        return WireNames.unsigned16(message, 0);
    }

    /**
     * Gives all flags with opcode and response code.
     *
     * @param message at least {@link #LENGTH} bytes
     * @return 16 bits
     */
    public static int flags(byte[] message) {
        return WireNames.unsigned16(message, 2);
    }

    /**
     * Gives the response code.
     *
     * @param message at least {@link #LENGTH} bytes
     * @return 0 to 15
     */
    public static int rcode(byte[] message) {
        return message[3] & 0xf;
    }

    /**
     * Gives a section's count, as claimed.
     *
     * @param message at least {@link #LENGTH} bytes
     * @param section 0 question, 1 answer, 2 authority, 3 additional
     * @return 0 to 65535
     */
    public static int count(byte[] message, int section) {
        return WireNames.unsigned16(message, 4 + 2 * section);
    }

    /**
     * Tells whether a message can be the response to a question: a query's response with the id and that one question
     * (RFC 5452 section 9.1). Nothing behind the question is looked at.
     *
     * @param message the message
     * @param end where it ends
     * @param id the query's id
     * @param question what was asked
     * @return false where it must be ignored
     */
    public static boolean answers(byte[] message, int end, int id, Question question) {
        return end >= LENGTH
                && id(message) == id
                && (flags(message) & (QR | OPCODE)) == QR
                && count(message, 0) == 1
                && question.isAskedIn(message, end);
    }

    /**
     * Writes a header.
     *
     * @param to where to, from index 0
     * @param id 0 to 65535
     * @param flags 16 bits
     * @param questions how many
     * @param answers how many
     * @param authorities how many
     * @param additionals how many
     */
    public static void put(
            byte[] to, int id, int flags, int questions, int answers, int authorities, int additionals) {
        WireNames.put16(to, 0, id);
        WireNames.put16(to, 2, flags);
        WireNames.put16(to, 4, questions);
        WireNames.put16(to, 6, answers);
        WireNames.put16(to, 8, authorities);
        WireNames.put16(to, 10, additionals);
    }
}
