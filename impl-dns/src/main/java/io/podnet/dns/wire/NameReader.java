package io.podnet.dns.wire;

/**
 * Reads names out of messages into one array of its own: lengths, bytes, and a zero at the end, without pointers. All
 * limits of RFC 1035 section 3.1 and 4.1.4 hold, read as RFC 9267 advises: a label has at most 63 octets, a name 255, a
 * pointer leads strictly backwards and not into the header, and each pointer to before the last one's target.
 *
 * <p>Reused, so that a name costs no garbage. For one thread at a time.
 */
public final class NameReader {
    /** The most octets that a name has in a message, lengths and the root's zero included. */
    public static final int MAX_NAME = 255;
    /** The most octets of a label, its length not counted. */
    public static final int MAX_LABEL = 63;

    private static final int POINTER = 0xc0;

    private final byte[] name = new byte[MAX_NAME];
    private final int[] starts = new int[MAX_NAME / 2 + 1];
    private int length;
    private int labels;
    private int end;

    /**
     * Reads a name with its ASCII letters made small (RFC 4343).
     *
     * @param message where
     * @param offset of its first length octet
     * @param limit where the message ends
     * @return false where it is malformed; the other methods say nothing then
     */
    public boolean read(byte[] message, int offset, int limit) {
        return read(message, offset, limit, true);
    }

    /**
     * Reads a name as it stands.
     *
     * @param message where
     * @param offset of its first length octet
     * @param limit where the message ends
     * @return false where it is malformed; the other methods say nothing then
     */
    public boolean readAsIs(byte[] message, int offset, int limit) {
        return read(message, offset, limit, false);
    }

    private boolean read(byte[] message, int offset, int limit, boolean small) {
        int at = offset;
        int lowest = offset;
        int from = offset;
        int copied = 0;
        int to = 0;
        int count = 0;
        int after = -1;
        while (at < limit) {
            int octet = message[at] & 0xff;
            if (octet == 0) {
                copy(message, from, copied, to - copied, small);
                name[to] = 0;
                length = to + 1;
                labels = count;
                end = after < 0 ? at + 1 : after;
                return true;
            }
            if (octet <= MAX_LABEL) {
                // The root's zero has to fit behind.
                if (at + octet >= limit || to + octet + 2 > MAX_NAME) {
                    return false;
                }
                starts[count++] = to;
                to += octet + 1;
                at += octet + 1;
            } else if (octet >= POINTER) {
                if (at + 1 >= limit) {
                    return false;
                }
                int target = ((octet & 0x3f) << 8) | (message[at + 1] & 0xff);
                if (target >= lowest || target < Header.LENGTH) {
                    return false;
                }
                if (after < 0) {
                    after = at + 2;
                }
                copy(message, from, copied, to - copied, small);
                copied = to;
                from = target;
                lowest = target;
                at = target;
            } else {
                // 01 and 10 are no label types (RFC 6891 section 5 withdrew the last one).
                return false;
            }
        }
        return false;
    }

    /** Labels that stand together: a length is at most 63, so that it is no capital letter. */
    private void copy(byte[] message, int from, int to, int count, boolean small) {
        if (small) {
            Octets.copySmall(message, from, name, to, count);
        } else {
            System.arraycopy(message, from, name, to, count);
        }
    }

    /**
     * Gives the name that was read, in place.
     *
     * @return an array that the next read overwrites; {@link #length()} octets of it count
     */
    public byte[] bytes() {
        return name;
    }

    /**
     * Gives the name's octets.
     *
     * @return 1 to 255, the root's zero included
     */
    public int length() {
        return length;
    }

    /**
     * Counts the labels.
     *
     * @return 0 for the root, at most 127
     */
    public int labels() {
        return labels;
    }

    /**
     * Tells where a label begins.
     *
     * @param label 0 for the leftmost, up to {@link #labels()}, which is the root
     * @return the offset of its length octet in {@link #bytes()}
     */
    public int start(int label) {
        return label == labels ? length - 1 : starts[label];
    }

    /**
     * Tells where the message goes on.
     *
     * @return the offset behind the name, or behind its first pointer
     */
    public int end() {
        return end;
    }

    /**
     * Copies the name.
     *
     * @return a new array of {@link #length()} octets
     */
    public byte[] copy() {
        return java.util.Arrays.copyOf(name, length);
    }
}
