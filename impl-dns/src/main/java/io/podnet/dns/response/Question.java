package io.podnet.dns.response;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, with the name's case as the client wrote it. Immutable and safe for any thread.
 */
public final class Question {
    private static final int HEADER = 12;

    private final DomainName name;
    private final byte[] bytes;
    private final int type;
    private final int dnsClass;

    private Question(DomainName name, byte[] bytes, int type, int dnsClass) {
        this.name = name;
        this.bytes = bytes;
        this.type = type;
        this.dnsClass = dnsClass;
    }

    /**
     * Makes a question about a name in lower case, of class IN.
     *
     * @param name the name
     * @param type the record type, 0 to 65535
     * @return the question
     */
    public static Question of(DomainName name, int type) {
        byte[] bytes = new byte[name.length() + 4];
        name.copyTo(bytes, 0);
        WireNames.put16(bytes, name.length(), type);
        WireNames.put16(bytes, name.length() + 2, 1);
        return new Question(name, bytes, type, 1);
    }

    /**
     * Reads a message's only question. It has no compression, since there is nothing before it to point at.
     *
     * @param message the message
     * @param end where it ends
     * @return the question, or null where it is malformed
     */
    public static @Nullable Question read(byte[] message, int end) {
        int at = HEADER;
        while (at < end && message[at] != 0) {
            if ((message[at] & 0xff) > DomainName.MAX_LABEL) {
                return null;
            }
            at += (message[at] & 0xff) + 1;
        }
        int length = at + 1 - HEADER;
        if (length > DomainName.MAX_LENGTH || at + 5 > end) {
            return null;
        }
        return new Question(
                DomainName.ofWire(message, HEADER, length),
                Arrays.copyOfRange(message, HEADER, at + 5),
                WireNames.unsigned16(message, at + 1),
                WireNames.unsigned16(message, at + 3));
    }

    /**
     * Gives the name.
     *
     * @return the name, in lower case
     */
    public DomainName name() {
        return name;
    }

    /**
     * Gives the type.
     *
     * @return 0 to 65535
     */
    public int type() {
        return type;
    }

    /**
     * Gives the class.
     *
     * @return 1 for IN
     */
    public int dnsClass() {
        return dnsClass;
    }

    /**
     * Gives the length.
     *
     * @return bytes of name, type and class in wire form
     */
    public int length() {
        return bytes.length;
    }

    /**
     * Writes the question with the client's case.
     *
     * @param to where to
     * @param at first index there
     */
    public void copyTo(byte[] to, int at) {
        System.arraycopy(bytes, 0, to, at, bytes.length);
    }

    /** Writes the first bytes, which are the name's. */
    void copyTo(byte[] to, int at, int length) {
        System.arraycopy(bytes, 0, to, at, length);
    }

    void copyTypeTo(byte[] to, int at) {
        System.arraycopy(bytes, name.length(), to, at, 4);
    }

    /**
     * Tells whether a message asks this, without regard to case (RFC 5452 section 9.1).
     *
     * @param message a message with one question
     * @param end where it ends
     * @return true where name, type and class are the same
     */
    public boolean isAskedIn(byte[] message, int end) {
        int nameLength = name.length();
        return end >= HEADER + bytes.length
                && WireNames.same(message, HEADER, bytes, 0, nameLength)
                && Arrays.equals(
                        message,
                        HEADER + nameLength,
                        HEADER + bytes.length,
                        bytes,
                        nameLength,
                        bytes.length);
    }

    @Override
    public String toString() {
        return name + " class " + dnsClass + " type " + type;
    }
}
