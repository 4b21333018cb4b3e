package io.podnet.dns.response;

import java.util.Arrays;

/**
 * A response as bytes of our own writing: header, question, answer and authority section; no OPT, no additional
 * section. Each record's TTL lies at a known place, so that it can be counted down while it is copied. Immutable and
 * safe for any thread.
 */
public final class Image {
    private static final int OVERHEAD = 96;
    private static final int HEADER = 12;

    private final byte[] message;
    private final int[] ttlOffsets;
    private final int questionLength;
    private final int answers;
    private final int rcode;
    private final int ttl;
    private final boolean aliased;

    Image(byte[] message, int[] ttlOffsets, int questionLength, int answers, int rcode, int ttl, boolean aliased) {
        this.message = message;
        this.ttlOffsets = ttlOffsets;
        this.questionLength = questionLength;
        this.answers = answers;
        this.rcode = rcode;
        this.ttl = ttl;
        this.aliased = aliased;
    }

    /**
     * Gives the response code.
     *
     * @return 0 to 15
     */
    public int rcode() {
        return rcode;
    }

    /**
     * Gives the number of records in the answer section.
     *
     * @return how many
     */
    public int answers() {
        return answers;
    }

    /**
     * Gives the number of all records.
     *
     * @return how many in answer and authority section
     */
    public int records() {
        return ttlOffsets.length;
    }

    /**
     * Gives how long it may be kept.
     *
     * @return seconds; 0 where it must not be kept, for example a negative answer without SOA (RFC 2308 section 5)
     */
    public int ttl() {
        return ttl;
    }

    /**
     * Tells whether the answer goes on behind a CNAME, and so an NXDOMAIN is about another name than the question's.
     *
     * @return true where it does
     */
    public boolean isAliased() {
        return aliased;
    }

    /**
     * Tells whether there is a record of a type in the answer section.
     *
     * @param type the type
     * @return true where there is one
     */
    public boolean answersWith(int type) {
        for (int i = 0; i < answers; i++) {
            if (typeOf(i) == type) {
                return true;
            }
        }
        return false;
    }

    /**
     * Gives the bytes that it takes in memory.
     *
     * @return bytes, an estimate from above
     */
    public int weight() {
        return OVERHEAD + message.length + 4 * ttlOffsets.length;
    }

    /** Where the first record begins; equal to the end where there is none. */
    int firstRecord() {
        return HEADER + questionLength;
    }

    int questionLength() {
        return questionLength;
    }

    int typeOf(int index) {
        return WireNames.unsigned16(message, ttlOffsets[index] - 4);
    }

    int ttlOffset(int index) {
        return ttlOffsets[index];
    }

    /** The index behind a record's last byte. */
    int endOf(int index) {
        int data = ttlOffsets[index] + 4;
        return data + 2 + WireNames.unsigned16(message, data);
    }

    int startOf(int index) {
        return index == 0 ? firstRecord() : endOf(index - 1);
    }

    int ttlOf(int index) {
        return WireNames.signed32(message, ttlOffsets[index]);
    }

    void copyTo(byte[] to, int from, int end) {
        System.arraycopy(message, from, to, from, end - from);
    }

    byte[] bytes() {
        return message;
    }

    /** The record's uncompressed owner name. */
    int ownerOf(int index, byte[] into) {
        return WireNames.read(message, message.length, startOf(index), into);
    }

    @Override
    public String toString() {
        return "rcode " + rcode + ", " + answers + " of " + records() + " records, " + ttl + " s, "
                + Arrays.hashCode(message);
    }
}
