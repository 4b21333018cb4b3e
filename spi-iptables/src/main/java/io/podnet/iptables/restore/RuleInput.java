package io.podnet.iptables.restore;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Input of iptables-restore while it is made: lines go out in large pieces and are not kept. For one thread at a time.
 */
public final class RuleInput {
    private static final int ROOM = 1 << 16;
    private static final int PART = 512;

    private final OutputStream out;
    private final byte[] buffer = new byte[ROOM];
    private final char[] chars = new char[PART];
    private final int wanted;
    private String found = "";
    private int filled;
    private int lines;

    RuleInput(OutputStream out) {
        this(out, -1);
    }

    /** Remembers one line besides, counted from 1. */
    RuleInput(OutputStream out, int wanted) {
        this.out = out;
        this.wanted = wanted;
    }

    /**
     * Makes input.
     */
    @FunctionalInterface
    public interface Source {
        /**
         * Writes all lines. The same call again writes the same lines.
         *
         * @param input takes them
         * @throws IOException where the reader went away
         */
        void writeTo(RuleInput input) throws IOException;
    }

    /**
     * Writes a line.
     *
     * @param parts its parts, ASCII without line ends, which are put together without blanks
     * @throws IOException where the reader went away
     */
    public void line(CharSequence... parts) throws IOException {
        lines++;
        if (lines == wanted) {
            found = String.join("", parts);
        }
        for (CharSequence part : parts) {
            append(part);
        }
        if (filled == ROOM) {
            flush();
        }
        buffer[filled++] = '\n';
    }

    private void append(CharSequence text) throws IOException {
        int length = text.length();
        for (int from = 0; from < length; from += PART) {
            append(text, from, Math.min(length, from + PART));
        }
    }

    private void append(CharSequence text, int from, int to) throws IOException {
        if (filled + to - from > ROOM) {
            flush();
        }
        // From an array: call by call, a cold process would spend most of its time here.
        if (text instanceof String string) {
            string.getChars(from, to, chars, 0);
        } else if (text instanceof StringBuilder builder) {
            builder.getChars(from, to, chars, 0);
        } else {
            text.toString().getChars(from, to, chars, 0);
        }
        int at = filled;
        for (int i = 0; i < to - from; i++) {
            char c = chars[i];
            if (c > '~' || c < ' ') {
                throw new IllegalArgumentException("a rule has a character of code " + (int) c + ": " + text);
            }
            buffer[at++] = (byte) c;
        }
        filled = at;
    }

    void flush() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }

    int lines() {
        return lines;
    }

    String found() {
        return found;
    }
}
