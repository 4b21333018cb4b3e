package io.podnet.dns.wire;

/** The twelve octets that begin every message: RFC 1035 section 4.1.1, AD and CD of RFC 4035. */
public final class Header {
    /** Octets of a header. */
    public static final int LENGTH = 12;
    /** Offset of the flags. */
    public static final int FLAGS = 2;
    /** Offset of QDCOUNT. */
    public static final int QUESTIONS = 4;
    /** Offset of ANCOUNT. */
    public static final int ANSWERS = 6;
    /** Offset of NSCOUNT. */
    public static final int AUTHORITIES = 8;
    /** Offset of ARCOUNT. */
    public static final int ADDITIONALS = 10;

    /** Flag: a response. */
    public static final int QR = 0x8000;
    /** Flag: authoritative answer. */
    public static final int AA = 0x0400;
    /** Flag: truncated. */
    public static final int TC = 0x0200;
    /** Flag: recursion desired. */
    public static final int RD = 0x0100;
    /** Flag: recursion available. */
    public static final int RA = 0x0080;
    /** Flag: authentic data. */
    public static final int AD = 0x0020;
    /** Flag: checking disabled. */
    public static final int CD = 0x0010;
    /** The bits of the opcode. */
    public static final int OPCODE = 0x7800;
    /** The bits of the response code. */
    public static final int RCODE = 0x000f;

    private Header() {}

    /**
     * Reads the flags.
     *
     * @param message a message of at least twelve octets
     * @return all 16 bits
     */
    public static int flags(byte[] message) {
        return Octets.u16(message, FLAGS);
    }

    /**
     * Reads a count.
     *
     * @param message a message of at least twelve octets
     * @param section {@link #QUESTIONS}, {@link #ANSWERS}, {@link #AUTHORITIES} or {@link #ADDITIONALS}
     * @return what the header claims, which may be a lie
     */
    public static int count(byte[] message, int section) {
        return Octets.u16(message, section);
    }
}
