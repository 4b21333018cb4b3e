package io.podnet.overlay.subnet;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The subnets of one family that nodes may lease, as flannel's {@code Network} and {@code SubnetLen}.
 *
 * @param network the cluster's network
 * @param subnetLength the subnets' prefix length
 */
public record SubnetRange(Cidr network, int subnetLength) {
    private static final int CANDIDATES = 65_536;

    public SubnetRange {
        Objects.requireNonNull(network, "network");
        if (subnetLength <= network.prefixLength()
                || subnetLength > network.family().bits() - 2
                || subnetLength - network.prefixLength() > 40) {
            throw new PodnetException.Invalid("subnets of /" + subnetLength + " do not fit " + network + ": from /"
                    + (network.prefixLength() + 1) + " to /"
                    + Math.min(network.family().bits() - 2, network.prefixLength() + 40));
        }
    }

    /**
     * Gives the family.
     *
     * @return the network's
     */
    public IpFamily family() {
        return network.family();
    }

    /**
     * Tells whether a subnet could be leased from this range.
     *
     * @param subnet a network
     * @return true where it is one of the range's subnets
     */
    public boolean has(Cidr subnet) {
        return subnet.prefixLength() == subnetLength && network.contains(subnet.network());
    }

    /** Lists subnets that overlap none that is taken, from one that depends on the node, so that nodes seldom want the same. */
    Stream<Cidr> candidates(String node, Collection<Cidr> taken) {
        long count = 1L << (subnetLength - network.prefixLength());
        long start = Math.floorMod(node.hashCode() * 0x9E3779B97F4A7C15L, count);
        return LongStream.range(0, Math.min(count, CANDIDATES))
                .mapToObj(i -> subnet((start + i) % count))
                .filter(subnet -> taken.stream().noneMatch(subnet::overlaps));
    }

    private Cidr subnet(long number) {
        int hostBits = family().bits() - subnetLength;
        IpAddress base = network.network();
        if (family() == IpFamily.IPV4) {
            return new Cidr(base.plus(number << hostBits), subnetLength);
        }
        long high = hostBits >= 64 ? number << (hostBits - 64) : hostBits == 0 ? 0 : number >>> (64 - hostBits);
        long low = hostBits >= 64 ? 0 : number << hostBits;
        return new Cidr(new IpAddress(IpFamily.IPV6, base.high() | high, base.low() | low), subnetLength);
    }
}
