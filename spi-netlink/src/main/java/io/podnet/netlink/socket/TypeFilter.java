package io.podnet.netlink.socket;

import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A socket filter (Documentation/networking/filter.rst) that admits netlink datagrams by the type of their first message.
 *
 * @param memory four struct sock_filter, then a struct sock_fprog that points to them
 * @param program address of the struct sock_fprog, valid as long as {@code memory} is reachable
 */
record TypeFilter(ByteBuffer memory, long program) {
    static final int SO_ATTACH_FILTER = 26;
    /** Bytes of struct sock_fprog on 64-bit Linux. */
    static final int PROGRAM = 16;

    private static final int LOAD_16_BITS = 0x28;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int NLMSG_TYPE = 4;
    private static final int INSTRUCTIONS = 4;
    private static final int INSTRUCTION = 8;

    static TypeFilter of(Libc libc, int type) {
        ByteBuffer memory = Libc.allocate(INSTRUCTIONS * INSTRUCTION + PROGRAM);
        long address = libc.addressOf(memory);
        // A filter loads in network byte order, netlink writes in the machine's.
        boolean swapped = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        int loaded = Short.toUnsignedInt(swapped ? Short.reverseBytes((short) type) : (short) type);
        put(memory, 0, LOAD_16_BITS, 0, NLMSG_TYPE);
        put(memory, 1, JUMP_IF_EQUAL, 1, loaded);
        put(memory, 2, RETURN, 0, -1);
        put(memory, 3, RETURN, 0, 0);
        int end = INSTRUCTIONS * INSTRUCTION;
        memory.putShort(end, (short) INSTRUCTIONS).putLong(end + 8, address);
        return new TypeFilter(memory, address + end);
    }

    private static void put(ByteBuffer memory, int index, int code, int jumpIfFalse, int operand) {
        memory.putShort(index * INSTRUCTION, (short) code)
                .put(index * INSTRUCTION + 3, (byte) jumpIfFalse)
                .putInt(index * INSTRUCTION + 4, operand);
    }
}
