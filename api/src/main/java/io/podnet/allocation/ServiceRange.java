package io.podnet.allocation;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A service CIDR. Its lower part, the static band, is left to those who ask for an address, as long as the upper part
 * has room: Kubernetes' KEP-3070, keps/sig-network/3070-reserved-service-ip-range. The band has min(max(16, size/16),
 * 256) addresses. Neither the network address nor IPv4's broadcast address is a service's.
 *
 * @param cidr the network
 */
record ServiceRange(Cidr cidr) {
    private static final int BAND_MIN = 16;
    private static final int BAND_MAX = 256;
    private static final int BAND_SHARE = 16;

    private long addresses() {
        int hostBits = cidr.family().bits() - cidr.prefixLength();
        return hostBits >= 62 ? 1L << 62 : 1L << hostBits;
    }

    /** How many addresses services can have. */
    long usable() {
        return Math.max(0, addresses() - (cidr.family() == IpFamily.IPV4 ? 2 : 1));
    }

    /** How many of them, from the first, are the static band. */
    long band() {
        long size = addresses();
        return size <= BAND_MIN ? 0 : Math.min(Math.max(BAND_MIN, size / BAND_SHARE), BAND_MAX);
    }

    boolean offers(IpAddress ip) {
        return cidr.contains(ip) && ip.minus(cidr.network()) >= 1 && ip.minus(cidr.network()) <= usable();
    }

    /** A free address: a random one of the upper part, else of the band. */
    Optional<IpAddress> pick(Predicate<IpAddress> taken, RandomGenerator random) {
        return Picks.pick(band(), usable(), random, index -> taken.test(at(index)))
                .or(() -> Picks.pick(0, band(), random, index -> taken.test(at(index))))
                .map(this::at);
    }

    private IpAddress at(long index) {
        return cidr.network().plus(1 + index);
    }
}
