package io.podnet.dns.response;

import java.util.Arrays;

/**
 * Where the records of a message lie. A record has eleven bytes at least, so claimed counts are believed only as far as
 * the message has room (CVE-2026-82399: counts believed before validation). For one thread; reused.
 */
final class RecordTable {
    static final int ANSWER = 1;
    static final int AUTHORITY = 2;

    private static final int FIELDS = 6;
    private static final int MIN_RECORD = 11;
    private static final int DAY = 86_400;

    private final byte[] name = new byte[DomainName.MAX_LENGTH];
    private int[] fields = new int[64 * FIELDS];
    private int answers;
    private int authorities;

    /**
     * Reads the records behind the question.
     *
     * @return false where the message is malformed
     */
    boolean read(byte[] message, int end, int from) {
        answers = MessageHeader.count(message, 1);
        authorities = MessageHeader.count(message, 2);
        int all = answers + authorities + MessageHeader.count(message, 3);
        if (all > (end - from) / MIN_RECORD) {
            return false;
        }
        int kept = answers + authorities;
        if (kept * FIELDS > fields.length) {
            fields = new int[kept * FIELDS];
        }
        int at = from;
        for (int i = 0; i < all; i++) {
            int ownerLength = WireNames.read(message, end, at, name);
            int fixed = ownerLength < 0 ? ownerLength : WireNames.skip(message, end, at);
            if (fixed < 0 || fixed + 10 > end) {
                return false;
            }
            int data = fixed + 10;
            int size = WireNames.unsigned16(message, fixed + 8);
            if (data + size > end) {
                return false;
            }
            if (i < kept) {
                int index = i * FIELDS;
                fields[index] = at;
                fields[index + 1] = WireNames.hash(name, 0, ownerLength);
                fields[index + 2] = WireNames.unsigned16(message, fixed) << 16 | WireNames.unsigned16(message, fixed + 2);
                fields[index + 3] = ttl(WireNames.signed32(message, fixed + 4));
                fields[index + 4] = data;
                fields[index + 5] = size;
            }
            at = data + size;
        }
        return true;
    }

    /** A TTL with the top bit set means 0 (RFC 2181 section 8); more than a day is cut. */
    private static int ttl(int received) {
        return received < 0 ? 0 : Math.min(received, DAY);
    }

    int answers() {
        return answers;
    }

    int authorities() {
        return authorities;
    }

    /** Tells whether a record has an owner, a type and a class. */
    boolean is(int index, byte[] message, int end, DomainName owner, int type, int dnsClass) {
        return typeAndClass(index) == (type << 16 | dnsClass) && isOwnedBy(index, message, end, owner);
    }

    boolean isOwnedBy(int index, byte[] message, int end, DomainName owner) {
        return fields[index * FIELDS + 1] == owner.hashCode()
                && owner.isSame(name, owner(index, message, end, name));
    }

    /** Tells whether a record's owner is a zone that a name lies in. */
    boolean isZoneOf(int index, byte[] message, int end, DomainName below) {
        return below.isAtOrBelow(name, owner(index, message, end, name));
    }

    /** Reads a record's owner, whose form was checked before. */
    int owner(int index, byte[] message, int end, byte[] into) {
        return WireNames.read(message, end, fields[index * FIELDS], into);
    }

    private int typeAndClass(int index) {
        return fields[index * FIELDS + 2];
    }

    int type(int index) {
        return typeAndClass(index) >>> 16;
    }

    int dnsClass(int index) {
        return typeAndClass(index) & 0xffff;
    }

    int ttl(int index) {
        return fields[index * FIELDS + 3];
    }

    int data(int index) {
        return fields[index * FIELDS + 4];
    }

    int size(int index) {
        return fields[index * FIELDS + 5];
    }

    /** Lets go of what a large message made it hold. */
    void shrink() {
        if (fields.length > 1024 * FIELDS) {
            fields = Arrays.copyOf(fields, 64 * FIELDS);
        }
    }
}
