package io.podnet.netlink.socket;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The off-heap memory of one socket, allocated before a namespace thread needs it and reusable by the next socket after
 * the first is closed. Used by one socket at a time; not thread-safe.
 */
public final class NetlinkBuffers {
    /** Kernel dumps come in datagrams of at most 32 KiB; one link with many attributes stays below 64 KiB. */
    static final int SIZE = 64 * 1024;

    private static final int LARGEST = 256 * 1024 * 1024;

    private final Libc libc;
    private final @Nullable NetlinkBufferPool pool;
    private final ByteBuffer reply;
    private final long replyAddress;
    private final ByteBuffer scratch;
    private final long scratchAddress;
    private ByteBuffer request;
    private long requestAddress;
    private @Nullable NetlinkSocket owner;

    private NetlinkBuffers(Libc libc, @Nullable NetlinkBufferPool pool) {
        this.libc = libc;
        this.pool = pool;
        this.request = Libc.allocate(SIZE);
        this.requestAddress = libc.addressOf(request);
        this.reply = Libc.allocate(SIZE);
        this.replyAddress = libc.addressOf(reply);
        this.scratch = Libc.allocate(128);
        this.scratchAddress = libc.addressOf(scratch);
    }

    /**
     * Allocates the memory and loads the C library where that was not done yet.
     *
     * @return buffers that no socket uses
     */
    public static NetlinkBuffers allocate() {
        return new NetlinkBuffers(Libc.instance(), null);
    }

    /** Allocates memory that goes to a pool when its socket is closed. */
    static NetlinkBuffers allocate(NetlinkBufferPool pool) {
        return new NetlinkBuffers(Libc.instance(), pool);
    }

    Libc libc() {
        return libc;
    }

    void lend(NetlinkSocket socket) {
        if (owner != null) {
            throw new IllegalStateException("these buffers belong to a socket that is still open");
        }
        owner = socket;
    }

    void giveBack(NetlinkSocket socket) {
        if (owner == socket) {
            owner = null;
            if (pool != null) {
                pool.giveBack(this);
            }
        }
    }

    ByteBuffer request(int capacity) {
        if (capacity > request.capacity()) {
            if (capacity > LARGEST) {
                throw new PodnetException.LimitReached("one netlink datagram of " + capacity
                        + " bytes or more; at most " + LARGEST + " can be sent at once, so the change must be split");
            }
            ByteBuffer larger = Libc.allocate(Math.min(LARGEST, Integer.highestOneBit(capacity) << 1));
            larger.put(0, request, 0, request.capacity());
            requestAddress = libc.addressOf(larger);
            request = larger;
        }
        return request;
    }

    long requestAddress() {
        return requestAddress;
    }

    ByteBuffer reply() {
        return reply;
    }

    long replyAddress() {
        return replyAddress;
    }

    ByteBuffer scratch() {
        return scratch;
    }

    long scratchAddress() {
        return scratchAddress;
    }
}
