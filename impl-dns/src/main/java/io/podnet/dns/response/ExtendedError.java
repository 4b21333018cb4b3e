package io.podnet.dns.response;

/** Why an answer is what it is, for whoever debugs (RFC 8914). Sent to clients that speak EDNS. */
public enum ExtendedError {
    /** Nothing to say. */
    NONE(-1),
    /** The answer is older than its TTL, since no server answers (RFC 8767). */
    STALE_ANSWER(3),
    /** The answer is a failure that was remembered. */
    CACHED_ERROR(13),
    /** Too much at once; no time to ask. */
    NOT_READY(14),
    /** The client may not ask for that name. */
    BLOCKED(15),
    /** The client may not ask for other names than the cluster's. */
    PROHIBITED(18),
    /** No server gave an answer of use. */
    NO_REACHABLE_AUTHORITY(22);

    private final int code;

    ExtendedError(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
