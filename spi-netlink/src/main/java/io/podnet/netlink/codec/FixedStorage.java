package io.podnet.netlink.codec;

import io.podnet.api.PodnetException;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * Storage of a writer that does not grow.
 *
 * @param buffer the only buffer
 */
record FixedStorage(ByteBuffer buffer) implements IntFunction<ByteBuffer> {
    @Override
    public ByteBuffer apply(int needed) {
        if (needed > buffer.capacity()) {
            throw new PodnetException.LimitReached("a netlink request of " + needed
                    + " bytes or more does not fit into " + buffer.capacity() + "; split it");
        }
        return buffer;
    }
}
