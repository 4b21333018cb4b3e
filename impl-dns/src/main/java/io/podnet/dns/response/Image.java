package io.podnet.dns.response;

import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;

/**
 * An answer as a message of our own writing: header, question, answer and authority section; no OPT, no additional
 * section. The place of each TTL is known, so that it can be counted down in a copy. Immutable and safe for any thread.
 */
public final class Image {
    private static final int OVERHEAD = 96;

    private final byte[] message;
    private final int[] ttlOffsets;
    private final int ttl;
    private final boolean aliased;

    Image(byte[] message, int[] ttlOffsets, int ttl, boolean aliased) {
        this.message = message;
        this.ttlOffsets = ttlOffsets;
        this.ttl = ttl;
        this.aliased = aliased;
    }

    /**
     * Gives the response code.
     *
     * @return 0 to 15
     */
    public int rcode() {
        return Header.flags(message) & Header.RCODE;
    }

    /**
     * Counts the answer section.
     *
     * @return its records
     */
    public int answers() {
        return Header.count(message, Header.ANSWERS);
    }

    /**
     * Tells whether the answer section has a record of a type.
     *
     * @param type the type
     * @return true where it has
     */
    public boolean answersWith(int type) {
        for (int i = 0; i < answers(); i++) {
            if (Octets.u16(message, ttlOffsets[i] - 4) == type) {
                return true;
            }
        }
        return false;
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
     * Tells whether the answer goes on behind a CNAME, so that an NXDOMAIN is about another name than the question's.
     *
     * @return true where it does
     */
    public boolean isAliased() {
        return aliased;
    }

    /**
     * Gives what it takes in memory.
     *
     * @return octets, an estimate from above
     */
    public int weight() {
        return OVERHEAD + message.length + 4 * ttlOffsets.length;
    }

    /**
     * Copies the message.
     *
     * @return a new array
     */
    public byte[] toMessage() {
        return message.clone();
    }

    /**
     * Copies the message with TTLs counted down.
     *
     * @param question the client's question: the same, or for an NXDOMAIN the same name with another type
     * @param age seconds to take from each TTL
     * @param leastTtl seconds that stay at least
     * @return a new array
     */
    public byte[] toMessage(Question question, int age, int leastTtl) {
        byte[] copy = message.clone();
        question.writeTo(copy);
        for (int offset : ttlOffsets) {
            Octets.put32(copy, offset, Math.max(leastTtl, Octets.u32(copy, offset) - age));
        }
        return copy;
    }

    @Override
    public String toString() {
        return "rcode " + rcode() + ", " + answers() + " of " + ttlOffsets.length + " records, " + ttl + " s";
    }
}
