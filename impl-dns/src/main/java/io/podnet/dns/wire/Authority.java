package io.podnet.dns.wire;

import java.io.ByteArrayOutputStream;

/**
 * The data of a zone's start of authority whose names lie in the zone itself, ready to be copied: their ends are pointers
 * to the zone's name, wherever that stands in an answer, so that a negative answer searches nothing to shorten. Immutable.
 */
public final class Authority {
    private static final int POINTER = 0xc000;

    private final byte[] data;
    private final int serverEnd;
    private final int mailboxEnd;

    /**
     * Prepares.
     *
     * @param server the master's labels before the zone's name, as {@link WireName#labels} makes them
     * @param mailbox the mailbox's labels before the zone's name
     * @param times refresh, retry, expire and minimum: 16 octets
     */
    public Authority(byte[] server, byte[] mailbox, byte[] times) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(server);
        serverEnd = octets.size();
        octets.writeBytes(new byte[2]);
        octets.writeBytes(mailbox);
        mailboxEnd = octets.size();
        octets.writeBytes(new byte[6]);
        octets.writeBytes(times);
        data = octets.toByteArray();
    }

    int length() {
        return data.length;
    }

    /** Writes the data, which has room. */
    void write(byte[] into, int at, int zone, int serial) {
        System.arraycopy(data, 0, into, at, data.length);
        Octets.put16(into, at + serverEnd, POINTER | zone);
        Octets.put16(into, at + mailboxEnd, POINTER | zone);
        Octets.put32(into, at + mailboxEnd + 2, serial);
    }
}
