package io.podnet.dns.wire;

/** Response codes: RFC 1035 section 4.1.1, RFC 2136, RFC 6891 section 9. */
public final class ResponseCode {
    /** No error. */
    public static final int NOERROR = 0;
    /** The query was malformed. */
    public static final int FORMERR = 1;
    /** The server failed. */
    public static final int SERVFAIL = 2;
    /** The name does not exist, nor does any below it (RFC 8020). */
    public static final int NXDOMAIN = 3;
    /** The kind of query is not implemented. */
    public static final int NOTIMP = 4;
    /** Refused by policy. */
    public static final int REFUSED = 5;
    /** The EDNS version is not implemented; its upper eight bits are in the OPT record. */
    public static final int BADVERS = 16;

    private static final String[] NAMES = {
        "NOERROR",
        "FORMERR",
        "SERVFAIL",
        "NXDOMAIN",
        "NOTIMP",
        "REFUSED",
        "YXDOMAIN",
        "YXRRSET",
        "NXRRSET",
        "NOTAUTH",
        "NOTZONE"
    };

    private ResponseCode() {}

    /**
     * Names a code.
     *
     * @param code a response code
     * @return its mnemonic, or {@code RCODEn}
     */
    public static String mnemonic(int code) {
        if (code >= 0 && code < NAMES.length) {
            return NAMES[code];
        }
        return code == BADVERS ? "BADVERS" : "RCODE" + code;
    }
}
