package io.podnet.benchmarks;

import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A client of a name server on 127.0.0.1 whose socket says when a datagram reached it (SO_TIMESTAMPNS), so that a
 * server's time and that of a client which waits for its turn on the processor can be told apart. For one thread.
 */
final class StampedClient implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int SOCKADDR = 16;
    private static final int MSGHDR = 56;
    private static final int CONTROL = 64;
    private static final int CMSG_HEADER = 16;
    private static final int ANSWER = 4096;
    private static final int SECONDS = 2;

    private final Libc libc = Libc.instance();
    private final ByteBuffer server = Libc.allocate(SOCKADDR);
    private final ByteBuffer query = Libc.allocate(512);
    private final ByteBuffer answer = Libc.allocate(ANSWER);
    private final ByteBuffer control = Libc.allocate(CONTROL);
    private final ByteBuffer vector = Libc.allocate(16);
    private final ByteBuffer message = Libc.allocate(MSGHDR);
    private final int fd;
    private int length;

    StampedClient(int port) {
        fd = libc.socket(AF_INET, SOCK_DGRAM, 0);
        server.putShort(0, (short) AF_INET);
        server.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port).putInt(4, 0x7f000001);
        ByteBuffer one = Libc.allocate(16);
        one.putInt(0, 1);
        libc.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, libc.addressOf(one), 4);
        one.putLong(0, SECONDS).putLong(8, 0);
        libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, libc.addressOf(one), 16);
    }

    /** Asks, waits, and gives when the answer reached the socket, in nanoseconds of the wall clock. */
    long ask(byte[] question) {
        query.put(0, question);
        describe(libc.addressOf(server), SOCKADDR, libc.addressOf(query), question.length, 0);
        libc.sendmsg(fd, libc.addressOf(message), 0);
        describe(0, 0, libc.addressOf(answer), ANSWER, libc.addressOf(control));
        length = (int) libc.recvmsg(fd, libc.addressOf(message), 0);
        if (length < 0) {
            throw new IllegalStateException("no answer within " + SECONDS + " s");
        }
        return control.getLong(CMSG_HEADER) * 1_000_000_000L + control.getLong(CMSG_HEADER + 8);
    }

    /** The end of the last message: without EDNS, an answer's last record's data. */
    byte[] lastOctets(int count) {
        byte[] octets = new byte[count];
        answer.get(length - count, octets);
        return octets;
    }

    private void describe(long name, int nameLength, long octets, int length, long controls) {
        vector.putLong(0, octets).putLong(8, length);
        message.putLong(0, name).putInt(8, nameLength);
        message.putLong(16, libc.addressOf(vector)).putLong(24, 1);
        message.putLong(32, controls).putLong(40, controls == 0 ? 0 : CONTROL).putInt(48, 0);
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
