package io.podnet.overlay.address;

import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The cluster's addresses of one family, cut into blocks.
 *
 * @param range the addresses
 * @param blockLength the blocks' prefix length
 */
record BlockRange(AddressRange range, int blockLength) {
    /** A node looks at no more blocks than that for one that nobody has, so that no call is endless in an IPv6 range. */
    private static final long CANDIDATES = 65_536;

    BlockRange {
        int bits = range.subnet().family().bits();
        if (blockLength < range.subnet().prefixLength() || bits - blockLength > 12 || bits - blockLength < 2) {
            throw new PodnetException.Invalid("block size /" + blockLength + " does not fit " + range.subnet()
                    + ": between the network's prefix length and /" + (bits - 2) + ", and at most 4096 addresses");
        }
    }

    static BlockRange of(AddressRangeSet set, int blockLength) {
        if (set.ranges().size() != 1) {
            throw new PodnetException.Invalid("the Ipam 'cluster' takes one range of a family, not " + set.ranges());
        }
        return new BlockRange(set.ranges().get(0), blockLength);
    }

    IpFamily family() {
        return range.subnet().family();
    }

    private long blocks() {
        int bits = blockLength - range.subnet().prefixLength();
        return bits >= 62 ? Long.MAX_VALUE : 1L << bits;
    }

    private Cidr block(long number) {
        int hostBits = family().bits() - blockLength;
        IpAddress network = range.subnet().network();
        if (family() == IpFamily.IPV4) {
            return new Cidr(network.plus(number << hostBits), blockLength);
        }
        // At most 2^62 blocks of at most 2^12 addresses: the upper bits carry over into the address's upper half.
        IpAddress at = new IpAddress(IpFamily.IPV6, network.high() + (number >>> (64 - hostBits)), network.low());
        return new Cidr(at.plus(number << hostBits), blockLength);
    }

    /** Lists blocks from one that depends on the node, so that nodes seldom want the same. */
    Stream<Cidr> candidates(String node) {
        long count = blocks();
        long start = Math.floorMod(node.hashCode() * 0x9E3779B97F4A7C15L, Math.min(count, 1L << 40));
        return LongStream.range(0, Math.min(count, CANDIDATES))
                .mapToObj(i -> block((start + i) % count))
                .filter(block -> block.last().compareTo(range.rangeStart()) >= 0
                        && block.network().compareTo(range.rangeEnd()) <= 0);
    }

    Cidr blockOf(IpAddress address) {
        return new Cidr(address.masked(blockLength), blockLength);
    }

    boolean contains(IpAddress address) {
        return range.subnet().contains(address);
    }

    /** Tells whether an address may be given to a pod at all. */
    boolean handsOut(IpAddress address) {
        return range.subnet().contains(address)
                && address.compareTo(range.rangeStart()) >= 0
                && address.compareTo(range.rangeEnd()) <= 0
                && !address.equals(range.subnet().network())
                && (family() == IpFamily.IPV6 || !address.equals(range.subnet().last()))
                && !range.gateway().equals(Optional.of(address))
                && range.exclusions().stream().noneMatch(excluded -> excluded.contains(address));
    }

    Ipam.Assignment assignment(IpAddress address) {
        return new Ipam.Assignment(new InterfaceAddress(address, range.subnet().prefixLength()), range.gateway());
    }

    /** Counts what could ever be handed out; overlapping exclusions count twice. */
    long capacity() {
        long size = range.rangeEnd().minus(range.rangeStart());
        if (size == Long.MAX_VALUE) {
            return size;
        }
        size++;
        for (IpAddress special : specials()) {
            boolean inside = special.compareTo(range.rangeStart()) >= 0 && special.compareTo(range.rangeEnd()) <= 0;
            size -= inside ? 1 : 0;
        }
        for (Cidr excluded : range.exclusions()) {
            size -= Math.min(size, excluded.last().minus(excluded.network()) + 1);
        }
        return size;
    }

    private Set<IpAddress> specials() {
        Set<IpAddress> specials = new HashSet<>(Set.of(range.subnet().network()));
        range.gateway().ifPresent(specials::add);
        if (family() == IpFamily.IPV4) {
            specials.add(range.subnet().last());
        }
        return specials;
    }
}
