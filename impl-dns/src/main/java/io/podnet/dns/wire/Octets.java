package io.podnet.dns.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network order at any offset of an array. Stateless; out of bounds is an {@link IndexOutOfBoundsException}. */
public final class Octets {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Octets() {}

    /**
     * Reads 16 bits.
     *
     * @param bytes where
     * @param offset offset of the first byte
     * @return 0 to 65535
     */
    public static int u16(byte[] bytes, int offset) {
        return (short) SHORT.get(bytes, offset) & 0xffff;
    }

    /**
     * Reads 32 bits.
     *
     * @param bytes where
     * @param offset offset of the first byte
     * @return 0 to 2^32-1
     */
    public static long u32(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset) & 0xffff_ffffL;
    }

    /**
     * Writes 16 bits.
     *
     * @param bytes where
     * @param offset offset of the first byte
     * @param value the low 16 bits count
     */
    public static void put16(byte[] bytes, int offset, int value) {
        SHORT.set(bytes, offset, (short) value);
    }

    /**
     * Writes 32 bits.
     *
     * @param bytes where
     * @param offset offset of the first byte
     * @param value the low 32 bits count
     */
    public static void put32(byte[] bytes, int offset, long value) {
        INT.set(bytes, offset, (int) value);
    }
}
