package io.podnet.dns.wire;

import io.podnet.api.PodnetException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names between text (RFC 1035 section 5.1) and the form that messages have. Stateless. */
public final class WireName {
    private WireName() {}

    /**
     * Makes a name of its text, letters made small.
     *
     * @param text an absolute name with or without trailing dot, {@code .} for the root; {@code \.} and {@code \DDD}
     *     escape
     * @return the name with its lengths and the root's zero, 1 to 255 octets
     * @throws PodnetException.Invalid where a label is empty or longer than 63 octets, or the name longer than 255
     */
    public static byte[] of(String text) {
        return parse(text, true);
    }

    /**
     * Makes a name of its text, as it stands.
     *
     * @param text as in {@link #of(String)}
     * @return the name
     * @throws PodnetException.Invalid as in {@link #of(String)}
     */
    public static byte[] asIs(String text) {
        return parse(text, false);
    }

    private static byte[] parse(String text, boolean small) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        ByteArrayOutputStream label = new ByteArrayOutputStream();
        int length = text.length();
        if (text.equals(".")) {
            return new byte[1];
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                append(name, label, text);
            } else if (c == '\\'
                    && i + 3 < length
                    && isDigit(text, i + 1)
                    && isDigit(text, i + 2)
                    && isDigit(text, i + 3)) {
                label.write(Integer.parseInt(text.substring(i + 1, i + 4)));
                i += 3;
            } else if (c == '\\' && i + 1 < length) {
                label.write(text.charAt(++i));
            } else if (c > 126 || c <= ' ') {
                throw new PodnetException.Invalid("'" + shown(text) + "' is not a domain name: printable ASCII only");
            } else {
                label.write(small && c >= 'A' && c <= 'Z' ? c + 32 : c);
            }
        }
        if (label.size() > 0) {
            append(name, label, text);
        }
        if (name.size() == 0 || name.size() >= NameReader.MAX_NAME) {
            throw new PodnetException.Invalid(
                    "'" + shown(text) + "' is not a domain name: it has 1 to 255 octets in a message");
        }
        name.write(0);
        return name.toByteArray();
    }

    private static boolean isDigit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static void append(ByteArrayOutputStream name, ByteArrayOutputStream label, String text) {
        if (label.size() == 0 || label.size() > NameReader.MAX_LABEL) {
            throw new PodnetException.Invalid("'" + shown(text)
                    + "' is not a domain name: a label has 1 to 63 octets, one here has " + label.size());
        }
        name.write(label.size());
        name.writeBytes(label.toByteArray());
        label.reset();
    }

    /**
     * Makes the octets of labels, without the root's zero.
     *
     * @param labels labels of 1 to 63 ASCII characters
     * @return their lengths and octets, in that order
     */
    public static byte[] labels(String... labels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : labels) {
            byte[] octets = label.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            if (octets.length == 0 || octets.length > NameReader.MAX_LABEL) {
                throw new PodnetException.Invalid("'" + shown(label) + "' is not a label of 1 to 63 octets");
            }
            out.write(octets.length);
            out.writeBytes(octets);
        }
        return out.toByteArray();
    }

    /**
     * Writes a name as text.
     *
     * @param name a name without pointers
     * @param offset of its first length octet
     * @return the name with its trailing dot, special characters escaped
     */
    public static String text(byte[] name, int offset) {
        StringBuilder text = new StringBuilder(64);
        int at = offset;
        while (name[at] != 0) {
            int length = name[at++] & 0xff;
            for (int i = 0; i < length; i++) {
                int octet = name[at++] & 0xff;
                if (octet <= ' ' || octet > 126) {
                    text.append('\\').append((char) ('0' + octet / 100)).append((char) ('0' + octet / 10 % 10));
                    text.append((char) ('0' + octet % 10));
                } else {
                    if (".\\\"();@$".indexOf(octet) >= 0) {
                        text.append('\\');
                    }
                    text.append((char) octet);
                }
            }
            text.append('.');
        }
        return text.length() == 0 ? "." : text.toString();
    }

    /**
     * Compares octets without regard to the case of ASCII letters (RFC 4343).
     *
     * @param a one array
     * @param aFrom where to begin in it
     * @param b the other array
     * @param bFrom where to begin in it
     * @param count how many octets
     * @return true where they are the same
     */
    public static boolean same(byte[] a, int aFrom, byte[] b, int bFrom, int count) {
        for (int i = 0; i < count; i++) {
            int x = a[aFrom + i];
            int y = b[bFrom + i];
            if (x != y && ((x ^ y) != 0x20 || (x | 0x20) < 'a' || (x | 0x20) > 'z')) {
                return false;
            }
        }
        return true;
    }

    private static String shown(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() > 80 ? printable.substring(0, 80) + "..." : printable;
    }
}
