package io.podnet.api;

import java.util.Objects;

/**
 * An address with the length of its network's prefix, as an interface carries it.
 *
 * @param address the address, host bits included, never null
 * @param prefixLength bits of the prefix, 0 to the family's width
 */
@API(status = API.Status.STABLE, since = "0.1")
public record InterfaceAddress(IpAddress address, int prefixLength) {

    public InterfaceAddress {
        Objects.requireNonNull(address, "address");
        if (prefixLength < 0 || prefixLength > address.family().bits()) {
            throw new PodnetException.Invalid("prefix length " + prefixLength + " of " + address + " is not in 0.."
                    + address.family().bits());
        }
    }

    /**
     * Parses an address with prefix length.
     *
     * @param text for example {@code 10.244.1.5/24}
     * @return the address
     * @throws PodnetException.Invalid where the text is none
     */
    public static InterfaceAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new PodnetException.Invalid("'" + text + "' has no prefix length; write it like 10.244.1.0/24");
        }
        String length = text.substring(slash + 1);
        if (!length.matches("0|[1-9][0-9]{0,2}")) {
            throw new PodnetException.Invalid("'" + length + "' in '" + text + "' is not a prefix length");
        }
        return new InterfaceAddress(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
    }

    /**
     * Gives the network that the address lies in.
     *
     * @return the network, host bits cleared
     */
    public Cidr cidr() {
        return new Cidr(address.masked(prefixLength), prefixLength);
    }

    /**
     * Writes the address.
     *
     * @return for example {@code 10.244.1.5/24}
     */
    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
