package io.podnet.api;

import java.util.Objects;

/**
 * A network in CIDR notation (RFC 4632), without host bits: kubenet once printed its gateway's address as the subnet
 * and newer IPAM plugins refused it, so such a text is refused here with the network it probably meant.
 *
 * @param network the network address, all host bits zero, never null
 * @param prefixLength bits of the prefix, 0 to the family's width
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Cidr(IpAddress network, int prefixLength) {

    public Cidr {
        Objects.requireNonNull(network, "network");
        if (prefixLength < 0 || prefixLength > network.family().bits()) {
            throw new PodnetException.Invalid("prefix length " + prefixLength + " of " + network + " is not in 0.."
                    + network.family().bits());
        }
        IpAddress masked = network.masked(prefixLength);
        if (!masked.equals(network)) {
            throw new PodnetException.Invalid(
                    network + "/" + prefixLength + " has host bits set; the network is " + masked + "/" + prefixLength);
        }
    }

    /**
     * Parses a network.
     *
     * @param text for example {@code 10.244.1.0/24}
     * @return the network
     * @throws PodnetException.Invalid where the text is no network
     */
    public static Cidr parse(String text) {
        InterfaceAddress parsed = InterfaceAddress.parse(text);
        return new Cidr(parsed.address(), parsed.prefixLength());
    }

    /**
     * Gives the family.
     *
     * @return the network address's family
     */
    public IpFamily family() {
        return network.family();
    }

    /**
     * Tells whether an address lies inside.
     *
     * @param address any address
     * @return false for the other family
     */
    public boolean contains(IpAddress address) {
        return address.family() == family() && address.masked(prefixLength).equals(network);
    }

    /**
     * Tells whether two networks share an address.
     *
     * @param other any network
     * @return false for the other family
     */
    public boolean overlaps(Cidr other) {
        return prefixLength <= other.prefixLength ? contains(other.network) : other.contains(network);
    }

    /**
     * Gives the first usable address, which kubenet makes the gateway: network + 1.
     *
     * @return the address after the network address
     */
    public IpAddress gateway() {
        return network.plus(1);
    }

    /**
     * Gives the last address, the broadcast address in IPv4.
     *
     * @return the address with all host bits set
     */
    public IpAddress last() {
        int hostBits = family().bits() - prefixLength;
        if (family() == IpFamily.IPV4) {
            return network.plus((1L << hostBits) - 1);
        }
        long highBits = hostBits <= 64 ? 0 : hostBits == 128 ? -1L : (1L << (hostBits - 64)) - 1;
        long lowBits = hostBits >= 64 ? -1L : (1L << hostBits) - 1;
        return new IpAddress(IpFamily.IPV6, network.high() | highBits, network.low() | lowBits);
    }

    /**
     * Writes the network.
     *
     * @return for example {@code 10.244.1.0/24}
     */
    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }
}
