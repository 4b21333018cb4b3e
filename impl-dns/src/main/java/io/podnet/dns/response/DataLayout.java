package io.podnet.dns.response;

/**
 * Where names lie inside a record's data. Only types that may carry compressed names are listed (RFC 1035 and RFC 3597
 * section 4); all others are opaque bytes.
 *
 * @param before bytes before the first name
 * @param strings character strings after those bytes
 * @param names how many names follow
 * @param after bytes after the last name; -1 for any number
 * @param compress whether we may write the names compressed (RFC 1035 types only)
 */
record DataLayout(int before, int strings, int names, int after, boolean compress) {
    private static final DataLayout OPAQUE = new DataLayout(0, 0, 0, -1, false);
    private static final DataLayout NAME = new DataLayout(0, 0, 1, 0, true);
    private static final DataLayout TWO_NAMES = new DataLayout(0, 0, 2, 0, true);
    private static final DataLayout START_OF_AUTHORITY = new DataLayout(0, 0, 2, 20, true);
    private static final DataLayout PREFERENCE = new DataLayout(2, 0, 1, 0, true);
    private static final DataLayout PLAIN_NAME = new DataLayout(0, 0, 1, 0, false);
    private static final DataLayout PLAIN_TWO_NAMES = new DataLayout(0, 0, 2, 0, false);
    private static final DataLayout PLAIN_PREFERENCE = new DataLayout(2, 0, 1, 0, false);
    private static final DataLayout PREFERENCE_TWO_NAMES = new DataLayout(2, 0, 2, 0, false);
    private static final DataLayout SERVICE = new DataLayout(6, 0, 1, 0, false);
    private static final DataLayout NAMING_AUTHORITY = new DataLayout(4, 3, 1, 0, false);
    private static final DataLayout OLD_SIGNATURE = new DataLayout(18, 0, 1, -1, false);
    private static final DataLayout OLD_NEXT = new DataLayout(0, 0, 1, -1, false);
    private static final DataLayout IPV4 = new DataLayout(4, 0, 0, 0, false);
    private static final DataLayout IPV6 = new DataLayout(16, 0, 0, 0, false);

    static DataLayout of(int type) {
        return switch (type) {
            case 1 -> IPV4;
            case 28 -> IPV6;
            case 2, 3, 4, 5, 7, 8, 9, 12 -> NAME; // NS MD MF CNAME MB MG MR PTR
            case 6 -> START_OF_AUTHORITY;
            case 14 -> TWO_NAMES; // MINFO
            case 15 -> PREFERENCE; // MX
            case 17 -> PLAIN_TWO_NAMES; // RP
            case 18, 21, 36 -> PLAIN_PREFERENCE; // AFSDB RT KX
            case 24 -> OLD_SIGNATURE; // SIG
            case 26 -> PREFERENCE_TWO_NAMES; // PX
            case 30 -> OLD_NEXT; // NXT
            case 33 -> SERVICE; // SRV
            case 35 -> NAMING_AUTHORITY; // NAPTR
            case 39 -> PLAIN_NAME; // DNAME
            default -> OPAQUE;
        };
    }
}
