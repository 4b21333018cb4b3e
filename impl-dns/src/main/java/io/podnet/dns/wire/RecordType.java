package io.podnet.dns.wire;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Record types by number, as IANA's "Resource Record (RR) TYPEs" has them. */
public final class RecordType {
    /** An IPv4 address. */
    public static final int A = 1;
    /** A name server. */
    public static final int NS = 2;
    /** An alias. */
    public static final int CNAME = 5;
    /** Start of a zone of authority. */
    public static final int SOA = 6;
    /** A pointer to a name. */
    public static final int PTR = 12;
    /** Host information; also the answer to ANY of RFC 8482. */
    public static final int HINFO = 13;
    /** A mail exchange. */
    public static final int MX = 15;
    /** Text. */
    public static final int TXT = 16;
    /** An IPv6 address. */
    public static final int AAAA = 28;
    /** A service's location. */
    public static final int SRV = 33;
    /** An alias of a subtree. */
    public static final int DNAME = 39;
    /** The EDNS pseudo record. */
    public static final int OPT = 41;
    /** A service's binding. */
    public static final int SVCB = 64;
    /** HTTPS's binding. */
    public static final int HTTPS = 65;
    /** Key establishment, a meta type. */
    public static final int TKEY = 249;
    /** Transaction signature, a meta type. */
    public static final int TSIG = 250;
    /** Incremental transfer. */
    public static final int IXFR = 251;
    /** Transfer. */
    public static final int AXFR = 252;
    /** Mailbox records, obsolete. */
    public static final int MAILB = 253;
    /** Mail agent records, obsolete. */
    public static final int MAILA = 254;
    /** Any type. */
    public static final int ANY = 255;

    /** The class of the Internet. */
    public static final int CLASS_IN = 1;

    private static final Map<String, Integer> NUMBERS = numbers();
    private static final String[] MNEMONICS = mnemonics();

    private RecordType() {}

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new TreeMap<>();
        numbers.put("A", A);
        numbers.put("NS", NS);
        numbers.put("CNAME", CNAME);
        numbers.put("SOA", SOA);
        numbers.put("PTR", PTR);
        numbers.put("HINFO", HINFO);
        numbers.put("MX", MX);
        numbers.put("TXT", TXT);
        numbers.put("AAAA", AAAA);
        numbers.put("SRV", SRV);
        numbers.put("NAPTR", 35);
        numbers.put("DNAME", DNAME);
        numbers.put("OPT", OPT);
        numbers.put("DS", 43);
        numbers.put("RRSIG", 46);
        numbers.put("NSEC", 47);
        numbers.put("DNSKEY", 48);
        numbers.put("TLSA", 52);
        numbers.put("SVCB", SVCB);
        numbers.put("HTTPS", HTTPS);
        numbers.put("TKEY", TKEY);
        numbers.put("TSIG", TSIG);
        numbers.put("IXFR", IXFR);
        numbers.put("AXFR", AXFR);
        numbers.put("MAILB", MAILB);
        numbers.put("MAILA", MAILA);
        numbers.put("ANY", ANY);
        numbers.put("CAA", 257);
        return numbers;
    }

    private static String[] mnemonics() {
        String[] mnemonics = new String[258];
        NUMBERS.forEach((name, number) -> mnemonics[number] = name);
        return mnemonics;
    }

    /**
     * Names a type.
     *
     * @param type 0 to 65535
     * @return its mnemonic, or {@code TYPEn} (RFC 3597 section 5)
     */
    public static String mnemonic(int type) {
        return type >= 0 && type < MNEMONICS.length && MNEMONICS[type] != null ? MNEMONICS[type] : "TYPE" + type;
    }

    /**
     * Reads a mnemonic.
     *
     * @param mnemonic for example {@code SRV} or {@code TYPE65}, in any case
     * @return the number, or -1 where it names none
     */
    public static int number(String mnemonic) {
        String upper = mnemonic.toUpperCase(Locale.ROOT);
        Integer known = NUMBERS.get(upper);
        if (known != null) {
            return known;
        }
        if (upper.matches("TYPE[0-9]{1,5}")) {
            int number = Integer.parseInt(upper.substring(4));
            return number <= 0xffff ? number : -1;
        }
        return -1;
    }

    /**
     * Tells whether a type names no data: the range of RFC 6895 section 3.1, and OPT.
     *
     * @param type 0 to 65535
     * @return true for question types and meta types
     */
    public static boolean isMeta(int type) {
        return (type >= 128 && type <= 255) || type == OPT || type == 0;
    }
}
