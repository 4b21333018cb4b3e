package io.podnet.netlink.socket;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Buffers for sockets that live a short time each: whoever closes the socket gives them back. Holds as many as were in
 * use at once. Safe for any thread.
 */
public final class NetlinkBufferPool {
    private final Deque<NetlinkBuffers> spare = new ArrayDeque<>();

    /** Makes an empty pool; nothing is loaded or allocated yet. */
    public NetlinkBufferPool() {
        // Nothing to prepare.
    }

    /**
     * Takes buffers for one socket, which brings them back when it is closed.
     *
     * @return buffers that no socket uses
     */
    public NetlinkBuffers take() {
        synchronized (spare) {
            NetlinkBuffers taken = spare.pollFirst();
            if (taken != null) {
                return taken;
            }
        }
        return NetlinkBuffers.allocate(this);
    }

    void giveBack(NetlinkBuffers buffers) {
        synchronized (spare) {
            spare.addFirst(buffers);
        }
    }
}
