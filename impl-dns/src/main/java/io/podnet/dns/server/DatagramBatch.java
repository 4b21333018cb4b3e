package io.podnet.dns.server;

import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.LibcServer;
import java.nio.ByteBuffer;

/**
 * Memory for many datagrams at once, in and out: recvmmsg(2) and sendmmsg(2). An answer goes back to where its query came
 * from, and from the address that it was sent to. One for each event loop; for its thread alone.
 */
final class DatagramBatch {
    /** The most datagrams at once. */
    static final int SIZE = 32;
    /** The most octets of a query: one that is longer is no query of ours to answer. */
    static final int QUERY = 2048;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** struct mmsghdr, struct iovec: the same on all 64-bit architectures. */
    private static final int MMSGHDR = 64;

    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTORS = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;
    private static final int IOVEC = 16;
    private static final int SOCKADDR = 32;
    private static final int CONTROL_ROOM = 64;
    private static final int ANSWER = 4096;

    private final Libc libc = Libc.instance();
    private final LibcServer server = LibcServer.instance();
    private final ByteBuffer queries = Libc.allocate(SIZE * QUERY);
    private final ByteBuffer answers = Libc.allocate(SIZE * ANSWER);
    private final ByteBuffer addresses = Libc.allocate(SIZE * SOCKADDR);
    private final ByteBuffer controls = Libc.allocate(SIZE * CONTROL_ROOM);
    private final ByteBuffer vectors = Libc.allocate(2 * SIZE * IOVEC);
    private final ByteBuffer in = Libc.allocate(SIZE * MMSGHDR);
    private final ByteBuffer out = Libc.allocate(SIZE * MMSGHDR);
    private final long inAddress = libc.addressOf(in);
    private final long outAddress = libc.addressOf(out);
    private final long addressesAddress = libc.addressOf(addresses);
    private final long controlsAddress = libc.addressOf(controls);
    private int used = SIZE;
    private int ready;

    DatagramBatch() {
        long vectorsAddress = libc.addressOf(vectors);
        long queriesAddress = libc.addressOf(queries);
        long answersAddress = libc.addressOf(answers);
        for (int i = 0; i < SIZE; i++) {
            vectors.putLong(i * IOVEC, queriesAddress + (long) i * QUERY);
            vectors.putLong(i * IOVEC + 8, QUERY);
            vectors.putLong((SIZE + i) * IOVEC, answersAddress + (long) i * ANSWER);
            in.putLong(i * MMSGHDR, addressesAddress + (long) i * SOCKADDR);
            in.putLong(i * MMSGHDR + VECTOR, vectorsAddress + (long) i * IOVEC);
            in.putLong(i * MMSGHDR + VECTORS, 1);
            out.putLong(i * MMSGHDR + VECTOR, vectorsAddress + (long) (SIZE + i) * IOVEC);
            out.putLong(i * MMSGHDR + VECTORS, 1);
        }
    }

    /**
     * Receives what there is.
     *
     * @param fd a UDP socket
     * @param wildcard true where it is bound to the wildcard address
     * @param single true where more than one is unlikely: recvmsg(2) is quicker then
     * @return how many datagrams there are, or -errno
     */
    int receive(int fd, boolean wildcard, boolean single) {
        for (int i = 0; i < used; i++) {
            in.putInt(i * MMSGHDR + NAME_LENGTH, SOCKADDR);
            in.putLong(i * MMSGHDR + CONTROL, wildcard ? controlsAddress + (long) i * CONTROL_ROOM : 0);
            in.putLong(i * MMSGHDR + CONTROL_LENGTH, wildcard ? CONTROL_ROOM : 0);
        }
        ready = 0;
        used = SIZE;
        if (single) {
            long length = libc.recvmsg(fd, inAddress, MSG_DONTWAIT);
            if (length < 0) {
                used = 1;
                return (int) length;
            }
            in.putInt(LENGTH, (int) length);
            used = 1;
            return 1;
        }
        int received = server.recvmmsg(fd, inAddress, SIZE, MSG_DONTWAIT);
        used = Math.max(received, 1);
        return received;
    }

    /**
     * Copies a query out.
     *
     * @param index which
     * @param into an array of at least {@link #QUERY} octets
     * @return its octets, or -1 for one that was longer
     */
    int query(int index, byte[] into) {
        if ((in.getInt(index * MMSGHDR + FLAGS) & MSG_TRUNC) != 0) {
            return -1;
        }
        int length = in.getInt(index * MMSGHDR + LENGTH);
        queries.get(index * QUERY, into, 0, length);
        return length;
    }

    /**
     * Takes an answer to a query.
     *
     * @param index which query
     * @param answer the octets
     * @param length how many, at most 4096
     */
    void answer(int index, byte[] answer, int length) {
        answers.put(ready * ANSWER, answer, 0, length);
        address(addressesAddress + (long) index * SOCKADDR, in.getInt(index * MMSGHDR + NAME_LENGTH), length);
        int control = (int) in.getLong(index * MMSGHDR + CONTROL_LENGTH);
        boolean known = in.getLong(index * MMSGHDR + CONTROL) != 0 && control > 0;
        if (known) {
            PacketInfo.turnAround(controls, index * CONTROL_ROOM);
        }
        out.putLong(ready * MMSGHDR + CONTROL, known ? controlsAddress + (long) index * CONTROL_ROOM : 0);
        out.putLong(ready * MMSGHDR + CONTROL_LENGTH, known ? control : 0);
        ready++;
    }

    private void address(long address, int length, int octets) {
        out.putLong(ready * MMSGHDR, address);
        out.putInt(ready * MMSGHDR + NAME_LENGTH, length);
        vectors.putLong((SIZE + ready) * IOVEC + 8, octets);
    }

    /**
     * Sends the answers that were taken. What the kernel refuses is lost, as datagrams are.
     *
     * @param fd the socket that they were received from
     */
    void send(int fd) {
        int from = 0;
        if (ready == 1) {
            libc.sendmsg(fd, outAddress, MSG_DONTWAIT | MSG_NOSIGNAL);
            from = 1;
        }
        while (from < ready) {
            int sent =
                    server.sendmmsg(fd, outAddress + (long) from * MMSGHDR, ready - from, MSG_DONTWAIT | MSG_NOSIGNAL);
            // The first of the rest was refused: without it the others may go.
            from += Math.max(sent, 1);
        }
        ready = 0;
    }

    /** Copies where a query came from, for an answer that comes later. */
    Origin origin(int index) {
        byte[] address = new byte[in.getInt(index * MMSGHDR + NAME_LENGTH)];
        addresses.get(index * SOCKADDR, address);
        int control =
                in.getLong(index * MMSGHDR + CONTROL) == 0 ? 0 : (int) in.getLong(index * MMSGHDR + CONTROL_LENGTH);
        byte[] info = new byte[control];
        controls.get(index * CONTROL_ROOM, info);
        return new Origin(address, info);
    }

    /** Where a query came from: a sockaddr, and the control message that tells which address it was sent to. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Origin(byte[] address, byte[] control) {}

    /** Sends one answer to where an earlier query came from. */
    void send(int fd, Origin to, byte[] answer, int length) {
        ready = 0;
        addresses.put(0, to.address);
        controls.put(0, to.control);
        in.putInt(NAME_LENGTH, to.address.length);
        in.putLong(CONTROL, to.control.length > 0 ? controlsAddress : 0);
        in.putLong(CONTROL_LENGTH, to.control.length);
        answer(0, answer, Math.min(length, ANSWER));
        send(fd);
    }
}
