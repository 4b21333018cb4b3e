package io.podnet.dns.index;

import io.podnet.api.IpAddress;
import io.podnet.dns.wire.WireName;
import java.util.Arrays;

/**
 * Addresses as labels: dots and colons become dashes, as CoreDNS has them. Exactly three dashes and no two together are
 * IPv4, all else is IPv6. Reading costs no garbage; reused, for one thread at a time.
 */
final class DashedAddress {
    private static final int LONGEST_FOUR = 15;

    private final int[] groups = new int[8];
    private long high;
    private long low;
    private int family;

    /** Makes the label of an address's 4 or 16 octets, its length first. */
    static byte[] label(byte[] address) {
        return address.length == 4
                ? four(address)
                : WireName.labels(
                        IpAddress.of(address).toString().replace('.', '-').replace(':', '-'));
    }

    // Octet by octet: with the text's way through strings the compiler takes 15 MiB for what loads a hundred thousand.
    private static byte[] four(byte[] address) {
        byte[] label = new byte[1 + LONGEST_FOUR];
        int end = 1;
        for (int i = 0; i < address.length; i++) {
            int octet = address[i] & 0xff;
            if (i > 0) {
                label[end++] = '-';
            }
            if (octet >= 100) {
                label[end++] = (byte) ('0' + octet / 100);
            }
            if (octet >= 10) {
                label[end++] = (byte) ('0' + octet / 10 % 10);
            }
            label[end++] = (byte) ('0' + octet % 10);
        }
        label[0] = (byte) (end - 1);
        return Arrays.copyOf(label, end);
    }

    /** Reads a label's octets; false where they are no address. */
    boolean read(byte[] name, int from, int length) {
        int dashes = 0;
        boolean twoTogether = false;
        for (int i = from; i < from + length; i++) {
            if (name[i] == '-') {
                dashes++;
                twoTogether |= i > from && name[i - 1] == '-';
            }
        }
        return (dashes == 3 && !twoTogether) ? readFour(name, from, length) : readSix(name, from, length);
    }

    private boolean readFour(byte[] name, int from, int length) {
        long value = 0;
        int octet = -1;
        int digits = 0;
        for (int i = from; i <= from + length; i++) {
            if (i == from + length || name[i] == '-') {
                if (octet < 0 || octet > 255) {
                    return false;
                }
                value = (value << 8) | octet;
                octet = -1;
                digits = 0;
            } else {
                int digit = name[i] - '0';
                // A leading zero is another spelling, so another name.
                if (digit < 0 || digit > 9 || octet == 0 || ++digits > 3) {
                    return false;
                }
                octet = Math.max(octet, 0) * 10 + digit;
            }
        }
        family = 4;
        high = value << 32;
        low = 0;
        return true;
    }

    private boolean readSix(byte[] name, int from, int length) {
        int end = from + length;
        int count = 0;
        int gap = -1;
        int at = from;
        if (length >= 2 && name[from] == '-' && name[from + 1] == '-') {
            gap = 0;
            at += 2;
        }
        while (at < end) {
            int start = at;
            int value = 0;
            while (at < end && name[at] != '-') {
                int digit = Character.digit(name[at++], 16);
                if (digit < 0) {
                    return false;
                }
                value = (value << 4) | digit;
            }
            if (at == start || at - start > 4 || count == 8) {
                return false;
            }
            groups[count++] = value;
            if (at < end) {
                at++;
                if (at == end) {
                    return false;
                }
                if (name[at] == '-') {
                    if (gap >= 0) {
                        return false;
                    }
                    gap = count;
                    at++;
                }
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return false;
        }
        family = 16;
        high = 0;
        low = 0;
        for (int i = 0; i < 8; i++) {
            int from8 = gap < 0 || i < gap ? i : i - (8 - count);
            int group = gap >= 0 && i >= gap && i < gap + 8 - count ? 0 : groups[from8];
            if (i < 4) {
                high = (high << 16) | group;
            } else {
                low = (low << 16) | group;
            }
        }
        return true;
    }

    /** The octets of an address: 4 or 16. */
    int family() {
        return family;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }
}
