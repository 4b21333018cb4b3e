package io.podnet.netlink.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks the messages of one received datagram. It never reads beyond the length that it was given, and each step goes
 * forward, so that any input ends in finitely many steps or in a {@link MalformedMessageException}.
 *
 * <p>One reader serves many datagrams by {@link #wrap}, without garbage. Not thread-safe; what it shows is valid until
 * the buffer is filled again.
 */
public final class MessageReader {
    private final AttributeReader attributes = new AttributeReader();
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int limit;
    private int next;
    private int start = -1;
    private int length;

    /**
     * Points the reader before the first message of a datagram.
     *
     * @param source native byte order
     * @param offset first byte
     * @param bytes how many bytes belong to the datagram
     * @return this
     */
    public MessageReader wrap(ByteBuffer source, int offset, int bytes) {
        if (source.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("netlink needs a buffer in native byte order");
        }
        if (offset < 0 || bytes < 0 || bytes > source.capacity() - offset) {
            throw new IllegalArgumentException(bytes + " bytes from " + offset + " of " + source.capacity());
        }
        buffer = source;
        next = offset;
        limit = offset + bytes;
        start = -1;
        length = 0;
        return this;
    }

    /**
     * Goes to the next message.
     *
     * @return false at the end
     * @throws MalformedMessageException where the next message does not fit into the datagram
     */
    public boolean next() {
        int left = limit - next;
        if (left <= 0) {
            start = -1;
            return false;
        }
        if (left < LinuxNetlink.NLMSG_HDRLEN) {
            throw malformed("message at byte " + next + ": " + left + " bytes left, a header needs 16");
        }
        int said = buffer.getInt(next);
        if (said < LinuxNetlink.NLMSG_HDRLEN || said > left) {
            throw malformed(
                    "message at byte " + next + " says " + Integer.toUnsignedString(said) + " bytes of " + left);
        }
        start = next;
        length = said;
        // The last message's padding may be missing.
        next = Math.min(limit, start + LinuxNetlink.align(said));
        return true;
    }

    private MalformedMessageException malformed(String text) {
        next = limit;
        start = -1;
        return new MalformedMessageException(text);
    }

    private int current() {
        if (start < 0) {
            throw new IllegalStateException("no message: next() was not called or returned false");
        }
        return start;
    }

    /**
     * Gives nlmsg_type.
     *
     * @return 0 to 65535
     */
    public int type() {
        return Short.toUnsignedInt(buffer.getShort(current() + 4));
    }

    /**
     * Gives nlmsg_flags.
     *
     * @return NLM_F_*
     */
    public int flags() {
        return Short.toUnsignedInt(buffer.getShort(current() + 6));
    }

    /**
     * Gives nlmsg_seq.
     *
     * @return sequence number of the request that this answers
     */
    public int sequence() {
        return buffer.getInt(current() + 8);
    }

    /**
     * Gives nlmsg_pid.
     *
     * @return port id of the socket that asked, 0 for the kernel's own events
     */
    public int portId() {
        return buffer.getInt(current() + 12);
    }

    /**
     * Gives the length of what follows the header.
     *
     * @return bytes, 0 or more
     */
    public int payloadLength() {
        current();
        return length - LinuxNetlink.NLMSG_HDRLEN;
    }

    /**
     * Reads 8 bits of the payload.
     *
     * @param offset from the payload's start
     * @return 0 to 255
     */
    public int u8(int offset) {
        return Byte.toUnsignedInt(buffer.get(at(offset, 1)));
    }

    /**
     * Reads 16 bits of the payload.
     *
     * @param offset from the payload's start
     * @return 0 to 65535
     */
    public int u16(int offset) {
        return Short.toUnsignedInt(buffer.getShort(at(offset, 2)));
    }

    /**
     * Reads 16 bits of the payload in network byte order.
     *
     * @param offset from the payload's start
     * @return 0 to 65535
     */
    public int be16(int offset) {
        int start16 = at(offset, 2);
        return Byte.toUnsignedInt(buffer.get(start16)) << 8 | Byte.toUnsignedInt(buffer.get(start16 + 1));
    }

    /**
     * Reads 32 bits of the payload.
     *
     * @param offset from the payload's start
     * @return value
     */
    public int s32(int offset) {
        return buffer.getInt(at(offset, 4));
    }

    /**
     * Copies a part of the payload.
     *
     * @param offset from the payload's start
     * @param bytes how many
     * @return a new array
     */
    public byte[] bytes(int offset, int bytes) {
        byte[] copy = new byte[bytes];
        buffer.get(at(offset, bytes), copy);
        return copy;
    }

    /**
     * Copies the whole message, header included, for a recording.
     *
     * @return a new array of nlmsg_len bytes
     */
    public byte[] copy() {
        byte[] copy = new byte[length];
        buffer.get(current(), copy);
        return copy;
    }

    /**
     * Goes to the attributes behind a fixed header.
     *
     * @param headerLength bytes of the family's fixed header, 0 or more
     * @return this reader's only attribute reader, before the first attribute
     * @throws MalformedMessageException where the payload is shorter than the header
     */
    public AttributeReader attributes(int headerLength) {
        int aligned = LinuxNetlink.align(headerLength);
        int payload = payloadLength();
        if (payload < headerLength) {
            throw new MalformedMessageException(
                    "message of type " + type() + " has " + payload + " bytes, its fixed header needs " + headerLength);
        }
        return attributes.wrap(
                buffer, start + LinuxNetlink.NLMSG_HDRLEN + Math.min(aligned, payload), Math.max(0, payload - aligned));
    }

    private int at(int offset, int bytes) {
        int payload = payloadLength();
        if (offset < 0 || bytes < 0 || bytes > payload - offset) {
            throw new MalformedMessageException(
                    "message of type " + type() + " has " + payload + " bytes, " + bytes + " are needed at " + offset);
        }
        return start + LinuxNetlink.NLMSG_HDRLEN + offset;
    }
}
