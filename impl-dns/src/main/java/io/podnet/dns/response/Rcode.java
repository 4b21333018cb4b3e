package io.podnet.dns.response;

/** Response codes (RFC 1035 section 4.1.1). */
public final class Rcode {
    /** There is an answer, or no data of the type. */
    public static final int NOERROR = 0;
    /** The query was not understood. */
    public static final int FORMERR = 1;
    /** The server could not. */
    public static final int SERVFAIL = 2;
    /** The name does not exist, nor any below it. */
    public static final int NXDOMAIN = 3;
    /** The server does not know how. */
    public static final int NOTIMP = 4;
    /** The server does not want to. */
    public static final int REFUSED = 5;

    private Rcode() {}
}
