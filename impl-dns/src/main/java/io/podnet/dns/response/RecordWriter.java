package io.podnet.dns.response;

import java.util.Arrays;

/**
 * Writes a message record by record, names compressed against what was written before. Input names may come from another
 * message and are read with {@link WireNames}' rules. For one thread; reused from message to message.
 */
final class RecordWriter {
    private static final int HEADER = 12;
    static final int MAX_MESSAGE = 65535;
    private static final int POINTER_LIMIT = 0x4000;
    private static final int SLOTS = 512;
    private static final int MAX_SUFFIXES = 256;

    private final byte[] out;
    private final byte[] name = new byte[DomainName.MAX_LENGTH];
    private final int[] labelStarts = new int[128];
    private final int[] suffixHashes = new int[128];
    private final int[] slotHashes = new int[SLOTS];
    private final int[] slotOffsets = new int[SLOTS];
    private int suffixes;
    private int[] ttlOffsets = new int[32];
    private int records;
    private int answers;
    private int position;
    private int questionLength;

    /**
     * @param size bytes that a message may have, at least 512 and at most {@link #MAX_MESSAGE}
     */
    RecordWriter(int size) {
        out = new byte[size];
    }

    /** Begins a message. */
    void begin(Question question) {
        Arrays.fill(slotOffsets, 0);
        Arrays.fill(out, 0, HEADER, (byte) 0);
        suffixes = 0;
        records = 0;
        answers = 0;
        position = HEADER;
        questionLength = question.length();
        int nameLength = question.name().length();
        question.copyTo(name, 0, nameLength);
        writeName(name, nameLength, true);
        question.copyTypeTo(out, position);
        position += 4;
        WireNames.put16(out, 4, 1);
    }

    int position() {
        return position;
    }

    /**
     * Writes a record's owner and header.
     *
     * @return where its data length belongs, or below zero where there is no room
     */
    private int header(byte[] owner, int ownerLength, int type, int dnsClass, int ttl) {
        if (position + ownerLength + 10 > out.length) {
            return WireNames.MALFORMED;
        }
        writeName(owner, ownerLength, true);
        WireNames.put16(out, position, type);
        WireNames.put16(out, position + 2, dnsClass);
        WireNames.put32(out, position + 4, ttl);
        if (records == ttlOffsets.length) {
            ttlOffsets = Arrays.copyOf(ttlOffsets, records * 2);
        }
        ttlOffsets[records++] = position + 4;
        position += 10;
        return position - 2;
    }

    /**
     * Writes a record whose data lies in another message.
     *
     * @return false where the data is malformed or the message full; what was written so far is of no use then
     */
    boolean record(
            byte[] owner, int ownerLength, int type, int dnsClass, int ttl, byte[] from, int end, int data, int size) {
        int lengthAt = header(owner, ownerLength, type, dnsClass, ttl);
        if (lengthAt < 0 || !data(DataLayout.of(type), from, end, data, size)) {
            return false;
        }
        WireNames.put16(out, lengthAt, position - lengthAt - 2);
        return true;
    }

    /** Writes a record whose data is one uncompressed name. */
    boolean nameRecord(byte[] owner, int ownerLength, int type, int ttl, DomainName target) {
        int lengthAt = header(owner, ownerLength, type, 1, ttl);
        if (lengthAt < 0 || position + target.length() > out.length) {
            return false;
        }
        target.copyTo(name, 0);
        writeName(name, target.length(), true);
        WireNames.put16(out, lengthAt, position - lengthAt - 2);
        return true;
    }

    private boolean data(DataLayout layout, byte[] from, int end, int start, int size) {
        int stop = start + size;
        int at = start + layout.before();
        for (int i = 0; i < layout.strings(); i++) {
            at += at < stop ? 1 + (from[at] & 0xff) : 1;
        }
        if (at > stop || !copy(from, start, at)) {
            return false;
        }
        for (int i = 0; i < layout.names(); i++) {
            int next = WireNames.skip(from, stop, at);
            int length = next < 0 ? next : WireNames.read(from, end, at, name);
            if (length < 0 || position + length > out.length) {
                return false;
            }
            writeName(name, length, layout.compress());
            at = next;
        }
        return (layout.after() < 0 || stop - at == layout.after()) && copy(from, at, stop);
    }

    private boolean copy(byte[] from, int start, int stop) {
        if (position + (stop - start) > out.length) {
            return false;
        }
        System.arraycopy(from, start, out, position, stop - start);
        position += stop - start;
        return true;
    }

    /** What follows belongs to the authority section. */
    void beginAuthority() {
        answers = records;
    }

    /** Gives the finished message. */
    Image finish(int rcode, int ttl, boolean aliased) {
        WireNames.put16(out, 6, answers);
        WireNames.put16(out, 8, records - answers);
        return new Image(
                Arrays.copyOf(out, position),
                Arrays.copyOf(ttlOffsets, records),
                questionLength,
                answers,
                rcode,
                ttl,
                aliased);
    }

    /** Suffixes are found by a hash that is taken from the end, so that one pass gives the hashes of all of them. */
    private void writeName(byte[] from, int length, boolean compress) {
        int labels = 0;
        for (int at = 0; from[at] != 0; at += from[at] + 1) {
            labelStarts[labels++] = at;
        }
        int hash = 0;
        int end = length;
        for (int label = labels - 1; label >= 0; label--) {
            for (int i = end - 1; i >= labelStarts[label]; i--) {
                hash = 31 * hash + WireNames.lower(from[i]);
            }
            suffixHashes[label] = hash;
            end = labelStarts[label];
        }
        for (int label = 0; label < labels; label++) {
            int start = labelStarts[label];
            if (compress) {
                int known = find(suffixHashes[label], from, start);
                if (known > 0) {
                    WireNames.put16(out, position, 0xc000 | known);
                    position += 2;
                    return;
                }
            }
            remember(suffixHashes[label], position);
            System.arraycopy(from, start, out, position, from[start] + 1);
            position += from[start] + 1;
        }
        out[position++] = 0;
    }

    private int find(int hash, byte[] from, int start) {
        for (int slot = hash & (SLOTS - 1); slotOffsets[slot] != 0; slot = (slot + 1) & (SLOTS - 1)) {
            if (slotHashes[slot] == hash && isAt(slotOffsets[slot], from, start)) {
                return slotOffsets[slot];
            }
        }
        return 0;
    }

    private void remember(int hash, int offset) {
        if (suffixes == MAX_SUFFIXES || offset >= POINTER_LIMIT) {
            return;
        }
        int slot = hash & (SLOTS - 1);
        while (slotOffsets[slot] != 0) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        slotHashes[slot] = hash;
        slotOffsets[slot] = offset;
        suffixes++;
    }

    /** Compares with a name that we wrote ourselves, so its pointers need no checks. */
    private boolean isAt(int offset, byte[] from, int start) {
        int ours = offset;
        int theirs = start;
        while (true) {
            while ((out[ours] & 0xc0) == 0xc0) {
                ours = WireNames.unsigned16(out, ours) & 0x3fff;
            }
            if (out[ours] != from[theirs]) {
                return false;
            }
            int size = out[ours];
            if (size == 0) {
                return true;
            }
            if (!WireNames.same(out, ours + 1, from, theirs + 1, size)) {
                return false;
            }
            ours += size + 1;
            theirs += size + 1;
        }
    }
}
