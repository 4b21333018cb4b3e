package io.podnet.dns.wire;

/** Why there is no better answer: the extended DNS errors (RFC 8914) that this server gives, each with its text. */
public enum ExtendedError {
    /** Nothing to add. */
    NONE(-1, ""),
    /** Other Error. */
    OVERLOADED(0, "too many queries under way"),
    /** Stale Answer. */
    STALE_ANSWER(3, "the servers asked do not answer; this is what they said before"),
    /** Cached Error. */
    CACHED_ERROR(13, "the servers asked did not answer a moment ago"),
    /** Not Ready. */
    NOT_READY(14, "the cluster's names are not known yet"),
    /** Blocked. */
    BLOCKED(15, "the forward policy denies this name"),
    /** Prohibited. */
    PROHIBITED(18, "this client gets no names outside the cluster"),
    /** Not Authoritative: a query without RD for a name that is not ours. */
    NOT_AUTHORITATIVE(20, "not a name of the cluster, and recursion was not asked for"),
    /** Not Supported. */
    NOT_SUPPORTED(21, "this type or class is not served"),
    /** No Reachable Authority. */
    NO_REACHABLE_AUTHORITY(22, "the servers asked do not answer");

    /** The option's code in the OPT record. */
    public static final int OPTION = 15;

    private final int code;
    private final String text;

    // ASCII.
    ExtendedError(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** Counts the octets of the option, its header included; 0 for {@link #NONE}. */
    int length() {
        return this == NONE ? 0 : 6 + text.length();
    }

    /** Writes the option. */
    void write(byte[] into, int at) {
        Octets.put16(into, at, OPTION);
        Octets.put16(into, at + 2, 2 + text.length());
        Octets.put16(into, at + 4, code);
        for (int i = 0; i < text.length(); i++) {
            into[at + 6 + i] = (byte) text.charAt(i);
        }
    }
}
