package io.podnet.dns.index;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * An immutable tree over addresses: who holds one, and whether any address has a prefix, which is what an empty
 * non-terminal of a reverse zone is. A PATRICIA tree (Morrison 1968) over 128 bits, with buckets for leaves; an IPv4 address
 * is the upper 32 bits. A change copies one path and one bucket.
 *
 * @param <H> who holds an address
 */
final class AddressTree<H> {
    /** A branch or a bucket. */
    sealed interface Node<H> permits AddressBucket, Branch {}

    /** The bits before {@code bit} are those of high and low; the bit itself chooses. */
    record Branch<H>(long high, long low, int bit, Node<H> zero, Node<H> one) implements Node<H> {}

    /** Two buckets that have no more than this together become one. */
    private static final int FEW = AddressBucket.MOST / 2;

    private final @Nullable Node<H> root;

    private AddressTree(@Nullable Node<H> root) {
        this.root = root;
    }

    static <H> AddressTree<H> empty() {
        return new AddressTree<>(null);
    }

    static long high(IpAddress address) {
        return address.family() == IpFamily.IPV4 ? address.low() << 32 : address.high();
    }

    static long low(IpAddress address) {
        return address.family() == IpFamily.IPV4 ? 0 : address.low();
    }

    private static boolean bit(long high, long low, int bit) {
        return (bit < 64 ? high << bit : low << (bit - 64)) < 0;
    }

    /** How many leading bits two addresses share, 0 to 128. */
    private static int shared(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh
                ? Long.numberOfLeadingZeros(high ^ otherHigh)
                : 64 + Long.numberOfLeadingZeros(low ^ otherLow);
    }

    private @Nullable AddressBucket<H> bucket(long high, long low) {
        Node<H> node = root;
        while (node instanceof Branch<H> branch) {
            node = bit(high, low, branch.bit) ? branch.one : branch.zero;
        }
        return (AddressBucket<H>) node;
    }

    /** Counts the holders of an address. */
    int holders(long high, long low) {
        AddressBucket<H> bucket = bucket(high, low);
        int at = bucket == null ? -1 : bucket.find(high, low);
        return bucket == null || at < 0 ? 0 : bucket.holders(at);
    }

    /** Gives a holder of an address that has more than {@code index} of them. */
    H holder(long high, long low, int index) {
        AddressBucket<H> bucket = bucket(high, low);
        if (bucket == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return bucket.holder(bucket.find(high, low), index);
    }

    /** Tells whether any address begins with these bits. */
    boolean anyWith(long high, long low, int bits) {
        Node<H> node = root;
        while (node instanceof Branch<H> branch) {
            if (branch.bit >= bits) {
                return shared(high, low, branch.high, branch.low) >= bits;
            }
            node = bit(high, low, branch.bit) ? branch.one : branch.zero;
        }
        boolean any = false;
        if (node instanceof AddressBucket<H> bucket) {
            for (int i = 0; i < bucket.size() && !any; i++) {
                any = shared(high, low, bucket.high(i), bucket.low(i)) >= bits;
            }
        }
        return any;
    }

    AddressTree<H> with(IpAddress address, H holder) {
        long high = high(address);
        long low = low(address);
        // Down and up again without recursion, which the compiler would unroll for all the memory that it is given.
        Deque<Branch<H>> path = new ArrayDeque<>();
        Node<H> node = root;
        while (node instanceof Branch<H> branch && shared(high, low, branch.high, branch.low) >= branch.bit) {
            path.push(branch);
            node = bit(high, low, branch.bit) ? branch.one : branch.zero;
        }
        Node<H> made = inserted(node, high, low, holder);
        while (!path.isEmpty()) {
            Branch<H> branch = path.pop();
            made = bit(high, low, branch.bit)
                    ? new Branch<>(branch.high, branch.low, branch.bit, branch.zero, made)
                    : new Branch<>(branch.high, branch.low, branch.bit, made, branch.one);
        }
        return new AddressTree<>(made);
    }

    /** What stands in a place where an address belongs: nothing, a bucket, or a branch with another prefix. */
    private static <H> Node<H> inserted(@Nullable Node<H> node, long high, long low, H holder) {
        if (node == null) {
            return AddressBucket.of(high, low, holder);
        }
        if (node instanceof AddressBucket<H> bucket) {
            AddressBucket<H> next = bucket.with(high, low, holder);
            return next.size() > AddressBucket.MOST ? parted(next) : next;
        }
        Branch<H> branch = (Branch<H>) node;
        int same = shared(high, low, branch.high, branch.low);
        AddressBucket<H> mine = AddressBucket.of(high, low, holder);
        return bit(high, low, same)
                ? new Branch<>(high, low, same, node, mine)
                : new Branch<>(high, low, same, mine, node);
    }

    /** Parts a bucket where its addresses first differ. */
    private static <H> Branch<H> parted(AddressBucket<H> bucket) {
        long high = bucket.high(0);
        long low = bucket.low(0);
        int first = 128;
        for (int i = 1; i < bucket.size(); i++) {
            first = Math.min(first, shared(high, low, bucket.high(i), bucket.low(i)));
        }
        int at = first;
        return new Branch<>(
                high,
                low,
                at,
                bucket.pick(i -> !bit(bucket.high(i), bucket.low(i), at)),
                bucket.pick(i -> bit(bucket.high(i), bucket.low(i), at)));
    }

    AddressTree<H> without(IpAddress address, H holder) {
        return new AddressTree<>(root == null ? null : without(root, high(address), low(address), holder));
    }

    private @Nullable Node<H> without(Node<H> node, long high, long low, H holder) {
        if (node instanceof AddressBucket<H> bucket) {
            return bucket.without(high, low, holder);
        }
        Branch<H> branch = (Branch<H>) node;
        boolean one = bit(high, low, branch.bit);
        Node<H> before = one ? branch.one : branch.zero;
        Node<H> after = without(before, high, low, holder);
        Node<H> other = one ? branch.zero : branch.one;
        if (after == before) {
            return node;
        }
        if (after == null) {
            return other;
        }
        if (after instanceof AddressBucket<H> few
                && other instanceof AddressBucket<H> others
                && few.size() + others.size() <= FEW) {
            return few.join(others);
        }
        return one
                ? new Branch<>(branch.high, branch.low, branch.bit, branch.zero, after)
                : new Branch<>(branch.high, branch.low, branch.bit, after, branch.one);
    }
}
