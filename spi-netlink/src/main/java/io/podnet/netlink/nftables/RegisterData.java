package io.podnet.netlink.nftables;

import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes as they lie in nf_tables' registers: what rules compare with, keys and values of sets. Immutable.
 *
 * <p>A concatenation has each of its fields padded with zeros to four bytes.
 */
public final class RegisterData {
    /** No bytes: the value of a set's element. */
    public static final RegisterData NONE = new RegisterData(new byte[0]);

    private static final int WORD = 4;
    private static final int IFNAMSIZ = 16;

    private final byte[] bytes;

    private RegisterData(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Makes data of bytes.
     *
     * @param bytes copied
     * @return the data
     */
    public static RegisterData of(byte... bytes) {
        return new RegisterData(bytes.clone());
    }

    /**
     * Makes one byte.
     *
     * @param value lowest 8 bits count
     * @return the data
     */
    public static RegisterData u8(int value) {
        return new RegisterData(new byte[] {(byte) value});
    }

    /**
     * Makes two bytes in network order, such as a port or an Ethernet type.
     *
     * @param value lowest 16 bits count
     * @return the data
     */
    public static RegisterData be16(int value) {
        return new RegisterData(new byte[] {(byte) (value >> 8), (byte) value});
    }

    /**
     * Makes four bytes in the host's order, such as an address type or a mark.
     *
     * @param value all bits count
     * @return the data
     */
    public static RegisterData host32(int value) {
        return new RegisterData(ByteBuffer.allocate(WORD)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array());
    }

    /**
     * Makes an address.
     *
     * @param address either family
     * @return 4 or 16 bytes
     */
    public static RegisterData of(IpAddress address) {
        return new RegisterData(address.toBytes());
    }

    /**
     * Makes an Ethernet address.
     *
     * @param address any
     * @return 6 bytes
     */
    public static RegisterData of(MacAddress address) {
        return new RegisterData(address.toBytes());
    }

    /**
     * Makes an interface's name.
     *
     * @param name at most 15 ASCII characters
     * @return 16 bytes, zeros behind the name
     */
    public static RegisterData interfaceName(String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        if (text.length >= IFNAMSIZ) {
            throw new IllegalArgumentException("an interface's name has at most 15 characters");
        }
        return new RegisterData(Arrays.copyOf(text, IFNAMSIZ));
    }

    /**
     * Concatenates.
     *
     * @param fields padded to four bytes each
     * @return the data
     */
    public static RegisterData concat(RegisterData... fields) {
        int length = 0;
        for (RegisterData field : fields) {
            length += padded(field.bytes.length);
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (RegisterData field : fields) {
            System.arraycopy(field.bytes, 0, joined, at, field.bytes.length);
            at += padded(field.bytes.length);
        }
        return new RegisterData(joined);
    }

    static int padded(int bytes) {
        return (bytes + WORD - 1) / WORD * WORD;
    }

    /** Keeps the array: for bytes that nobody else has. */
    static RegisterData wrap(byte[] bytes) {
        return new RegisterData(bytes);
    }

    /** The array itself, to be read only. */
    byte[] array() {
        return bytes;
    }

    /**
     * Tells the length.
     *
     * @return bytes
     */
    public int length() {
        return bytes.length;
    }

    /**
     * Cuts out a field.
     *
     * @param offset its first byte
     * @param length its bytes
     * @return a new array
     */
    public byte[] bytes(int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /**
     * Reads two bytes in network order.
     *
     * @param offset the first byte
     * @return 0 to 65535
     */
    public int be16At(int offset) {
        return (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RegisterData data && Arrays.equals(bytes, data.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /**
     * Writes the bytes.
     *
     * @return {@code 0x} and hexadecimal digits
     */
    @Override
    public String toString() {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
