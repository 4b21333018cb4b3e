package io.podnet.dns.wire;

/**
 * Where names stand in a record's data, for the types whose names an older server may have shortened (RFC 1035 section
 * 3.3, RFC 3597 section 4). Data of all other types is opaque.
 */
final class DataLayout {
    private DataLayout() {}

    /** How many names there are: 0, 1 or 2, one behind the other. */
    static int names(int type) {
        return switch (type) {
            // NS, MD, MF, CNAME, MB, MG, MR, PTR, MX, AFSDB, RT, SRV, KX, DNAME
            case 2, 3, 4, 5, 7, 8, 9, 12, 15, 18, 21, 33, 36, 39 -> 1;
            // SOA, MINFO, RP, PX
            case 6, 14, 17, 26 -> 2;
            default -> 0;
        };
    }

    static int octetsBeforeNames(int type) {
        return switch (type) {
            // MX, AFSDB, RT, PX, KX
            case 15, 18, 21, 26, 36 -> 2;
            case RecordType.SRV -> 6;
            default -> 0;
        };
    }

    /** How many octets there must be behind the names, where there are names. */
    static int octetsAfterNames(int type) {
        return type == RecordType.SOA ? 20 : 0;
    }

    /** Only types that RFC 1035 knows: every receiver expects pointers there. */
    static boolean mayBeShortened(int type) {
        return type <= 15;
    }
}
