package io.podnet.bridge.ipam;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bits 0 to 2^63-1 that finds the next clear one in at most eleven steps, however many are set, and costs memory only
 * where bits are set: an IPv6 subnet is as cheap as an IPv4 one. A tree of words: a bit of level n+1 says that the
 * word below it is full. Not safe for threads.
 */
final class SparseBitmap {
    private static final long FULL = -1L;

    private final List<Map<Long, Long>> levels = new ArrayList<>();

    private long word(int level, long index) {
        return level < levels.size() ? levels.get(level).getOrDefault(index, 0L) : 0L;
    }

    boolean get(long bit) {
        return (word(0, bit >>> 6) >>> bit & 1) != 0;
    }

    void set(long bit) {
        long at = bit;
        for (int level = 0; ; level++) {
            if (level == levels.size()) {
                levels.add(new HashMap<>());
            }
            long word = word(level, at >>> 6) | 1L << at;
            levels.get(level).put(at >>> 6, word);
            if (word != FULL) {
                return;
            }
            at >>>= 6;
        }
    }

    void clear(long bit) {
        long at = bit;
        for (int level = 0; level < levels.size(); level++) {
            long before = word(level, at >>> 6);
            long after = before & ~(1L << at);
            if (after == 0) {
                levels.get(level).remove(at >>> 6);
            } else {
                levels.get(level).put(at >>> 6, after);
            }
            if (before != FULL) {
                return;
            }
            at >>>= 6;
        }
    }

    /** Finds the first clear bit at or after one. */
    long nextClear(long from) {
        return nextClear(0, from);
    }

    private long nextClear(int level, long from) {
        if (level >= levels.size()) {
            return from;
        }
        long clear = ~word(level, from >>> 6) & FULL << from;
        if (clear != 0) {
            return (from & ~63L) + Long.numberOfTrailingZeros(clear);
        }
        long next = nextClear(level + 1, (from >>> 6) + 1);
        return (next << 6) + Long.numberOfTrailingZeros(~word(level, next));
    }
}
