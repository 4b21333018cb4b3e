package io.podnet.dns.response;

import io.podnet.dns.wire.NameReader;
import io.podnet.dns.wire.WireName;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A domain name as a value: small letters, so that equality is DNS equality (RFC 4343). Immutable and safe for any
 * thread.
 */
public final class DomainName {
    private static final int SEED = new SecureRandom().nextInt();

    /** The root. */
    public static final DomainName ROOT = new DomainName(new byte[1]);

    private final byte[] octets;
    private final int hash;

    private DomainName(byte[] octets) {
        this.octets = octets;
        this.hash = hash(octets, octets.length);
    }

    /**
     * Takes over octets that were checked before.
     *
     * @param octets a name without pointers, small letters, as {@link WireName} makes them; nobody changes them afterwards
     * @return the name
     */
    public static DomainName of(byte[] octets) {
        return new DomainName(octets);
    }

    /**
     * Copies a name that was just read.
     *
     * @param reader a reader that has read small letters
     * @return the name
     */
    public static DomainName of(NameReader reader) {
        return new DomainName(reader.copy());
    }

    /**
     * Parses a name.
     *
     * @param text as {@link WireName#of} takes it
     * @return the name
     * @throws io.podnet.api.PodnetException.Invalid where it is none
     */
    public static DomainName parse(String text) {
        return new DomainName(WireName.of(text));
    }

    /** Seeded and mixed, so that nobody outside can choose names that fall on each other. */
    static int hash(byte[] name, int length) {
        int hash = SEED;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ name[i]) * 0x01000193;
            hash ^= hash >>> 13;
        }
        return hash;
    }

    /**
     * Gives the length.
     *
     * @return octets in a message, 1 to 255
     */
    public int length() {
        return octets.length;
    }

    /**
     * Gives the octets.
     *
     * @return a copy, in the form of {@link WireName}
     */
    public byte[] toBytes() {
        return octets.clone();
    }

    /**
     * Writes the name.
     *
     * @param to where to
     * @param at first index there
     */
    public void copyTo(byte[] to, int at) {
        System.arraycopy(octets, 0, to, at, octets.length);
    }

    byte[] octets() {
        return octets;
    }

    /**
     * Tells whether this name is a zone's own or below it.
     *
     * @param zone the zone; everything is below the root
     * @return true where it is
     */
    public boolean isAtOrBelow(DomainName zone) {
        return isAtOrBelow(zone.octets, zone.octets.length);
    }

    boolean isAtOrBelow(byte[] zone, int length) {
        int from = octets.length - length;
        if (from < 0 || !Arrays.equals(octets, from, octets.length, zone, 0, length)) {
            return false;
        }
        int at = 0;
        while (at < from) {
            at += octets[at] + 1;
        }
        return at == from;
    }

    boolean isSame(byte[] other, int length) {
        return length == octets.length && Arrays.equals(octets, 0, length, other, 0, length);
    }

    /**
     * Gives the name one label shorter.
     *
     * @return the parent; the root's is the root
     */
    public DomainName parent() {
        return octets.length == 1 ? this : new DomainName(Arrays.copyOfRange(octets, octets[0] + 1, octets.length));
    }

    /**
     * Takes labels off the front.
     *
     * @param labels how many stay, 0 to {@link #labels()}
     * @return the end of this name
     */
    public DomainName last(int labels) {
        int at = 0;
        for (int left = labels(); left > labels; left--) {
            at += octets[at] + 1;
        }
        return at == 0 ? this : new DomainName(Arrays.copyOfRange(octets, at, octets.length));
    }

    /**
     * Counts the labels.
     *
     * @return how many, the root not counted; 0 for the root
     */
    public int labels() {
        int count = 0;
        for (int at = 0; octets[at] != 0; at += octets[at] + 1) {
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
        byte[] left = Arrays.copyOf(octets, octets.length - zone.octets.length + 1);
        left[left.length - 1] = 0;
        return new DomainName(left);
    }

    /**
     * Tells whether a zone can be put behind this name.
     *
     * @param zone the zone
     * @return false where the result would be longer than a name may be
     */
    public boolean fitsBelow(DomainName zone) {
        return octets.length - 1 + zone.octets.length <= NameReader.MAX_NAME;
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
            throw new IllegalArgumentException(this + " below " + zone + " is longer than a name may be");
        }
        byte[] all = Arrays.copyOf(octets, octets.length - 1 + zone.octets.length);
        System.arraycopy(zone.octets, 0, all, octets.length - 1, zone.octets.length);
        return new DomainName(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DomainName name && Arrays.equals(octets, name.octets);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /**
     * Writes the name.
     *
     * @return its text with trailing dot (RFC 1035 section 5.1)
     */
    @Override
    public String toString() {
        return WireName.text(octets, 0);
    }
}
