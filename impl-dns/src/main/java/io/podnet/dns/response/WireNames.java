package io.podnet.dns.response;

/**
 * Names as they lie in a message that somebody else wrote. The rules are RFC 1035 section 4.1.4 with RFC 9267's lessons:
 * a label has at most 63 bytes and a name 255, a pointer goes strictly backwards from everything read so far and never
 * into the header, and the label types 01 and 10 do not exist. Results below zero stand for a name that is none: hostile
 * input is common enough not to cost exceptions.
 */
final class WireNames {
    static final int MALFORMED = -1;
    private static final int HEADER = 12;
    private static final int POINTER = 0xc0;

    private WireNames() {}

    static byte lower(byte character) {
        return character >= 'A' && character <= 'Z' ? (byte) (character + ('a' - 'A')) : character;
    }

    /**
     * Reads a name, following pointers.
     *
     * @param message the message
     * @param end where the message ends
     * @param from the name's first byte
     * @param into at least 255 bytes that take the uncompressed name, case kept
     * @return the length in {@code into}, or {@link #MALFORMED}
     */
    static int read(byte[] message, int end, int from, byte[] into) {
        int length = 0;
        int at = from;
        int lowest = from;
        while (at < end) {
            int size = message[at] & 0xff;
            if (size == 0) {
                into[length] = 0;
                return length + 1;
            }
            if ((size & POINTER) == POINTER) {
                if (at + 1 >= end) {
                    return MALFORMED;
                }
                int target = (size & 0x3f) << 8 | (message[at + 1] & 0xff);
                if (target < HEADER || target >= lowest) {
                    return MALFORMED;
                }
                at = target;
                lowest = target;
                continue;
            }
            // One byte stays for the root.
            if (size > DomainName.MAX_LABEL || at + size >= end || length + size + 2 > DomainName.MAX_LENGTH) {
                return MALFORMED;
            }
            System.arraycopy(message, at, into, length, size + 1);
            length += size + 1;
            at += size + 1;
        }
        return MALFORMED;
    }

    /**
     * Finds what comes after a name, without following pointers.
     *
     * @param message the message
     * @param end where the message ends
     * @param from the name's first byte
     * @return the index behind the name, or {@link #MALFORMED}
     */
    static int skip(byte[] message, int end, int from) {
        int at = from;
        while (at < end && at - from < DomainName.MAX_LENGTH) {
            int size = message[at] & 0xff;
            if (size == 0) {
                return at + 1;
            }
            if ((size & POINTER) == POINTER) {
                return at + 2 <= end ? at + 2 : MALFORMED;
            }
            if (size > DomainName.MAX_LABEL) {
                return MALFORMED;
            }
            at += size + 1;
        }
        return MALFORMED;
    }

    /** Hashes an uncompressed name without regard to case. */
    static int hash(byte[] name, int from, int length) {
        int hash = 1;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + lower(name[i]);
        }
        return hash;
    }

    /** Compares two uncompressed names without regard to case. */
    static boolean same(byte[] a, int fromA, byte[] b, int fromB, int length) {
        for (int i = 0; i < length; i++) {
            if (lower(a[fromA + i]) != lower(b[fromB + i])) {
                return false;
            }
        }
        return true;
    }

    static int unsigned16(byte[] message, int at) {
        return (message[at] & 0xff) << 8 | (message[at + 1] & 0xff);
    }

    static int signed32(byte[] message, int at) {
        return unsigned16(message, at) << 16 | unsigned16(message, at + 2);
    }

    static void put16(byte[] message, int at, int value) {
        message[at] = (byte) (value >>> 8);
        message[at + 1] = (byte) value;
    }

    static void put32(byte[] message, int at, int value) {
        put16(message, at, value >>> 16);
        put16(message, at + 2, value);
    }
}
