package io.podnet.dns.wire;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record's data between presentation format (RFC 1035 section 5.1, RFC 3597 section 5) and octets. Stateless. */
public final class DataText {
    private DataText() {}

    /**
     * Reads data.
     *
     * @param type the record's type
     * @param text its presentation format; {@code \# LENGTH HEX} for any type
     * @return the octets, names written out
     * @throws PodnetException.Invalid where the text is no data of the type
     */
    public static byte[] parse(int type, String text) {
        List<String> words = words(text);
        try {
            if (!words.isEmpty() && words.get(0).equals("\\#")) {
                byte[] octets = HexFormat.of().parseHex(String.join("", words.subList(2, words.size())));
                require(octets.length == Integer.parseInt(words.get(1)), type, text);
                return octets;
            }
            return parse(type, text, words);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new PodnetException.Invalid(message(type, text), e);
        }
    }

    private static byte[] parse(int type, String text, List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int used = words.size();
        switch (type) {
            case RecordType.A, RecordType.AAAA -> {
                out.writeBytes(IpAddress.parse(words.get(0)).toBytes());
                require(out.size() == (type == RecordType.A ? 4 : 16), type, text);
                used = 1;
            }
            case RecordType.CNAME, RecordType.NS, RecordType.PTR, RecordType.DNAME -> {
                out.writeBytes(WireName.asIs(words.get(0)));
                used = 1;
            }
            case RecordType.MX -> {
                number(out, words.get(0));
                out.writeBytes(WireName.asIs(words.get(1)));
                used = 2;
            }
            case RecordType.SRV -> {
                number(out, words.get(0));
                number(out, words.get(1));
                number(out, words.get(2));
                out.writeBytes(WireName.asIs(words.get(3)));
                used = 4;
            }
            case RecordType.TXT -> {
                require(!words.isEmpty(), type, text);
                for (String word : words) {
                    byte[] octets = word.getBytes(StandardCharsets.UTF_8);
                    require(octets.length < 256, type, text);
                    out.write(octets.length);
                    out.writeBytes(octets);
                }
            }
            default ->
                throw new PodnetException.Invalid(
                        "data of " + RecordType.mnemonic(type) + " is taken as \\# LENGTH HEX only (RFC 3597)");
        }
        require(used == words.size(), type, text);
        return out.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, String word) {
        int value = Integer.parseInt(word);
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException(word + " is not in 0..65535");
        }
        out.write(value >>> 8);
        out.write(value);
    }

    private static void require(boolean holds, int type, String text) {
        if (!holds) {
            throw new PodnetException.Invalid(message(type, text));
        }
    }

    private static String message(int type, String text) {
        return "'" + text.replaceAll("[^ -~]", "?") + "' is no data of a record " + RecordType.mnemonic(type);
    }

    /** Words apart by blanks; a quoted one may hold blanks. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                begun = true;
            } else if (c == '\\' && quoted && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if ((c == ' ' || c == '\t') && !quoted) {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    /**
     * Writes the data of the record that a walk stands at.
     *
     * @param message the message
     * @param walker the walk
     * @return the presentation format, or {@code \# LENGTH HEX} for a type that is not known here, or contradicts itself
     */
    public static String format(byte[] message, ResponseWalker walker) {
        int at = walker.dataOffset();
        int length = walker.dataLength();
        String known = length == 0 ? null : known(message, walker, at, length);
        return known != null ? known : "\\# " + length + " " + HexFormat.of().formatHex(message, at, at + length);
    }

    private static @Nullable String known(byte[] message, ResponseWalker walker, int at, int length) {
        switch (walker.type()) {
            case RecordType.A, RecordType.AAAA -> {
                return length == (walker.type() == RecordType.A ? 4 : 16)
                        ? IpAddress.of(Arrays.copyOfRange(message, at, at + length))
                                .toString()
                        : null;
            }
            case RecordType.CNAME, RecordType.NS, RecordType.PTR, RecordType.DNAME -> {
                return name(message, at, walker.limit());
            }
            case RecordType.MX -> {
                return numbersAndName(message, at, 1, walker.limit());
            }
            case RecordType.SRV -> {
                return numbersAndName(message, at, 3, walker.limit());
            }
            case RecordType.SOA -> {
                return soa(message, at, walker.limit());
            }
            case RecordType.TXT, RecordType.HINFO -> {
                return strings(message, at, at + length);
            }
            default -> {
                return null;
            }
        }
    }

    private static @Nullable String name(byte[] message, int at, int limit) {
        NameReader reader = new NameReader();
        return reader.readAsIs(message, at, limit) ? WireName.text(reader.bytes(), 0) : null;
    }

    private static @Nullable String numbersAndName(byte[] message, int at, int numbers, int limit) {
        String name = at + 2 * numbers < limit ? name(message, at + 2 * numbers, limit) : null;
        StringBuilder text = new StringBuilder();
        for (int i = 0; name != null && i < numbers; i++) {
            text.append(Octets.u16(message, at + 2 * i)).append(' ');
        }
        return name == null ? null : text + name;
    }

    private static @Nullable String soa(byte[] message, int at, int limit) {
        NameReader reader = new NameReader();
        if (!reader.readAsIs(message, at, limit)) {
            return null;
        }
        StringBuilder text = new StringBuilder(WireName.text(reader.bytes(), 0));
        if (!reader.readAsIs(message, reader.end(), limit) || reader.end() + 20 > limit) {
            return null;
        }
        text.append(' ').append(WireName.text(reader.bytes(), 0));
        for (int i = 0; i < 5; i++) {
            text.append(' ').append(Octets.u32(message, reader.end() + 4 * i));
        }
        return text.toString();
    }

    private static @Nullable String strings(byte[] message, int from, int to) {
        StringBuilder text = new StringBuilder();
        int at = from;
        while (at < to) {
            int length = message[at++] & 0xff;
            if (at + length > to) {
                return null;
            }
            text.append(text.length() == 0 ? "\"" : " \"");
            for (int i = 0; i < length; i++) {
                char c = (char) (message[at++] & 0xff);
                if (c == '"' || c == '\\') {
                    text.append('\\');
                }
                text.append(c);
            }
            text.append('"');
        }
        return text.toString();
    }
}
