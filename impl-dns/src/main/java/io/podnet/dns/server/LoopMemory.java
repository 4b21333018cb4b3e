package io.podnet.dns.server;

import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;

/** The memory of one event loop, used by whichever socket has its turn. */
final class LoopMemory {
    /** Octets that one read or write of a stream moves at most. */
    static final int STREAM = 1 << 17;

    private final Desk desk;
    private final DatagramBatch batch = new DatagramBatch();
    private final byte[] query = new byte[DatagramBatch.QUERY];
    private final byte[] answer = new byte[0x10000];
    private final ByteBuffer stream = Libc.allocate(STREAM);

    LoopMemory(Serving serving) {
        this.desk = new Desk(serving);
    }

    Desk desk() {
        return desk;
    }

    DatagramBatch batch() {
        return batch;
    }

    byte[] query() {
        return query;
    }

    byte[] answer() {
        return answer;
    }

    ByteBuffer stream() {
        return stream;
    }
}
