package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Addresses to hand out: host-local's {@code Range} (containernetworking/plugins, plugins/ipam/host-local/backend).
 *
 * @param subnet the network; its prefix length goes onto the interfaces
 * @param rangeStart the first address to hand out, inside the subnet
 * @param rangeEnd the last address to hand out, inside the subnet
 * @param gateway the gateway, never handed out; empty for none
 * @param exclusions networks whose addresses are never handed out
 */
@API(status = API.Status.STABLE, since = "0.1")
public record AddressRange(
        Cidr subnet, IpAddress rangeStart, IpAddress rangeEnd, Optional<IpAddress> gateway, List<Cidr> exclusions) {
    /**
     * Unspecified, loopback, link-local, multicast and IPv4-mapped: the kernel takes no route by way of such a gateway, and
     * Kubernetes no such endpoint (ValidateEndpointIP).
     */
    private static final List<Cidr> NO_POD = Stream.of(
                    "0.0.0.0/8",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "224.0.0.0/4",
                    "::/127",
                    "::ffff:0:0/96",
                    "fe80::/10",
                    "ff00::/8")
            .map(Cidr::parse)
            .toList();

    public AddressRange {
        Objects.requireNonNull(subnet, "subnet");
        Objects.requireNonNull(gateway, "gateway");
        exclusions = List.copyOf(exclusions);
        if (subnet.family().bits() - subnet.prefixLength() < 2) {
            throw new PodnetException.Invalid(
                    "subnet " + subnet + " is too small to hand out addresses; it needs at least two host bits");
        }
        NO_POD.stream().filter(subnet::overlaps).findFirst().ifPresent(special -> {
            throw new PodnetException.Invalid("subnet " + subnet + " overlaps " + special
                    + ", whose addresses no pod can have; choose a private one, for example 10.244.1.0/24 or"
                    + " fd00:10:244:1::/64");
        });
        if (!subnet.contains(rangeStart) || !subnet.contains(rangeEnd) || rangeStart.compareTo(rangeEnd) > 0) {
            throw new PodnetException.Invalid(
                    "range " + rangeStart + "-" + rangeEnd + " is not an ascending range inside " + subnet);
        }
    }

    /**
     * Takes a whole subnet: the first address is the gateway, all others but the network and broadcast addresses are
     * handed out.
     *
     * @param subnet the subnet
     * @return the range
     * @throws PodnetException.Invalid where the subnet is too small
     */
    public static AddressRange of(Cidr subnet) {
        if (subnet.family().bits() - subnet.prefixLength() < 2) {
            throw new PodnetException.Invalid(
                    "pod CIDR " + subnet + " is too small for pods; it needs at least two host bits");
        }
        IpAddress last = subnet.last();
        IpAddress end =
                subnet.family() == IpFamily.IPV4 ? new IpAddress(last.family(), last.high(), last.low() - 1) : last;
        return new AddressRange(subnet, subnet.gateway(), end, Optional.of(subnet.gateway()), List.of());
    }

    /**
     * Tells whether both could hand out the same address.
     *
     * @param other another range
     * @return true where they share an address
     */
    public boolean overlaps(AddressRange other) {
        return subnet.family() == other.subnet.family()
                && rangeStart.compareTo(other.rangeEnd) <= 0
                && other.rangeStart.compareTo(rangeEnd) <= 0;
    }

    /**
     * Writes the range.
     *
     * @return for example {@code 10.244.1.1-10.244.1.254}
     */
    @Override
    public String toString() {
        return rangeStart + "-" + rangeEnd;
    }
}
