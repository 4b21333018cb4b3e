package io.podnet.netlink.libc;

import io.podnet.api.PodnetException;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Off-heap memory that is given back when it is closed, not when a collector comes by: for answers of the kernel that are
 * large and short-lived. It does not count against the JVM's limit of direct memory. Large blocks go back to the kernel at
 * once, as calloc(3) maps them one by one. For one thread at a time; reading beyond its end throws.
 */
public final class NativeMemory implements AutoCloseable {
    private final LibcFunctions functions;
    private final long address;
    private final long size;
    private final Pointer pointer;
    private boolean closed;

    NativeMemory(LibcFunctions functions, Runtime runtime, long size) {
        if (size < 1) {
            throw new IllegalArgumentException(size + " bytes: 1 or more make sense");
        }
        this.functions = functions;
        this.size = size;
        this.address = functions.calloc(1, size);
        if (address == 0) {
            throw new PodnetException.LimitReached(
                    "calloc of " + size + " bytes failed; raise the process's memory limit (ulimit -v, memory cgroup)");
        }
        this.pointer = Pointer.wrap(runtime, address, size);
    }

    /**
     * Allocates memory, zeroed.
     *
     * @param bytes at least 1
     * @return the memory, to be closed
     * @throws PodnetException.LimitReached where there is not so much
     */
    public static NativeMemory allocate(long bytes) {
        return Libc.instance().memory(bytes);
    }

    /**
     * Gives the address of the first byte, valid until {@link #close}.
     *
     * @return the address
     */
    public long address() {
        requireOpen();
        return address;
    }

    /**
     * Gives the size.
     *
     * @return bytes
     */
    public long size() {
        return size;
    }

    /**
     * Reads 16 bits in native byte order.
     *
     * @param offset from the start
     * @return 0 to 65535
     */
    public int u16(long offset) {
        requireOpen();
        return Short.toUnsignedInt(pointer.getShort(offset));
    }

    /**
     * Reads 32 bits in native byte order.
     *
     * @param offset from the start
     * @return value
     */
    public int s32(long offset) {
        requireOpen();
        return pointer.getInt(offset);
    }

    /**
     * Reads 64 bits in native byte order.
     *
     * @param offset from the start
     * @return value
     */
    public long s64(long offset) {
        requireOpen();
        return pointer.getLong(offset);
    }

    /**
     * Writes 8 bits.
     *
     * @param offset from the start
     * @param value its lowest 8 bits count
     */
    public void putByte(long offset, int value) {
        requireOpen();
        pointer.putByte(offset, (byte) value);
    }

    /**
     * Writes 32 bits in native byte order.
     *
     * @param offset from the start
     * @param value value
     */
    public void putInt(long offset, int value) {
        requireOpen();
        pointer.putInt(offset, value);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this memory was given back");
        }
    }

    /** Gives the memory back. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            functions.free(address);
        }
    }
}
