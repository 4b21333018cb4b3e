package io.podnet.dns.response;

import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.WireName;
import java.util.Objects;

/**
 * What an upstream server is asked, of class IN.
 *
 * @param name the name
 * @param type the record type, 0 to 65535
 */
public record Question(DomainName name, int type) {
    public Question {
        Objects.requireNonNull(name, "name");
    }

    /**
     * Gives the length.
     *
     * @return octets of name, type and class in a message
     */
    public int length() {
        return name.length() + 4;
    }

    /**
     * Writes the question behind a header.
     *
     * @param message a message
     */
    public void writeTo(byte[] message) {
        name.copyTo(message, Header.LENGTH);
        Octets.put16(message, Header.LENGTH + name.length(), type);
        Octets.put16(message, Header.LENGTH + name.length() + 2, RecordType.CLASS_IN);
    }

    /**
     * Tells whether a message can be the response to this question: a query's response with the id and this one question
     * (RFC 5452 section 9.1). Nothing behind the question is looked at.
     *
     * @param message the message
     * @param length its octets
     * @param id the query's id
     * @return false where it must be ignored
     */
    public boolean isAnsweredBy(byte[] message, int length, int id) {
        int typeAt = Header.LENGTH + name.length();
        return length >= typeAt + 4
                && Octets.u16(message, 0) == id
                && (Header.flags(message) & (Header.QR | Header.OPCODE)) == Header.QR
                && Header.count(message, Header.QUESTIONS) == 1
                && WireName.same(message, Header.LENGTH, name.octets(), 0, name.length())
                && Octets.u16(message, typeAt) == type
                && Octets.u16(message, typeAt + 2) == RecordType.CLASS_IN;
    }

    @Override
    public String toString() {
        return name + " " + RecordType.mnemonic(type);
    }
}
