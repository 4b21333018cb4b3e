package io.podnet.dns.index;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable tree over addresses: who holds one, and whether any address has a prefix, which is what an empty
 * non-terminal of a reverse zone is. A PATRICIA tree (Morrison 1968) over 128 bits; an IPv4 address is the upper 32. A
 * change copies one path.
 *
 * @param <H> who holds an address
 */
final class AddressTree<H> {
    private sealed interface Node<H> {}

    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    private record Leaf<H>(long high, long low, H first, H @Nullable [] more) implements Node<H> {}

    /** The bits before {@code bit} are those of high and low; the bit itself chooses. */
    private record Branch<H>(long high, long low, int bit, Node<H> zero, Node<H> one) implements Node<H> {}

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

    private @Nullable Leaf<H> find(long high, long low) {
        Node<H> node = root;
        while (node instanceof Branch<H> branch) {
            node = bit(high, low, branch.bit) ? branch.one : branch.zero;
        }
        return node instanceof Leaf<H> leaf && leaf.high == high && leaf.low == low ? leaf : null;
    }

    /** Counts the holders of an address. */
    int holders(long high, long low) {
        Leaf<H> leaf = find(high, low);
        return leaf == null ? 0 : leaf.more == null ? 1 : 1 + leaf.more.length;
    }

    /** Gives a holder of an address that has more than {@code index} of them. */
    H holder(long high, long low, int index) {
        Leaf<H> leaf = find(high, low);
        if (leaf == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return index == 0 || leaf.more == null ? leaf.first : leaf.more[index - 1];
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
        return node instanceof Leaf<H> leaf && shared(high, low, leaf.high, leaf.low) >= bits;
    }

    AddressTree<H> with(IpAddress address, H holder) {
        return new AddressTree<>(with(root, high(address), low(address), holder));
    }

    private Node<H> with(@Nullable Node<H> node, long high, long low, H holder) {
        if (node == null) {
            return new Leaf<>(high, low, holder, null);
        }
        if (node instanceof Branch<H> branch) {
            int same = shared(high, low, branch.high, branch.low);
            if (same >= branch.bit) {
                return bit(high, low, branch.bit)
                        ? new Branch<>(
                                branch.high, branch.low, branch.bit, branch.zero, with(branch.one, high, low, holder))
                        : new Branch<>(
                                branch.high, branch.low, branch.bit, with(branch.zero, high, low, holder), branch.one);
            }
            return branchAt(same, high, low, new Leaf<>(high, low, holder, null), node);
        }
        Leaf<H> leaf = (Leaf<H>) node;
        int same = shared(high, low, leaf.high, leaf.low);
        return same == 128
                ? joined(leaf, holder)
                : branchAt(same, high, low, new Leaf<>(high, low, holder, null), node);
    }

    private static <H> Node<H> branchAt(int bit, long high, long low, Node<H> mine, Node<H> other) {
        return bit(high, low, bit)
                ? new Branch<>(high, low, bit, other, mine)
                : new Branch<>(high, low, bit, mine, other);
    }

    @SuppressWarnings("unchecked")
    private static <H> Node<H> joined(Leaf<H> leaf, H holder) {
        if (leaf.first.equals(holder)
                || (leaf.more != null && Arrays.asList(leaf.more).contains(holder))) {
            return leaf;
        }
        H[] more = leaf.more == null ? (H[]) new Object[1] : Arrays.copyOf(leaf.more, leaf.more.length + 1);
        more[more.length - 1] = holder;
        return new Leaf<>(leaf.high, leaf.low, leaf.first, more);
    }

    AddressTree<H> without(IpAddress address, H holder) {
        return new AddressTree<>(root == null ? null : without(root, high(address), low(address), holder));
    }

    private @Nullable Node<H> without(Node<H> node, long high, long low, H holder) {
        if (node instanceof Branch<H> branch) {
            boolean one = bit(high, low, branch.bit);
            Node<H> before = one ? branch.one : branch.zero;
            Node<H> after = without(before, high, low, holder);
            if (after == before) {
                return node;
            }
            if (after == null) {
                return one ? branch.zero : branch.one;
            }
            return one
                    ? new Branch<>(branch.high, branch.low, branch.bit, branch.zero, after)
                    : new Branch<>(branch.high, branch.low, branch.bit, after, branch.one);
        }
        Leaf<H> leaf = (Leaf<H>) node;
        return leaf.high == high && leaf.low == low ? parted(leaf, holder) : leaf;
    }

    private static <H> @Nullable Node<H> parted(Leaf<H> leaf, H holder) {
        if (leaf.more == null) {
            return leaf.first.equals(holder) ? null : leaf;
        }
        H[] all = Arrays.copyOf(leaf.more, leaf.more.length + 1);
        all[all.length - 1] = leaf.first;
        Object[] rest = Arrays.stream(all).filter(one -> !one.equals(holder)).toArray();
        if (rest.length == all.length) {
            return leaf;
        }
        @SuppressWarnings("unchecked")
        H[] kept = (H[]) rest;
        return new Leaf<>(
                leaf.high, leaf.low, kept[0], kept.length == 1 ? null : Arrays.copyOfRange(kept, 1, kept.length));
    }
}
