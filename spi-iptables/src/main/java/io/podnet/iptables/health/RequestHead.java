package io.podnet.iptables.health;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What an HTTP request asks for, as far as its head has come. The path does not matter, nor do the header fields. */
enum RequestHead {
    /** The empty line that ends it has not come. */
    UNFINISHED,
    /** GET. */
    GET,
    /** HEAD: an answer without its body. */
    HEAD,
    /** A method that asks for something else. */
    OTHER_METHOD,
    /** No HTTP/1 request. */
    MALFORMED,
    /** Longer than the buffer. */
    TOO_LARGE;

    private static final Pattern REQUEST_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) [\\x21-\\x7e]+ HTTP/1\\.[0-9]");

    /**
     * Reads the head.
     *
     * @param received what came, from 0 to the position
     */
    static RequestHead of(ByteBuffer received) {
        int length = received.position();
        if (!endsWithEmptyLine(received, length)) {
            return received.hasRemaining() ? UNFINISHED : TOO_LARGE;
        }
        byte[] bytes = new byte[length];
        received.get(0, bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        String line = text.substring(0, end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end);
        var matcher = REQUEST_LINE.matcher(line);
        if (!matcher.matches()) {
            return MALFORMED;
        }
        return switch (matcher.group(1)) {
            case "GET" -> GET;
            case "HEAD" -> HEAD;
            default -> OTHER_METHOD;
        };
    }

    /** A bare LF ends a line too (RFC 9112 2.2). */
    private static boolean endsWithEmptyLine(ByteBuffer received, int length) {
        boolean lineEnded = false;
        for (int i = 0; i < length; i++) {
            byte one = received.get(i);
            if (one == '\n') {
                if (lineEnded) {
                    return true;
                }
                lineEnded = true;
            } else if (one != '\r') {
                lineEnded = false;
            }
        }
        return false;
    }
}
