package io.podnet.dns.response;

/** Record types that the forwarder knows by name (IANA, DNS parameters). Others are opaque (RFC 3597). */
public final class RecordType {
    /** An IPv4 address. */
    public static final int A = 1;
    /** A name server. */
    public static final int NS = 2;
    /** An alias. */
    public static final int CNAME = 5;
    /** A zone's start of authority. */
    public static final int SOA = 6;
    /** Host information, what loop probes ask for. */
    public static final int HINFO = 13;
    /** An IPv6 address. */
    public static final int AAAA = 28;
    /** A service's place. */
    public static final int SRV = 33;
    /** An alias of a subtree. */
    public static final int DNAME = 39;
    /** EDNS. */
    public static final int OPT = 41;
    /** A signature. */
    public static final int RRSIG = 46;
    /** Authenticated denial. */
    public static final int NSEC = 47;
    /** Authenticated denial by hash. */
    public static final int NSEC3 = 50;
    /** All types, in questions alone. */
    public static final int ANY = 255;

    private RecordType() {}
}
