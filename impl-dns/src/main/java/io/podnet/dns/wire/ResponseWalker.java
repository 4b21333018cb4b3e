package io.podnet.dns.wire;

/**
 * Walks through the records of a message that somebody else made, without an object for any of them. Nothing that a
 * header claims is believed before there are octets for it: each record advances, and the message ends the walk.
 *
 * <p>Reused. For one thread at a time.
 */
public final class ResponseWalker {
    private static final int RECORD_AFTER_NAME = 10;
    private static final int LEAST_QUESTION = 5;
    private static final int LEAST_RECORD = 11;

    private final NameReader name = new NameReader();
    private byte[] message = new byte[0];
    private int limit;
    private int next;
    private int section;
    private int left;
    private int ownerOffset;
    private int fixed;
    private boolean malformed;

    /**
     * Begins: checks that the counts can be true and reads the question, which must be one.
     *
     * @param octets the message from offset 0
     * @param length how many octets of it count
     * @return false where the message is malformed or has not exactly one question
     */
    public boolean start(byte[] octets, int length) {
        message = octets;
        limit = length;
        malformed = true;
        left = 0;
        section = Header.QUESTIONS;
        if (length < Header.LENGTH || Header.count(octets, Header.QUESTIONS) != 1) {
            return false;
        }
        long records = (long) Header.count(octets, Header.ANSWERS)
                + Header.count(octets, Header.AUTHORITIES)
                + Header.count(octets, Header.ADDITIONALS);
        if (records * LEAST_RECORD + LEAST_QUESTION > length - Header.LENGTH
                || !name.read(octets, Header.LENGTH, length)
                || name.end() + 4 > length) {
            return false;
        }
        next = name.end() + 4;
        malformed = false;
        return true;
    }

    /**
     * Gives the name of the question, or the last one that {@link #owner()} read.
     *
     * @return the reader, small letters
     */
    public NameReader name() {
        return name;
    }

    /**
     * Goes to the next record.
     *
     * @return false at the end, and where the rest is malformed
     */
    public boolean next() {
        if (malformed) {
            return false;
        }
        while (left == 0) {
            if (section == Header.ADDITIONALS) {
                return false;
            }
            section += 2;
            left = Header.count(message, section);
        }
        left--;
        ownerOffset = next;
        if (!name.read(message, next, limit) || name.end() + RECORD_AFTER_NAME > limit) {
            malformed = true;
            return false;
        }
        fixed = name.end();
        next = fixed + RECORD_AFTER_NAME + dataLength();
        malformed = next > limit;
        return !malformed;
    }

    /**
     * Goes back to a record that the walk has passed. Its section is not known then; {@link #next()} is of no use
     * afterwards.
     *
     * @param offset the record's {@link #ownerOffset()} of before
     */
    public void moveTo(int offset) {
        ownerOffset = offset;
        name.read(message, offset, limit);
        fixed = name.end();
        next = fixed + RECORD_AFTER_NAME + dataLength();
        left = 0;
        section = Header.ADDITIONALS;
    }

    /**
     * Tells whether the walk ended because the message contradicts itself.
     *
     * @return true where it is malformed
     */
    public boolean malformed() {
        return malformed;
    }

    /**
     * Tells in which section the record is.
     *
     * @return {@link Header#ANSWERS}, {@link Header#AUTHORITIES} or {@link Header#ADDITIONALS}
     */
    public int section() {
        return section;
    }

    /**
     * Reads the owner's name.
     *
     * @return the reader, small letters; the next record overwrites it
     */
    public NameReader owner() {
        name.read(message, ownerOffset, limit);
        return name;
    }

    /**
     * Tells where the record begins.
     *
     * @return the offset of its owner's name
     */
    public int ownerOffset() {
        return ownerOffset;
    }

    /**
     * Gives the type.
     *
     * @return 0 to 65535
     */
    public int type() {
        return Octets.u16(message, fixed);
    }

    /**
     * Gives the class.
     *
     * @return 0 to 65535
     */
    public int recordClass() {
        return Octets.u16(message, fixed + 2);
    }

    /**
     * Tells where the time to live stands, to change it in place.
     *
     * @return an offset
     */
    public int ttlOffset() {
        return fixed + 4;
    }

    /**
     * Gives the time to live.
     *
     * @return seconds; a value with the top bit set counts as 0 (RFC 2181 section 8)
     */
    public int ttl() {
        long value = Octets.u32(message, fixed + 4);
        return value > Integer.MAX_VALUE ? 0 : (int) value;
    }

    /**
     * Tells where the data begins.
     *
     * @return an offset
     */
    public int dataOffset() {
        return fixed + RECORD_AFTER_NAME;
    }

    /**
     * Gives the data's octets.
     *
     * @return 0 to 65535
     */
    public int dataLength() {
        return Octets.u16(message, fixed + 8);
    }

    /**
     * Tells where the record ends.
     *
     * @return an offset
     */
    public int end() {
        return next;
    }

    /**
     * Tells where the message ends.
     *
     * @return its octets
     */
    public int limit() {
        return limit;
    }
}
