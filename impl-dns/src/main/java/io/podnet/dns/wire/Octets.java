package io.podnet.dns.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network order at any offset of an array. Stateless; out of bounds is an {@link IndexOutOfBoundsException}. */
public final class Octets {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long TOPS = 0x8080_8080_8080_8080L;

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

    /**
     * Copies octets with their ASCII capital letters made small (RFC 4343).
     *
     * @param from where
     * @param fromOffset offset of the first
     * @param to the other array
     * @param toOffset offset there
     * @param count how many
     */
    public static void copySmall(byte[] from, int fromOffset, byte[] to, int toOffset, int count) {
        int at = 0;
        for (; at <= count - 8; at += 8) {
            LONG.set(to, toOffset + at, small((long) LONG.get(from, fromOffset + at)));
        }
        for (; at < count; at++) {
            int octet = from[fromOffset + at];
            to[toOffset + at] = (byte) (octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
        }
    }

    /** Eight octets at once: in each, the top bit of a sum tells whether the lower seven are 'A' or more, or beyond 'Z'. */
    private static long small(long octets) {
        long sevens = octets & ~TOPS;
        long fromA = sevens + (0x80 - 'A') * EACH;
        long beyondZ = sevens + (0x7f - 'Z') * EACH;
        long capital = (fromA ^ beyondZ) & ~octets & TOPS;
        // 0x80 becomes 0x20, the difference of a letter's two cases.
        return octets + (capital >>> 2);
    }
}
