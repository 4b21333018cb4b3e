package io.podnet.api;

import java.util.Objects;

/** Text forms of addresses: dotted decimal, and RFC 4291 section 2.2 read with RFC 5952 written. */
final class IpAddressText {
    private IpAddressText() {}

    static IpAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        // 45 characters hold the longest form, a full IPv6 address that ends in dotted decimal.
        if (text.isEmpty() || text.length() > 45) {
            throw invalid(text);
        }
        return text.indexOf(':') >= 0 ? parseIpv6(text) : new IpAddress(IpFamily.IPV4, 0, parseIpv4(text, text));
    }

    private static PodnetException.Invalid invalid(String text) {
        String shown = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return new PodnetException.Invalid(
                "'" + shown + "' is not an IP address; write it like 10.244.1.5 or fd00:10:244::5");
    }

    private static long parseIpv4(String part, String whole) {
        String[] numbers = part.split("\\.", -1);
        if (numbers.length != 4) {
            throw invalid(whole);
        }
        long value = 0;
        for (String number : numbers) {
            value = value << 8 | octet(number, whole);
        }
        return value;
    }

    private static int octet(String number, String whole) {
        int length = number.length();
        if (length == 0 || length > 3 || (length > 1 && number.charAt(0) == '0')) {
            throw invalid(whole);
        }
        int value = 0;
        for (int i = 0; i < length; i++) {
            char c = number.charAt(i);
            if (c < '0' || c > '9') {
                throw invalid(whole);
            }
            value = value * 10 + (c - '0');
        }
        if (value > 255) {
            throw invalid(whole);
        }
        return value;
    }

    private static IpAddress parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            throw invalid(text);
        }
        int[] words = new int[8];
        if (gap < 0) {
            if (groups(text, text, true, words) != 8) {
                throw invalid(text);
            }
        } else {
            int before = groups(text.substring(0, gap), text, false, words);
            int[] tail = new int[8];
            int after = groups(text.substring(gap + 2), text, true, tail);
            if (before + after > 7) {
                throw invalid(text);
            }
            System.arraycopy(tail, 0, words, 8 - after, after);
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | words[i];
            low = low << 16 | words[i + 4];
        }
        return new IpAddress(IpFamily.IPV6, high, low);
    }

    private static int groups(String part, String whole, boolean atEnd, int[] into) {
        if (part.isEmpty()) {
            return 0;
        }
        int count = 0;
        String[] groups = part.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            // Dotted decimal may stand only at the very end.
            boolean dotted = atEnd && i == groups.length - 1 && groups[i].indexOf('.') >= 0;
            if (count + (dotted ? 2 : 1) > 8) {
                throw invalid(whole);
            }
            if (dotted) {
                long ipv4 = parseIpv4(groups[i], whole);
                into[count++] = (int) (ipv4 >>> 16);
                into[count++] = (int) (ipv4 & 0xffff);
            } else {
                into[count++] = group(groups[i], whole);
            }
        }
        return count;
    }

    private static int group(String digits, String whole) {
        if (digits.isEmpty() || digits.length() > 4) {
            throw invalid(whole);
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            // Character.digit would take other scripts' digits as well.
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw invalid(whole);
            }
            value = value << 4 | digit;
        }
        return value;
    }

    static String format(IpAddress address) {
        return address.family() == IpFamily.IPV4 ? formatIpv4(address.low()) : formatIpv6(address);
    }

    private static String formatIpv4(long value) {
        return (value >>> 24) + "." + (value >>> 16 & 255) + "." + (value >>> 8 & 255) + "." + (value & 255);
    }

    private static String formatIpv6(IpAddress address) {
        int[] words = new int[8];
        for (int i = 0; i < 4; i++) {
            words[i] = (int) (address.high() >>> (48 - 16 * i) & 0xffff);
            words[i + 4] = (int) (address.low() >>> (48 - 16 * i) & 0xffff);
        }
        // RFC 5952 section 4.3 and 5: an IPv4-mapped address ends in dotted decimal.
        if (address.high() == 0 && address.low() >>> 32 == 0xffff) {
            return "::ffff:" + formatIpv4(address.low() & 0xffff_ffffL);
        }
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && words[end] == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gapStart = i;
                gapLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(words[i]));
        }
        return text.toString();
    }
}
