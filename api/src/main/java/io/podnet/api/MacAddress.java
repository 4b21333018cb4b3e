package io.podnet.api;

import java.util.Locale;

/**
 * An Ethernet address (IEEE 802 EUI-48).
 *
 * @param bits the 48 bits, first octet uppermost; 0 to 2^48-1
 */
@API(status = API.Status.STABLE, since = "0.1")
public record MacAddress(long bits) {

    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new PodnetException.Invalid("a MAC address has 48 bits");
        }
    }

    /**
     * Makes a unicast, locally administered address of any number: the two lowest bits of the first octet say so.
     *
     * @param seed any number; equal seeds give equal addresses
     * @return an address that no manufacturer assigned
     */
    public static MacAddress locallyAdministered(long seed) {
        return new MacAddress((seed & 0xfcff_ffff_ffffL) | 0x0200_0000_0000L);
    }

    /**
     * Parses an address.
     *
     * @param text six hexadecimal octets with colons
     * @return the address
     * @throws PodnetException.Invalid where the text is none
     */
    public static MacAddress parse(String text) {
        if (!text.matches("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")) {
            throw new PodnetException.Invalid("'" + text + "' is not a MAC address; write it like 02:42:0a:f4:01:05");
        }
        return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
    }

    /**
     * Makes an address of its octets.
     *
     * @param octets 6 bytes
     * @return the address
     */
    public static MacAddress of(byte[] octets) {
        if (octets.length != 6) {
            throw new PodnetException.Invalid("a MAC address has 6 octets, not " + octets.length);
        }
        long bits = 0;
        for (byte octet : octets) {
            bits = bits << 8 | (octet & 0xff);
        }
        return new MacAddress(bits);
    }

    /**
     * Gives the octets.
     *
     * @return 6 bytes, a new array
     */
    public byte[] toBytes() {
        byte[] octets = new byte[6];
        for (int i = 0; i < 6; i++) {
            octets[i] = (byte) (bits >>> (40 - 8 * i));
        }
        return octets;
    }

    /**
     * Makes the link-local address that the MAC address gives an interface.
     *
     * @return an address in fe80::/64, by RFC 4291 appendix A
     */
    public IpAddress linkLocal() {
        long upper = (bits >>> 24) ^ 0x02_0000L;
        long identifier = upper << 40 | 0xff_fe00_0000L | (bits & 0xff_ffffL);
        return new IpAddress(IpFamily.IPV6, 0xfe80L << 48, identifier);
    }

    /**
     * Writes the address.
     *
     * @return six lower-case hexadecimal octets with colons
     */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%02x:%02x:%02x:%02x:%02x:%02x",
                bits >>> 40,
                bits >>> 32 & 255,
                bits >>> 24 & 255,
                bits >>> 16 & 255,
                bits >>> 8 & 255,
                bits & 255);
    }
}
