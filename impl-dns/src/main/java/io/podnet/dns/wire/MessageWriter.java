package io.podnet.dns.wire;

/**
 * Writes an answer into an array: the question as the client wrote it (so that the case of its letters comes back, as
 * 0x20 asks), records whose names point into it, and the OPT record. A record that does not fit leaves no trace.
 *
 * <p>Reused, so that an answer costs no garbage. For one thread at a time.
 */
public final class MessageWriter {
    /** The owner that most answers have: the question's name. */
    public static final int QUESTION_NAME = Header.LENGTH;

    /** The last offset whose name an owner can be: a pointer has 14 bits (RFC 1035 section 4.1.4). */
    public static final int LAST_OWNER = 0x3fff;

    private static final int POINTER = 0xc000;
    private static final int OPT_LENGTH = 11;
    private static final byte[] NOTHING = new byte[0];

    private final int[] counts = new int[Header.LENGTH];
    private final NameReader copied = new NameReader();
    private byte[] buffer = NOTHING;
    private Query query = new Query();
    private int position;
    private int limit;
    private int section = Header.ANSWERS;
    private int dataOffset;
    private int sharedFrom;
    private int sharedTo;

    /**
     * Begins an answer with the query's id and question.
     *
     * @param message the query's octets, read by {@code read}
     * @param read what was read of it; it is looked at until {@link #finish}
     * @param into where to write, from offset 0
     * @param size the most octets that the answer may have, at least 512 and at most the array's length
     */
    public void start(byte[] message, Query read, byte[] into, int size) {
        query = read;
        buffer = into;
        position = read.questionEnd();
        System.arraycopy(message, 0, into, 0, position);
        limit = read.edns() ? size - OPT_LENGTH : size;
        counts[Header.ANSWERS] = 0;
        counts[Header.AUTHORITIES] = 0;
        counts[Header.ADDITIONALS] = 0;
        section = Header.ANSWERS;
    }

    /**
     * Goes on in a section.
     *
     * @param next {@link Header#ANSWERS}, {@link Header#AUTHORITIES} or {@link Header#ADDITIONALS}, in this order
     */
    public void section(int next) {
        section = next;
    }

    /**
     * Gives the answer so far.
     *
     * @return its octets up to now
     */
    public int position() {
        return position;
    }

    /**
     * Counts a section's records.
     *
     * @param which as in {@link #section}
     * @return how many were written
     */
    public int count(int which) {
        return counts[which];
    }

    /**
     * Tells where the last record's data began, so that a name there can be the owner of further records.
     *
     * @return an offset in the answer
     */
    public int dataOffset() {
        return dataOffset;
    }

    /**
     * Tells where a part of the last record's name stands, when {@link #name(int, int, int, byte[])} wrote it.
     *
     * @param label offset of a label in that name
     * @return an offset in the answer, of that label or of its equal in the question
     */
    public int dataOffset(int label) {
        return label < sharedFrom ? dataOffset + label : sharedTo + label - sharedFrom;
    }

    /**
     * Goes on with an answer that was begun before.
     *
     * @param begun its octets so far
     * @param answers how many records they have, all of them answers
     */
    public void resume(byte[] begun, int answers) {
        System.arraycopy(begun, 0, buffer, 0, begun.length);
        position = begun.length;
        counts[Header.ANSWERS] = answers;
    }

    /**
     * Takes records that stand in the array behind the question already.
     *
     * @param end where they end
     * @param records how many there are, by section
     */
    public void adopt(int end, int[] records) {
        position = end;
        System.arraycopy(records, 0, counts, 0, Header.LENGTH);
    }

    /**
     * Writes a record whose data has no name that could be shortened.
     *
     * @param owner offset of an earlier name in the answer
     * @param type its type
     * @param ttl seconds
     * @param data where its data is
     * @param from offset there
     * @param length octets of it
     * @return false where it does not fit
     */
    public boolean record(int owner, int type, int ttl, byte[] data, int from, int length) {
        if (position + 12 + length > limit) {
            return false;
        }
        head(owner, type, ttl, length);
        if (length == 4) {
            // Most records are IPv4 addresses; a store is cheaper than a copy of an unknown length.
            Octets.put32(buffer, position, Octets.u32(data, from));
        } else {
            System.arraycopy(data, from, buffer, position, length);
        }
        position += length;
        counts[section]++;
        return true;
    }

    private void head(int owner, int type, int ttl, int length) {
        Octets.put16(buffer, position, POINTER | owner);
        Octets.put16(buffer, position + 2, type);
        Octets.put16(buffer, position + 4, RecordType.CLASS_IN);
        Octets.put32(buffer, position + 6, ttl);
        Octets.put16(buffer, position + 10, length);
        position += 12;
        dataOffset = position;
    }

    /**
     * Writes a record whose data is one name, shortened by the question's: CNAME, PTR, NS.
     *
     * @param owner offset of an earlier name in the answer
     * @param type its type
     * @param ttl seconds
     * @param target a name without pointers
     * @return false where it does not fit
     */
    public boolean name(int owner, int type, int ttl, byte[] target) {
        int from = position;
        if (from + 12 > limit) {
            return false;
        }
        head(owner, type, ttl, 0);
        return putName(target, 0, target.length) ? close() : undo(from);
    }

    /**
     * Writes a record whose data is one name in three parts, shortened by the question's.
     *
     * @param owner offset of an earlier name in the answer
     * @param type its type
     * @param ttl seconds
     * @param first where labels are that come first
     * @param offset where they begin
     * @param length their octets, may be 0
     * @param second labels that follow, without a root's zero
     * @param rest the name that follows them
     * @return false where it does not fit
     */
    public boolean name(
            int owner, int type, int ttl, byte[] first, int offset, int length, byte[] second, byte[] rest) {
        int from = position;
        if (from + 12 + length + second.length > limit) {
            return false;
        }
        head(owner, type, ttl, 0);
        System.arraycopy(first, offset, buffer, position, length);
        position += length;
        System.arraycopy(second, 0, buffer, position, second.length);
        position += second.length;
        return putName(rest, 0, rest.length) ? close() : undo(from);
    }

    /**
     * Writes an SRV record; its target is not shortened (RFC 2782), but in parts.
     *
     * @param owner offset of an earlier name in the answer
     * @param ttl seconds
     * @param weight 0 to 65535; the priority is 0
     * @param port 0 to 65535
     * @param first where labels are that come first
     * @param offset where they begin
     * @param length their octets, may be 0
     * @param second labels that follow, without a root's zero
     * @param rest the name that follows them
     * @return false where it does not fit
     */
    public boolean srv(
            int owner,
            int ttl,
            int weight,
            int port,
            byte[] first,
            int offset,
            int length,
            byte[] second,
            byte[] rest) {
        int octets = 6 + length + second.length + rest.length;
        if (position + 12 + octets > limit) {
            return false;
        }
        head(owner, RecordType.SRV, ttl, octets);
        Octets.put16(buffer, position, 0);
        Octets.put16(buffer, position + 2, weight);
        Octets.put16(buffer, position + 4, port);
        position += 6;
        System.arraycopy(first, offset, buffer, position, length);
        position += length;
        System.arraycopy(second, 0, buffer, position, second.length);
        position += second.length;
        System.arraycopy(rest, 0, buffer, position, rest.length);
        position += rest.length;
        counts[section]++;
        return true;
    }

    /**
     * Writes a start of authority.
     *
     * @param owner offset of an earlier name in the answer
     * @param ttl seconds
     * @param server the master's name
     * @param mailbox the mailbox's name
     * @param serial the zone's serial
     * @param times refresh, retry, expire and minimum: 16 octets
     * @return false where it does not fit
     */
    public boolean soa(int owner, int ttl, byte[] server, byte[] mailbox, int serial, byte[] times) {
        int from = position;
        if (from + 12 > limit) {
            return false;
        }
        head(owner, RecordType.SOA, ttl, 0);
        if (!putName(server, 0, server.length) || !putName(mailbox, 0, mailbox.length) || position + 20 > limit) {
            return undo(from);
        }
        Octets.put32(buffer, position, serial);
        System.arraycopy(times, 0, buffer, position + 4, 16);
        position += 20;
        return close();
    }

    /**
     * Writes a start of authority whose names lie in its zone.
     *
     * @param zone offset of the zone's name in the answer, which is the owner
     * @param ttl seconds
     * @param authority the data
     * @param serial the zone's serial
     * @return false where it does not fit
     */
    public boolean authority(int zone, int ttl, Authority authority, int serial) {
        int length = authority.length();
        if (position + 12 + length > limit) {
            return false;
        }
        head(zone, RecordType.SOA, ttl, length);
        authority.write(buffer, position, zone, serial);
        position += length;
        counts[section]++;
        return true;
    }

    /**
     * Copies a record of another message, its names written out and shortened anew.
     *
     * @param message the other message
     * @param walker where it stands in it
     * @param owner offset of an earlier name in the answer to take as owner, or 0 for the record's own
     * @param ttl seconds to write instead of the record's own
     * @return false where it does not fit, or where its data contradicts its type
     */
    public boolean copy(byte[] message, ResponseWalker walker, int owner, int ttl) {
        int before = position;
        int start = position;
        if (owner == 0) {
            if (!copied.readAsIs(message, walker.ownerOffset(), walker.limit())
                    || !putName(copied.bytes(), 0, copied.length())) {
                return undo(before);
            }
            start = position - 2;
        }
        if (start + 12 > limit) {
            return undo(before);
        }
        int kept = Octets.u16(buffer, start);
        position = start;
        head(owner, walker.type(), ttl, 0);
        Octets.put16(buffer, start + 4, walker.recordClass());
        if (owner == 0) {
            Octets.put16(buffer, start, kept);
        }
        if (!putData(message, walker)) {
            return undo(before);
        }
        return close();
    }

    private boolean putData(byte[] message, ResponseWalker walker) {
        int at = walker.dataOffset();
        int end = at + walker.dataLength();
        int fixed = DataLayout.octetsBeforeNames(walker.type());
        for (int names = DataLayout.names(walker.type()); names > 0; names--) {
            if (!putOctets(message, at, fixed, end) || !copied.readAsIs(message, at + fixed, end)) {
                return false;
            }
            at = copied.end();
            fixed = 0;
            boolean whole = !DataLayout.mayBeShortened(walker.type());
            if (whole
                    ? !putOctets(copied.bytes(), 0, copied.length(), copied.length())
                    : !putName(copied.bytes(), 0, copied.length())) {
                return false;
            }
        }
        boolean whole = DataLayout.names(walker.type()) == 0 || end - at == DataLayout.octetsAfterNames(walker.type());
        return whole && at <= end && putOctets(message, at, end - at, end);
    }

    private boolean putOctets(byte[] from, int offset, int count, int end) {
        if (offset + count > end || position + count > limit) {
            return false;
        }
        System.arraycopy(from, offset, buffer, position, count);
        position += count;
        return true;
    }

    private boolean close() {
        Octets.put16(buffer, dataOffset - 2, position - dataOffset);
        counts[section]++;
        return true;
    }

    private boolean undo(int to) {
        position = to;
        return false;
    }

    /** Writes a name, its end as a pointer to the longest end that the question has too. */
    private boolean putName(byte[] name, int from, int length) {
        NameReader question = query.name();
        boolean asked = query.questionEnd() > Header.LENGTH;
        int end = from + length;
        int at = from;
        while (asked && name[at] != 0) {
            int same = sameEnd(question, name, at, end - at);
            if (same >= 0) {
                return putShort(name, from, at - from, same);
            }
            at += (name[at] & 0xff) + 1;
        }
        if (position + length > limit) {
            return false;
        }
        System.arraycopy(name, from, buffer, position, length);
        position += length;
        sharedFrom = length;
        return true;
    }

    private boolean putShort(byte[] name, int from, int count, int pointed) {
        if (position + count + 2 > limit) {
            return false;
        }
        System.arraycopy(name, from, buffer, position, count);
        position += count;
        Octets.put16(buffer, position, POINTER | (Header.LENGTH + pointed));
        sharedFrom = count;
        sharedTo = Header.LENGTH + pointed;
        position += 2;
        return true;
    }

    private static int sameEnd(NameReader question, byte[] name, int from, int length) {
        int start = question.length() - length;
        if (start < 0) {
            return -1;
        }
        for (int label = question.labels() - 1; label >= 0; label--) {
            int at = question.start(label);
            if (at == start) {
                return WireName.same(question.bytes(), at, name, from, length) ? at : -1;
            }
            if (at < start) {
                return -1;
            }
        }
        return -1;
    }

    /**
     * Ends the answer: flags, counts, and OPT where the client sent one.
     *
     * @param flags the flags besides QR; the opcode, RD and CD are the client's
     * @param code the response code, up to 4095
     * @param size the size that the OPT record states: what the server takes in a datagram
     * @param why told where the client speaks EDNS and there is room
     * @return the answer's octets
     */
    public int finish(int flags, int code, int size, ExtendedError why) {
        int kept = query.flags() & (Header.RD | Header.CD | Header.OPCODE);
        Octets.put16(buffer, Header.FLAGS, Header.QR | flags | kept | (code & Header.RCODE));
        Octets.put16(buffer, Header.QUESTIONS, query.questionEnd() > Header.LENGTH ? 1 : 0);
        Octets.put16(buffer, Header.ANSWERS, counts[Header.ANSWERS]);
        Octets.put16(buffer, Header.AUTHORITIES, counts[Header.AUTHORITIES]);
        Octets.put16(buffer, Header.ADDITIONALS, counts[Header.ADDITIONALS] + (query.edns() ? 1 : 0));
        if (query.edns()) {
            int option = position + why.length() <= limit ? why.length() : 0;
            buffer[position] = 0;
            Octets.put16(buffer, position + 1, RecordType.OPT);
            Octets.put16(buffer, position + 3, size);
            buffer[position + 5] = (byte) (code >>> 4);
            buffer[position + 6] = 0;
            Octets.put16(buffer, position + 7, query.dnssecOk() ? 0x8000 : 0);
            Octets.put16(buffer, position + 9, option);
            position += OPT_LENGTH;
            if (option > 0) {
                why.write(buffer, position);
                position += option;
            }
        }
        return position;
    }
}
