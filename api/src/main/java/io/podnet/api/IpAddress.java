package io.podnet.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * An IPv4 or IPv6 address without zone. Unlike {@link InetAddress} it never resolves a name, parses strictly (RFC 5952
 * text for IPv6, four decimal numbers without leading zeros for IPv4), and IPv4-mapped IPv6 stays IPv6.
 *
 * @param family the family, never null
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address; the 32 bits of an IPv4 address, unsigned
 */
@API(status = API.Status.STABLE, since = "0.1")
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {

    public IpAddress {
        Objects.requireNonNull(family, "family");
        if (family == IpFamily.IPV4 && (high != 0 || low < 0 || low > 0xffff_ffffL)) {
            throw new PodnetException.Invalid("an IPv4 address has 32 bits");
        }
    }

    /**
     * Makes an address of its bytes.
     *
     * @param bytes 4 or 16 bytes in network order
     * @return the address
     * @throws PodnetException.Invalid for any other length
     */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length == 4) {
            return new IpAddress(IpFamily.IPV4, 0, word(bytes, 0, 4));
        }
        if (bytes.length == 16) {
            return new IpAddress(IpFamily.IPV6, word(bytes, 0, 8), word(bytes, 8, 8));
        }
        throw new PodnetException.Invalid("an IP address has 4 or 16 bytes, not " + bytes.length);
    }

    private static long word(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | (bytes[from + i] & 0xff);
        }
        return value;
    }

    /**
     * Parses an address.
     *
     * @param text for example {@code 10.244.1.5} or {@code fd00::5}; no zone, no brackets, no name
     * @return the address
     * @throws PodnetException.Invalid where the text is no address
     */
    public static IpAddress parse(String text) {
        return IpAddressText.parse(text);
    }

    /**
     * Gives the bytes.
     *
     * @return 4 or 16 bytes in network order, a new array
     */
    public byte[] toBytes() {
        byte[] bytes = new byte[family.bits() / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[bytes.length - 1 - i] = (byte) (i < 8 ? low >>> (8 * i) : high >>> (8 * (i - 8)));
        }
        return bytes;
    }

    /**
     * Converts for java.net. No name is looked up.
     *
     * @return the same address; IPv4-mapped IPv6 stays IPv6
     */
    public InetAddress toInetAddress() {
        try {
            return family == IpFamily.IPV4
                    ? InetAddress.getByAddress(toBytes())
                    : Inet6Address.getByAddress(null, toBytes(), -1);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 or 16 bytes are always an address", impossible);
        }
    }

    /**
     * Adds to the address.
     *
     * @param offset how many addresses further, 0 or more
     * @return the address that many further; wraps at the family's end
     */
    public IpAddress plus(long offset) {
        if (family == IpFamily.IPV4) {
            return new IpAddress(family, 0, (low + offset) & 0xffff_ffffL);
        }
        long sum = low + offset;
        return new IpAddress(family, Long.compareUnsigned(sum, low) < 0 ? high + 1 : high, sum);
    }

    /**
     * Gives the distance from a lower address of the same family.
     *
     * @param lower the lower address
     * @return how many addresses further this one is; {@link Long#MAX_VALUE} where it does not fit
     */
    public long minus(IpAddress lower) {
        if (family != lower.family || compareTo(lower) < 0) {
            throw new PodnetException.Invalid(this + " does not come after " + lower);
        }
        long difference = low - lower.low;
        long upper = high - lower.high - (Long.compareUnsigned(low, lower.low) < 0 ? 1 : 0);
        return upper != 0 || difference < 0 ? Long.MAX_VALUE : difference;
    }

    /**
     * Clears the host bits.
     *
     * @param prefixLength bits to keep, 0 to the family's width
     * @return the network address
     */
    public IpAddress masked(int prefixLength) {
        if (family == IpFamily.IPV4) {
            return new IpAddress(family, 0, prefixLength == 0 ? 0 : low & (-1L << (32 - prefixLength)) & 0xffff_ffffL);
        }
        long highMask = prefixLength == 0 ? 0 : prefixLength >= 64 ? -1L : -1L << (64 - prefixLength);
        long lowMask = prefixLength <= 64 ? 0 : -1L << (128 - prefixLength);
        return new IpAddress(family, high & highMask, low & lowMask);
    }

    /**
     * Tells whether it is a loopback address (127.0.0.0/8 or ::1).
     *
     * @return true where it is
     */
    public boolean isLoopback() {
        return family == IpFamily.IPV4 ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    /**
     * Tells whether it is link-local (169.254.0.0/16 or fe80::/10).
     *
     * @return true where it is
     */
    public boolean isLinkLocal() {
        return family == IpFamily.IPV4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >>> 6;
    }

    /**
     * Tells whether it is multicast (224.0.0.0/4 or ff00::/8).
     *
     * @return true where it is
     */
    public boolean isMulticast() {
        return family == IpFamily.IPV4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /**
     * Tells whether it is the unspecified address (0.0.0.0 or ::).
     *
     * @return true where it is
     */
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /**
     * Writes the address.
     *
     * @return dotted decimal, or RFC 5952 text
     */
    @Override
    public String toString() {
        return IpAddressText.format(this);
    }
}
