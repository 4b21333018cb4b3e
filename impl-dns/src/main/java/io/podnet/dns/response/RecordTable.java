package io.podnet.dns.response;

import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.NameReader;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseWalker;
import java.util.Arrays;

/** The records of a message's answer and authority section, so that a chain can be followed without reading all again. */
final class RecordTable {
    private static final int FIELDS = 4;
    private static final int SMALL = 64 * FIELDS;
    private static final int DAY = 86_400;

    private final ResponseWalker walker = new ResponseWalker();
    private int[] fields = new int[SMALL];
    private int answers;
    private int count;
    private int extendedCode;

    /** Reads all records. Gives false where the message is malformed. */
    boolean read(byte[] message, int length) {
        answers = 0;
        count = 0;
        extendedCode = 0;
        if (fields.length > 1_024 * FIELDS) {
            fields = new int[SMALL];
        }
        if (!walker.start(message, length)) {
            return false;
        }
        while (walker.next()) {
            if (walker.section() != Header.ADDITIONALS) {
                add(walker.section() == Header.ANSWERS);
            } else if (walker.type() == RecordType.OPT) {
                extendedCode = (int) (Octets.u32(message, walker.ttlOffset()) >>> 24) & 0xff;
            }
        }
        return !walker.malformed();
    }

    private void add(boolean answer) {
        int at = count * FIELDS;
        if (at == fields.length) {
            fields = Arrays.copyOf(fields, 2 * at);
        }
        NameReader owner = walker.name();
        fields[at] = walker.ownerOffset();
        fields[at + 1] = DomainName.hash(owner.bytes(), owner.length());
        fields[at + 2] = walker.type() << 16 | walker.recordClass();
        fields[at + 3] = Math.min(walker.ttl(), DAY);
        count++;
        if (answer) {
            answers++;
        }
    }

    /** The response code's upper eight bits, which the OPT record has (RFC 6891 section 6.1.3). */
    int extendedCode() {
        return extendedCode;
    }

    int answers() {
        return answers;
    }

    int count() {
        return count;
    }

    int type(int index) {
        return fields[index * FIELDS + 2] >>> 16;
    }

    int recordClass(int index) {
        return fields[index * FIELDS + 2] & 0xffff;
    }

    int ttl(int index) {
        return fields[index * FIELDS + 3];
    }

    boolean isOwnedBy(int index, DomainName owner) {
        if (fields[index * FIELDS + 1] != owner.hashCode()) {
            return false;
        }
        NameReader name = at(index).name();
        return owner.isSame(name.bytes(), name.length());
    }

    boolean isZoneOf(int index, DomainName below) {
        NameReader name = at(index).name();
        return below.isAtOrBelow(name.bytes(), name.length());
    }

    /** The record itself. */
    ResponseWalker at(int index) {
        walker.moveTo(fields[index * FIELDS]);
        return walker;
    }
}
