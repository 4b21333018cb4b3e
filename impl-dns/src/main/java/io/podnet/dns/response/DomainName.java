package io.podnet.dns.response;

import io.podnet.api.PodnetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A domain name in wire form (RFC 1035 section 3.1), lower case, without compression. Comparison of names ignores ASCII
 * case (RFC 4343), so equality here is DNS equality. Immutable and safe for any thread.
 */
public final class DomainName {
    /** Bytes that a name has at most, the root's length byte included. */
    public static final int MAX_LENGTH = 255;

    /** Bytes that a label has at most. */
    public static final int MAX_LABEL = 63;

    /** The root. */
    public static final DomainName ROOT = new DomainName(new byte[1]);

    private final byte[] wire;
    private final int hash;

    private DomainName(byte[] lowerCase) {
        this.wire = lowerCase;
        this.hash = WireNames.hash(lowerCase, 0, lowerCase.length);
    }

    /**
     * Makes a name of wire bytes that were checked before.
     *
     * @param message where it lies, without compression
     * @param from its first length byte
     * @param length its bytes, the root's length byte included
     * @return the name, in lower case
     */
    public static DomainName ofWire(byte[] message, int from, int length) {
        byte[] bytes = Arrays.copyOfRange(message, from, from + length);
        for (int i = 0; i < length; i++) {
            bytes[i] = WireNames.lower(bytes[i]);
        }
        return new DomainName(bytes);
    }

    /**
     * Parses a name of letters, digits, hyphens and underscores; no escapes.
     *
     * @param text for example {@code example.com}, with or without trailing dot; {@code .} is the root
     * @return the name
     * @throws PodnetException.Invalid where it is none
     */
    public static DomainName parse(String text) {
        if (text.equals(".")) {
            return ROOT;
        }
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (!name.matches("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*") || name.length() > MAX_LENGTH - 2) {
            throw new PodnetException.Invalid("'" + text + "' is no domain name: labels of 1 to 63 letters, digits,"
                    + " hyphens or underscores, 253 characters in all");
        }
        byte[] bytes = new byte[name.length() + 2];
        int at = 0;
        for (String label : name.split("\\.", -1)) {
            byte[] characters = label.getBytes(StandardCharsets.US_ASCII);
            bytes[at++] = (byte) characters.length;
            System.arraycopy(characters, 0, bytes, at, characters.length);
            at += characters.length;
        }
        return ofWire(bytes, 0, bytes.length);
    }

    /**
     * Gives the length.
     *
     * @return bytes in wire form, 1 to 255
     */
    public int length() {
        return wire.length;
    }

    /**
     * Gives a byte.
     *
     * @param index 0 to length - 1
     * @return the byte of the wire form
     */
    public byte at(int index) {
        return wire[index];
    }

    /**
     * Writes the wire form.
     *
     * @param to where to
     * @param at first index there
     */
    public void copyTo(byte[] to, int at) {
        System.arraycopy(wire, 0, to, at, wire.length);
    }

    /**
     * Tells whether this name is a zone's own or below it.
     *
     * @param zone the zone; everything is below the root
     * @return true where it is
     */
    public boolean isAtOrBelow(DomainName zone) {
        return isAtOrBelow(zone.wire, zone.wire.length);
    }

    /** The same for a zone's uncompressed wire form in any case. */
    boolean isAtOrBelow(byte[] zone, int zoneLength) {
        int from = wire.length - zoneLength;
        if (from < 0 || !WireNames.same(wire, from, zone, 0, zoneLength)) {
            return false;
        }
        int at = 0;
        while (at < from) {
            at += wire[at] + 1;
        }
        return at == from;
    }

    /**
     * Gives the name one label shorter.
     *
     * @return the parent; the root's is the root
     */
    public DomainName parent() {
        return wire.length == 1 ? this : ofWire(wire, wire[0] + 1, wire.length - wire[0] - 1);
    }

    /**
     * Counts the labels.
     *
     * @return how many, the root not counted; 0 for the root
     */
    public int labels() {
        int count = 0;
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            count++;
        }
        return count;
    }

    /**
     * Takes a zone off the end.
     *
     * @param zone a zone that this name is below
     * @return what is left, as an absolute name
     * @throws IllegalArgumentException where this name is not below the zone
     */
    public DomainName without(DomainName zone) {
        if (equals(zone) || !isAtOrBelow(zone)) {
            throw new IllegalArgumentException(this + " is not below " + zone);
        }
        byte[] bytes = Arrays.copyOf(wire, wire.length - zone.wire.length + 1);
        bytes[bytes.length - 1] = 0;
        return new DomainName(bytes);
    }

    /**
     * Tells whether a zone can be put behind this name.
     *
     * @param zone the zone
     * @return false where the result would be longer than {@link #MAX_LENGTH}
     */
    public boolean fitsBelow(DomainName zone) {
        return wire.length - 1 + zone.wire.length <= MAX_LENGTH;
    }

    /**
     * Puts a zone behind this name.
     *
     * @param zone the zone
     * @return the longer name
     * @throws IllegalArgumentException where it does not fit
     */
    public DomainName below(DomainName zone) {
        if (!fitsBelow(zone)) {
            throw new IllegalArgumentException(this + " below " + zone + " is longer than " + MAX_LENGTH + " bytes");
        }
        byte[] bytes = Arrays.copyOf(wire, wire.length - 1 + zone.wire.length);
        System.arraycopy(zone.wire, 0, bytes, wire.length - 1, zone.wire.length);
        return new DomainName(bytes);
    }

    /** Compares with an uncompressed wire form in any case. */
    boolean isSame(byte[] other, int length) {
        return length == wire.length && WireNames.same(wire, 0, other, 0, length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DomainName name && Arrays.equals(wire, name.wire);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /**
     * Writes the name.
     *
     * @return presentation format (RFC 1035 section 5.1) with trailing dot; other bytes than visible ASCII as {@code
     *     \DDD}
     */
    @Override
    public String toString() {
        if (wire.length == 1) {
            return ".";
        }
        StringBuilder text = new StringBuilder(wire.length);
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            for (int i = at + 1; i <= at + wire[at]; i++) {
                int value = wire[i] & 0xff;
                if (value <= ' ' || value >= 0x7f) {
                    text.append('\\').append((char) ('0' + value / 100));
                    text.append((char) ('0' + value / 10 % 10)).append((char) ('0' + value % 10));
                } else {
                    if (value == '.' || value == '\\') {
                        text.append('\\');
                    }
                    text.append((char) value);
                }
            }
            text.append('.');
        }
        return text.toString();
    }
}
