package io.podnet.netlink.fake;

import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkTransport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A transport whose other end is a function. It keeps each message that was sent, acknowledges as the kernel does, ends
 * dumps with NLMSG_DONE, and refuses the requests that it was told to refuse. For one thread at a time.
 */
public final class FakeKernel implements NetlinkTransport {
    /** Port id that answers must carry. */
    public static final int PORT_ID = 0x0f0f;

    private static final int SIZE = 64 * 1024;

    private final Answer answer;
    private final List<byte[]> sent = new ArrayList<>();
    private final Map<Integer, Errno> refusals = new HashMap<>();
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private final ByteBuffer reply = memory(SIZE);
    private ByteBuffer request = memory(SIZE);
    private boolean closed;

    /** Creates a fake that accepts everything and has nothing. */
    public FakeKernel() {
        this((request, reply) -> 0);
    }

    /**
     * Creates a fake with answers.
     *
     * @param answer answers each request that is not refused by {@link #refuse}
     */
    public FakeKernel(Answer answer) {
        this.answer = answer;
    }

    private static ByteBuffer memory(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /**
     * Refuses one request to come.
     *
     * @param index which, counting all messages sent from 0
     * @param errno what to refuse with
     * @return this
     */
    public FakeKernel refuse(int index, Errno errno) {
        refusals.put(index, errno);
        return this;
    }

    /**
     * Gives what was sent so far.
     *
     * @return one array for each message, header included, in order
     */
    public List<byte[]> sent() {
        return List.copyOf(sent);
    }

    /**
     * Counts the messages of a type.
     *
     * @param type nlmsg_type
     * @return how many were sent
     */
    public long sentOfType(int type) {
        return sent.stream().filter(message -> typeOf(message) == type).count();
    }

    private static int typeOf(byte[] message) {
        return Short.toUnsignedInt(
                ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()).getShort(4));
    }

    /**
     * Tells whether the transport was closed.
     *
     * @return true after {@link #close}
     */
    public boolean closed() {
        return closed;
    }

    /**
     * Starts an answer that belongs to a request.
     *
     * @param reply where to write
     * @param request what is answered
     * @param type nlmsg_type of the answer
     * @param flags NLM_F_* of the answer
     * @return the writer, for the fixed header and attributes
     */
    public static MessageWriter begin(MessageWriter reply, MessageReader request, int type, int flags) {
        return reply.begin(type, flags, request.sequence(), PORT_ID);
    }

    @Override
    public int portId() {
        return PORT_ID;
    }

    @Override
    public ByteBuffer requestBuffer(int capacity) {
        if (capacity > request.capacity()) {
            ByteBuffer larger = memory(Math.max(capacity, 2 * request.capacity()));
            larger.put(0, request, 0, request.capacity());
            request = larger;
        }
        return request;
    }

    @Override
    public ByteBuffer replyBuffer() {
        return reply;
    }

    @Override
    public int send(int length) {
        if (closed) {
            return -Errno.EBADF.number();
        }
        MessageReader reader = new MessageReader().wrap(request, 0, length);
        while (reader.next()) {
            int index = sent.size();
            sent.add(reader.copy());
            respond(index, reader);
        }
        return length;
    }

    private void respond(int index, MessageReader reader) {
        MessageWriter writer = new MessageWriter(memory(SIZE)).clear(0);
        Errno refusal = refusals.get(index);
        int errno = refusal != null ? refusal.number() : answer.to(reader, writer);
        boolean dump = (reader.flags() & LinuxNetlink.NLM_F_DUMP) == LinuxNetlink.NLM_F_DUMP
                && (reader.flags() & LinuxNetlink.NLM_F_ACK) == 0;
        if (errno != 0 || (reader.flags() & LinuxNetlink.NLM_F_ACK) != 0) {
            begin(writer, reader, LinuxNetlink.NLMSG_ERROR, LinuxNetlink.NLM_F_CAPPED)
                    .putInt(-errno)
                    .putInt(LinuxNetlink.NLMSG_HDRLEN + reader.payloadLength())
                    .putShort(reader.type())
                    .putShort(reader.flags())
                    .putInt(reader.sequence())
                    .putInt(reader.portId());
        } else if (dump && !endsWithDone(writer)) {
            begin(writer, reader, LinuxNetlink.NLMSG_DONE, LinuxNetlink.NLM_F_MULTI)
                    .putInt(0);
        }
        enqueue(writer);
    }

    private static boolean endsWithDone(MessageWriter writer) {
        writer.end();
        MessageReader reader = new MessageReader().wrap(writer.buffer(), 0, writer.length());
        boolean done = false;
        while (reader.next()) {
            done = reader.type() == LinuxNetlink.NLMSG_DONE;
        }
        return done;
    }

    private void enqueue(MessageWriter writer) {
        writer.end();
        if (writer.length() > 0) {
            byte[] datagram = new byte[writer.length()];
            writer.buffer().get(0, datagram);
            queue.add(datagram);
        }
    }

    /**
     * Puts a datagram into the queue as it is, well-formed or not.
     *
     * @param datagram bytes that the next receive sees after those that wait already
     */
    public void deliver(byte[] datagram) {
        queue.add(datagram.clone());
    }

    @Override
    public int receive() {
        return receiveNow();
    }

    @Override
    public int receiveNow() {
        byte[] datagram = queue.poll();
        if (datagram == null) {
            return -Errno.EAGAIN.number();
        }
        reply.put(0, datagram);
        return datagram.length;
    }

    @Override
    public void close() {
        closed = true;
    }
}
