package io.podnet.dns.response;

/**
 * What a client's query says about the form of its reply.
 *
 * @param id the query's id
 * @param flags the query's flags, of which RD and CD come back
 * @param sizeLimit bytes that the reply may have, 512 to 65535
 * @param edns whether the query had an OPT record; a reply has one then, and else none (RFC 6891 section 7)
 * @param dnssec the query's DO bit
 */
public record ReplyShape(int id, int flags, int sizeLimit, boolean edns, boolean dnssec) {
    /** What the reply's OPT record says that we take over UDP. */
    public static final int OUR_SIZE = 1_232;

    public ReplyShape {
        if (sizeLimit < 512 || sizeLimit > 65_535) {
            throw new IllegalArgumentException("a reply of at most " + sizeLimit + " bytes; 512 to 65535 are possible");
        }
    }
}
