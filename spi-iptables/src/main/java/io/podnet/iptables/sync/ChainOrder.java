package io.podnet.iptables.sync;

import java.util.Arrays;
import java.util.List;

/**
 * Service chains by name, the last first: the order in which libiptc (libiptc/libiptc.c, iptc_insert_chain) takes many
 * chains at the least cost. It keeps them sorted and indexes every fortieth; a chain that comes before all others is
 * placed at once, while one that comes after walks through all that came since the last index. Rules in the same order
 * find their chain where the processor's cache still has it. Both together halve the tool's own time.
 */
final class ChainOrder {
    private static final int CHARACTERS = 12;
    private static final int BITS = 5;

    private ChainOrder() {}

    /**
     * Sorts. Names of one kind that begin with the same 8 characters or so may come in any order: it only costs time.
     * Comparing strings would take ten times as long.
     */
    static ChainWrite[] lastFirst(List<ChainWrite> chains) {
        int size = chains.size();
        int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(size);
        long[] keys = new long[size];
        for (int i = 0; i < size; i++) {
            keys[i] = key(chains.get(i)) >>> indexBits << indexBits | i;
        }
        Arrays.sort(keys);
        ChainWrite[] sorted = new ChainWrite[size];
        long index = (1L << indexBits) - 1;
        for (int i = 0; i < size; i++) {
            sorted[size - 1 - i] = chains.get((int) (keys[i] & index));
        }
        return sorted;
    }

    /** The kind by the order of prefixes, then characters of base32 as ASCII orders them: digits, then letters. */
    private static long key(ChainWrite chain) {
        String name = chain.name();
        int from = chain.kind().prefix().length();
        long key = switch (chain.kind()) {
            case EXT -> 0;
            case FW -> 1;
            case SEP -> 2;
            case SVC -> 3;
            case SVL -> 4;
        };
        for (int i = from; i < from + CHARACTERS; i++) {
            char c = name.charAt(i);
            key = key << BITS | (c >= 'A' ? c - 'A' + 6 : c - '2');
        }
        return key;
    }
}
