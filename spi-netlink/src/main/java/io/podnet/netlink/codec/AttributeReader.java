package io.podnet.netlink.codec;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks attributes: {@link #next()}, then {@link #type()} and the getter for the value. A getter accepts a value that is
 * longer than it needs, since kernels let attributes grow; a shorter one is a {@link MalformedMessageException}.
 *
 * <p>{@link #nested()} always gives the same child, so that even deep messages cost no garbage: finish a nested
 * attribute before the next call. Not thread-safe.
 */
public final class AttributeReader {
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private @Nullable AttributeReader child;
    private int limit;
    private int next;
    private int start = -1;
    private int length;

    AttributeReader() {}

    AttributeReader wrap(ByteBuffer source, int offset, int bytes) {
        buffer = source;
        next = offset;
        limit = offset + bytes;
        start = -1;
        length = 0;
        return this;
    }

    /**
     * Goes to the next attribute.
     *
     * @return false at the end
     * @throws MalformedMessageException where the next attribute does not fit
     */
    public boolean next() {
        int left = limit - next;
        // Like the kernel's nla_ok(), trailing bytes that can not be an attribute end the list.
        if (left < LinuxNetlink.NLA_HDRLEN) {
            next = limit;
            start = -1;
            return false;
        }
        int said = Short.toUnsignedInt(buffer.getShort(next));
        if (said < LinuxNetlink.NLA_HDRLEN || said > left) {
            int at = next;
            next = limit;
            start = -1;
            throw new MalformedMessageException("attribute at byte " + at + " says " + said + " bytes of " + left);
        }
        start = next;
        length = said;
        next = Math.min(limit, start + LinuxNetlink.align(said));
        return true;
    }

    private int current() {
        if (start < 0) {
            throw new IllegalStateException("no attribute: next() was not called or returned false");
        }
        return start;
    }

    /**
     * Gives the type without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
     *
     * @return 0 to 16383
     */
    public int type() {
        return buffer.getShort(current() + 2) & LinuxNetlink.NLA_TYPE_MASK;
    }

    /**
     * Gives the length of the value.
     *
     * @return bytes, 0 to 65531
     */
    public int length() {
        current();
        return length - LinuxNetlink.NLA_HDRLEN;
    }

    /**
     * Reads 8 bits.
     *
     * @return 0 to 255
     */
    public int u8() {
        return Byte.toUnsignedInt(buffer.get(at(0, 1)));
    }

    /**
     * Reads 16 bits.
     *
     * @return 0 to 65535
     */
    public int u16() {
        return Short.toUnsignedInt(buffer.getShort(at(0, 2)));
    }

    /**
     * Reads 32 bits as a signed number.
     *
     * @return value
     */
    public int s32() {
        return buffer.getInt(at(0, 4));
    }

    /**
     * Reads 32 bits as an unsigned number.
     *
     * @return 0 to 4294967295
     */
    public long u32() {
        return Integer.toUnsignedLong(s32());
    }

    /**
     * Reads 64 bits.
     *
     * @return value
     */
    public long u64() {
        return buffer.getLong(at(0, 8));
    }

    /**
     * Reads 16 bits in network byte order.
     *
     * @return 0 to 65535
     */
    public int be16() {
        int at = at(0, 2);
        return byteAt(at) << 8 | byteAt(at + 1);
    }

    /**
     * Reads 32 bits in network byte order.
     *
     * @return value, as a signed number
     */
    public int be32() {
        int at = at(0, 4);
        return byteAt(at) << 24 | byteAt(at + 1) << 16 | byteAt(at + 2) << 8 | byteAt(at + 3);
    }

    /**
     * Reads 64 bits in network byte order.
     *
     * @return value
     */
    public long be64() {
        return be64At(0);
    }

    private long be64At(int offset) {
        int at = at(offset, 8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | byteAt(at + i);
        }
        return value;
    }

    /**
     * Reads 8 bits inside a value that is a C struct.
     *
     * @param offset from the value's start
     * @return 0 to 255
     */
    public int u8At(int offset) {
        return byteAt(at(offset, 1));
    }

    /**
     * Reads 32 bits inside a value that is a C struct.
     *
     * @param offset from the value's start
     * @return value, as a signed number
     */
    public int s32At(int offset) {
        return buffer.getInt(at(offset, 4));
    }

    /**
     * Reads an IP address.
     *
     * @return an IPv4 address of 4 bytes, an IPv6 address of 16
     * @throws MalformedMessageException for any other length
     */
    public IpAddress address() {
        return switch (length()) {
            case 4 -> new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(be32()));
            case 16 -> new IpAddress(IpFamily.IPV6, be64At(0), be64At(8));
            default ->
                throw new MalformedMessageException(
                        "attribute " + type() + " has " + length() + " bytes, an IP address has 4 or 16");
        };
    }

    /**
     * Reads an Ethernet address.
     *
     * @return the address
     * @throws MalformedMessageException where the value has not 6 bytes
     */
    public MacAddress mac() {
        if (length() != 6) {
            throw new MalformedMessageException(
                    "attribute " + type() + " has " + length() + " bytes, an Ethernet address has 6");
        }
        int at = at(0, 6);
        long bits = 0;
        for (int i = 0; i < 6; i++) {
            bits = bits << 8 | byteAt(at + i);
        }
        return new MacAddress(bits);
    }

    /**
     * Copies the value.
     *
     * @return a new array
     */
    public byte[] bytes() {
        byte[] copy = new byte[length()];
        buffer.get(start + LinuxNetlink.NLA_HDRLEN, copy);
        return copy;
    }

    /**
     * Reads a string up to its NUL, or to the end where there is none.
     *
     * @return text, decoded as UTF-8
     */
    public String string() {
        byte[] bytes = bytes();
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /**
     * Compares a string without making one.
     *
     * @param text ASCII text
     * @return true where the value is that text, with or without a NUL
     */
    public boolean stringEquals(String text) {
        int size = length();
        if (size != text.length() && (size != text.length() + 1 || byteAt(at(text.length(), 1)) != 0)) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (byteAt(at(i, 1)) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Goes into the value as attributes of their own.
     *
     * @return this reader's only child, before the first attribute
     */
    public AttributeReader nested() {
        return nestedAt(0);
    }

    /**
     * Goes into attributes behind a fixed header, as in VETH_INFO_PEER.
     *
     * @param headerLength bytes of the fixed header inside the value
     * @return this reader's only child, before the first attribute
     */
    public AttributeReader nestedAt(int headerLength) {
        int at = at(headerLength, 0);
        AttributeReader reader = child;
        if (reader == null) {
            reader = new AttributeReader();
            child = reader;
        }
        return reader.wrap(buffer, at, length() - headerLength);
    }

    private int byteAt(int index) {
        return Byte.toUnsignedInt(buffer.get(index));
    }

    private int at(int offset, int bytes) {
        int size = length();
        if (offset < 0 || bytes > size - offset) {
            throw new MalformedMessageException(
                    "attribute " + type() + " has " + size + " bytes, " + bytes + " are needed at " + offset);
        }
        return start + LinuxNetlink.NLA_HDRLEN + offset;
    }
}
