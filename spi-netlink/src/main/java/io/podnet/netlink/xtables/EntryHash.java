package io.podnet.netlink.xtables;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.NativeMemory;

/**
 * A hash of a table's entries, in one pass and without garbage. A change of one word always changes it; it is no defence
 * against somebody who looks for collisions, who would need the right to write the table anyway.
 */
final class EntryHash {
    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    private EntryHash() {}

    /**
     * Hashes entries.
     *
     * @param memory where they are
     * @param start first byte of the first entry
     * @param size bytes of all
     * @throws PodnetException.StateFailure where they are no entries
     */
    static long of(NativeMemory memory, EntryLayout layout, int start, int size) {
        long hash = size;
        int at = start;
        int end = start + size;
        while (at < end) {
            int left = end - at;
            int length = left < layout.header() ? 0 : memory.u16(at + layout.nextOffset());
            if (length < layout.header() || length > left || length % Long.BYTES != 0) {
                throw new PodnetException.StateFailure(
                        "the kernel's table has an entry of " + length + " bytes at " + (at - start) + " of " + size
                                + ", which no known layout has; compare the rules by iptables-save instead",
                        null);
            }
            hash = words(memory, hash, at, at + layout.comefrom());
            hash = words(memory, hash, at + layout.header(), at + length);
            at += length;
        }
        return hash;
    }

    /** From a multiple of 8, to a multiple of 4. */
    private static long words(NativeMemory memory, long start, int from, int to) {
        long hash = start;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = mix(hash, memory.s64(at));
        }
        return at < to ? mix(hash, memory.s32(at)) : hash;
    }

    private static long mix(long hash, long word) {
        long mixed = (hash ^ word) * ODD;
        return mixed ^ mixed >>> 29;
    }
}
