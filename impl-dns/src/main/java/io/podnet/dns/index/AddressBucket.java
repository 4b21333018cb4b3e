package io.podnet.dns.index;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A few addresses that stand together in a tree, each with who holds it, in columns: an object for each would cost several
 * times the memory. Immutable.
 *
 * @param <H> who holds an address
 */
final class AddressBucket<H> implements AddressTree.Node<H> {
    /** A bucket with more is parted. */
    static final int MOST = 16;

    /** Who hold one address, where they are several. */
    private record Several<H>(List<H> all) {}

    private final long[] highs;
    /** Null where all are 0, as those of IPv4 are. */
    private final long @Nullable [] lows;
    /** A holder, or {@link Several}. */
    private final Object[] holders;

    private AddressBucket(long[] highs, long @Nullable [] lows, Object[] holders) {
        this.highs = highs;
        this.lows = lows;
        this.holders = holders;
    }

    static <H> AddressBucket<H> of(long high, long low, H holder) {
        return new AddressBucket<>(new long[] {high}, low == 0 ? null : new long[] {low}, new Object[] {holder});
    }

    int size() {
        return highs.length;
    }

    long high(int index) {
        return highs[index];
    }

    long low(int index) {
        return lows == null ? 0 : lows[index];
    }

    /** Gives where an address is, or -1. */
    int find(long high, long low) {
        for (int i = 0; i < highs.length; i++) {
            if (highs[i] == high && low(i) == low) {
                return i;
            }
        }
        return -1;
    }

    int holders(int index) {
        return holders[index] instanceof Several<?> several ? several.all.size() : 1;
    }

    @SuppressWarnings("unchecked")
    H holder(int index, int which) {
        return (H) (holders[index] instanceof Several<?> several ? several.all.get(which) : holders[index]);
    }

    @SuppressWarnings("unchecked")
    private List<H> all(int index) {
        return holders[index] instanceof Several<?> several ? (List<H>) several.all : List.of((H) holders[index]);
    }

    /** Gives this bucket with one holder more; it may have one address more than {@link #MOST} then. */
    AddressBucket<H> with(long high, long low, H holder) {
        int at = find(high, low);
        if (at < 0) {
            return join(of(high, low, holder));
        }
        List<H> before = all(at);
        if (before.contains(holder)) {
            return this;
        }
        Object[] next = holders.clone();
        next[at] =
                new Several<>(Stream.concat(before.stream(), Stream.of(holder)).toList());
        return new AddressBucket<>(highs, lows, next);
    }

    /** Gives this bucket without a holder; null where nothing is left. */
    @Nullable
    AddressBucket<H> without(long high, long low, H holder) {
        int at = find(high, low);
        if (at < 0 || !all(at).contains(holder)) {
            return this;
        }
        List<H> kept = all(at).stream().filter(one -> !one.equals(holder)).toList();
        if (kept.isEmpty()) {
            return size() == 1 ? null : pick(i -> i != at);
        }
        Object[] next = holders.clone();
        next[at] = kept.size() == 1 ? kept.get(0) : new Several<>(kept);
        return new AddressBucket<>(highs, lows, next);
    }

    /** Gives both buckets' addresses in one. */
    AddressBucket<H> join(AddressBucket<H> other) {
        int count = size() + other.size();
        long[] nextHighs = Arrays.copyOf(highs, count);
        Object[] nextHolders = Arrays.copyOf(holders, count);
        System.arraycopy(other.highs, 0, nextHighs, size(), other.size());
        System.arraycopy(other.holders, 0, nextHolders, size(), other.size());
        long[] nextLows = null;
        if (lows != null || other.lows != null) {
            nextLows = new long[count];
            for (int i = 0; i < count; i++) {
                nextLows[i] = i < size() ? low(i) : other.low(i - size());
            }
        }
        return new AddressBucket<>(nextHighs, nextLows, nextHolders);
    }

    /**
     * Gives the addresses at some indexes; at least one. Loops and no streams: it is compiled together with a tree's change,
     * for which the compiler took 15 MiB with them.
     */
    AddressBucket<H> pick(IntPredicate wanted) {
        int[] kept = new int[size()];
        int count = 0;
        for (int i = 0; i < kept.length; i++) {
            if (wanted.test(i)) {
                kept[count++] = i;
            }
        }
        long[] nextHighs = new long[count];
        long[] nextLows = lows == null ? null : new long[count];
        Object[] nextHolders = new Object[count];
        for (int i = 0; i < count; i++) {
            nextHighs[i] = highs[kept[i]];
            nextHolders[i] = holders[kept[i]];
            if (nextLows != null) {
                nextLows[i] = low(kept[i]);
            }
        }
        return new AddressBucket<>(nextHighs, nextLows, nextHolders);
    }
}
