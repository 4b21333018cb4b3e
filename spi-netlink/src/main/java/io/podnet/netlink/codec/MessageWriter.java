package io.podnet.netlink.codec;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * Lays netlink messages out one after the other in one buffer, by absolute writes and without garbage. A message is
 * {@link #begin}, its family's fixed header by the {@code put} methods, then attributes; the next {@code begin} or
 * {@link #end} closes it. Sequence numbers are given consecutively from the one that {@link #clear} named.
 *
 * <p>Integers are in native byte order as netlink wants them, except in the {@code Be} methods. Methods return this
 * writer. Not thread-safe.
 */
public final class MessageWriter {
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private final IntFunction<ByteBuffer> storage;
    private ByteBuffer buffer;
    private int position;
    private int messageStart = -1;
    private int openNests;
    private int sequence;
    private int count;

    /**
     * Creates a writer over a buffer that does not grow.
     *
     * @param buffer native byte order, at least 16 bytes
     */
    public MessageWriter(ByteBuffer buffer) {
        this(new FixedStorage(buffer));
    }

    /**
     * Creates a writer over a buffer that may be replaced by a larger one.
     *
     * @param storage given a number of bytes, returns a buffer of native byte order with at least that capacity that
     *     starts with the contents of the previous one; throws where that is too much
     */
    public MessageWriter(IntFunction<ByteBuffer> storage) {
        this.storage = storage;
        this.buffer = storage.apply(LinuxNetlink.NLMSG_HDRLEN);
        if (buffer.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("netlink needs a buffer in native byte order");
        }
    }

    /**
     * Forgets all messages.
     *
     * @param firstSequence sequence number of the next message
     * @return this
     */
    public MessageWriter clear(int firstSequence) {
        position = 0;
        messageStart = -1;
        openNests = 0;
        count = 0;
        sequence = firstSequence;
        return this;
    }

    /**
     * Starts a message, ending the one before. The port id is left 0: the kernel knows the sender.
     *
     * @param type nlmsg_type, 16 bits
     * @param flags NLM_F_*, 16 bits
     * @return this
     */
    public MessageWriter begin(int type, int flags) {
        return begin(type, flags, sequence++, 0);
    }

    /**
     * Starts a message with a chosen sequence number and port id, as a kernel's answer has them.
     *
     * @param type nlmsg_type, 16 bits
     * @param flags NLM_F_*, 16 bits
     * @param messageSequence nlmsg_seq
     * @param portId nlmsg_pid
     * @return this
     */
    public MessageWriter begin(int type, int flags, int messageSequence, int portId) {
        end();
        int start = reserve(LinuxNetlink.NLMSG_HDRLEN);
        messageStart = start;
        count++;
        buffer.putInt(start, 0);
        buffer.putShort(start + 4, (short) type);
        buffer.putShort(start + 6, (short) flags);
        buffer.putInt(start + 8, messageSequence);
        buffer.putInt(start + 12, portId);
        return this;
    }

    /**
     * Closes the message in work by writing its length. Does nothing where there is none.
     *
     * @return this
     */
    public MessageWriter end() {
        if (messageStart >= 0) {
            if (openNests != 0) {
                throw new IllegalStateException(openNests + " nested attributes are still open");
            }
            buffer.putInt(messageStart, position - messageStart);
            messageStart = -1;
            pad();
        }
        return this;
    }

    /**
     * Adds flags to a message that was begun already.
     *
     * @param messageOffset where it starts: {@link #length()} before it was begun
     * @param flags NLM_F_*
     * @return this
     */
    public MessageWriter addFlags(int messageOffset, int flags) {
        buffer.putShort(messageOffset + 6, (short) (buffer.getShort(messageOffset + 6) | flags));
        return this;
    }

    /**
     * Counts messages since {@link #clear}.
     *
     * @return messages begun
     */
    public int count() {
        return count;
    }

    /**
     * Tells how much is written.
     *
     * @return bytes since {@link #clear}, a multiple of 4 after {@link #end}
     */
    public int length() {
        return position;
    }

    /**
     * Gives the bytes.
     *
     * @return the present buffer; writing on may replace it
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Appends one byte of a fixed header.
     *
     * @param value lowest 8 bits count
     * @return this
     */
    public MessageWriter putByte(int value) {
        int at = reserve(1);
        buffer.put(at, (byte) value);
        return this;
    }

    /**
     * Appends 16 bits of a fixed header.
     *
     * @param value lowest 16 bits count
     * @return this
     */
    public MessageWriter putShort(int value) {
        int at = reserve(2);
        buffer.putShort(at, (short) value);
        return this;
    }

    /**
     * Appends 32 bits of a fixed header.
     *
     * @param value value
     * @return this
     */
    public MessageWriter putInt(int value) {
        int at = reserve(4);
        buffer.putInt(at, value);
        return this;
    }

    /**
     * Appends 64 bits of a fixed header.
     *
     * @param value value
     * @return this
     */
    public MessageWriter putLong(long value) {
        int at = reserve(8);
        buffer.putLong(at, value);
        return this;
    }

    /**
     * Appends 16 bits in network byte order.
     *
     * @param value lowest 16 bits count
     * @return this
     */
    public MessageWriter putShortBe(int value) {
        return putShort(LITTLE_ENDIAN ? Short.reverseBytes((short) value) : value);
    }

    /**
     * Appends 32 bits in network byte order.
     *
     * @param value value
     * @return this
     */
    public MessageWriter putIntBe(int value) {
        return putInt(LITTLE_ENDIAN ? Integer.reverseBytes(value) : value);
    }

    /**
     * Appends 64 bits in network byte order.
     *
     * @param value value
     * @return this
     */
    public MessageWriter putLongBe(long value) {
        return putLong(LITTLE_ENDIAN ? Long.reverseBytes(value) : value);
    }

    /**
     * Appends bytes as they are.
     *
     * @param bytes bytes, not kept
     * @return this
     */
    public MessageWriter putBytes(byte[] bytes) {
        int at = reserve(bytes.length);
        buffer.put(at, bytes, 0, bytes.length);
        return this;
    }

    /**
     * Appends zero bytes.
     *
     * @param bytes how many
     * @return this
     */
    public MessageWriter putZeros(int bytes) {
        int at = reserve(bytes);
        for (int i = 0; i < bytes; i++) {
            buffer.put(at + i, (byte) 0);
        }
        return this;
    }

    /** Appends the zero bytes that bring the next field to the alignment of 4. */
    private void pad() {
        putZeros(LinuxNetlink.align(position) - position);
    }

    /**
     * Appends an attribute of 8 bits.
     *
     * @param type attribute type with its NLA_F_* marks
     * @param value lowest 8 bits count
     * @return this
     */
    public MessageWriter attrU8(int type, int value) {
        header(type, 1);
        putByte(value);
        pad();
        return this;
    }

    /**
     * Appends an attribute of 16 bits.
     *
     * @param type attribute type with its NLA_F_* marks
     * @param value lowest 16 bits count
     * @return this
     */
    public MessageWriter attrU16(int type, int value) {
        header(type, 2);
        putShort(value);
        pad();
        return this;
    }

    /**
     * Appends an attribute of 32 bits.
     *
     * @param type attribute type with its NLA_F_* marks
     * @param value value
     * @return this
     */
    public MessageWriter attrU32(int type, int value) {
        header(type, 4);
        return putInt(value);
    }

    /**
     * Appends an attribute of 64 bits.
     *
     * @param type attribute type with its NLA_F_* marks
     * @param value value
     * @return this
     */
    public MessageWriter attrU64(int type, long value) {
        header(type, 8);
        return putLong(value);
    }

    /**
     * Appends an attribute of 16 bits in network byte order.
     *
     * @param type attribute type with its NLA_F_* marks
     * @param value lowest 16 bits count
     * @return this
     */
    public MessageWriter attrBe16(int type, int value) {
        return attrU16(type, LITTLE_ENDIAN ? Short.reverseBytes((short) value) : value);
    }

    /**
     * Appends an attribute of 32 bits in network byte order.
     *
     * @param type attribute type with its NLA_F_* marks
     * @param value value
     * @return this
     */
    public MessageWriter attrBe32(int type, int value) {
        return attrU32(type, LITTLE_ENDIAN ? Integer.reverseBytes(value) : value);
    }

    /**
     * Appends an attribute of 64 bits in network byte order.
     *
     * @param type attribute type with its NLA_F_* marks
     * @param value value
     * @return this
     */
    public MessageWriter attrBe64(int type, long value) {
        return attrU64(type, LITTLE_ENDIAN ? Long.reverseBytes(value) : value);
    }

    /**
     * Appends an attribute of bytes as they are.
     *
     * @param type attribute type with its NLA_F_* marks
     * @param bytes at most 65531 bytes, not kept
     * @return this
     */
    public MessageWriter attrBytes(int type, byte[] bytes) {
        header(type, bytes.length);
        putBytes(bytes);
        pad();
        return this;
    }

    /**
     * Appends an IP address in network byte order, 4 or 16 bytes.
     *
     * @param type attribute type
     * @param address address
     * @return this
     */
    public MessageWriter attrAddress(int type, IpAddress address) {
        if (address.family() == IpFamily.IPV4) {
            return attrBe32(type, (int) address.low());
        }
        header(type, 16);
        putLongBe(address.high());
        return putLongBe(address.low());
    }

    /**
     * Appends an Ethernet address, 6 bytes.
     *
     * @param type attribute type
     * @param address address
     * @return this
     */
    public MessageWriter attrMac(int type, MacAddress address) {
        header(type, 6);
        putIntBe((int) (address.bits() >>> 16));
        putShortBe((int) address.bits());
        pad();
        return this;
    }

    /**
     * Appends an attribute without a value, whose presence is the message.
     *
     * @param type attribute type
     * @return this
     */
    public MessageWriter attrFlag(int type) {
        header(type, 0);
        return this;
    }

    /**
     * Appends a string with the NUL that the kernel's NLA_NUL_STRING policy wants.
     *
     * @param type attribute type
     * @param value text without NUL, encoded as UTF-8
     * @return this
     */
    public MessageWriter attrString(int type, String value) {
        int start = position;
        header(type, 0);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException("a NUL inside a netlink string");
            }
            if (c > 0x7f) {
                position = start;
                return attrBytes(type, (value + '\0').getBytes(StandardCharsets.UTF_8));
            }
            putByte(c);
        }
        putByte(0);
        closeAttribute(start);
        return this;
    }

    /**
     * Starts an attribute that holds attributes, with NLA_F_NESTED set.
     *
     * @param type attribute type
     * @return what {@link #endNested} needs
     */
    public int beginNested(int type) {
        return beginValue(type | LinuxNetlink.NLA_F_NESTED);
    }

    /**
     * Starts an attribute whose value, a C struct, is written by the {@code put} methods.
     *
     * @param type attribute type
     * @return what {@link #endNested} needs
     */
    public int beginValue(int type) {
        int start = position;
        header(type, 0);
        openNests++;
        return start;
    }

    /**
     * Ends an attribute that was begun, by writing its length.
     *
     * @param nest what {@link #beginNested} or {@link #beginValue} gave; innermost first
     * @return this
     */
    public MessageWriter endNested(int nest) {
        openNests--;
        closeAttribute(nest);
        return this;
    }

    private void header(int type, int payload) {
        int length = LinuxNetlink.NLA_HDRLEN + payload;
        AttributeLength.check(length);
        pad();
        int at = reserve(LinuxNetlink.NLA_HDRLEN);
        buffer.putShort(at, (short) length);
        buffer.putShort(at + 2, (short) type);
    }

    private void closeAttribute(int start) {
        int length = position - start;
        AttributeLength.check(length);
        buffer.putShort(start, (short) length);
        pad();
    }

    private int reserve(int bytes) {
        int at = position;
        int needed = at + bytes;
        if (needed > buffer.capacity()) {
            buffer = storage.apply(needed);
        }
        position = needed;
        return at;
    }
}
