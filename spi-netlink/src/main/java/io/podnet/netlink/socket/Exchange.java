package io.podnet.netlink.socket;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;

/**
 * The unlocked half of a conversation: one request in work, its answers read one by one. Answers that belong to no
 * request in work (an earlier one that ran out of time) are passed over.
 */
final class Exchange {
    final MessageWriter writer;
    private final NetlinkTransport transport;
    private final MessageReader reader = new MessageReader();
    private int nextSequence = 1;
    private int first;
    private int last;
    /** Answers may still be under way that nobody waits for. */
    private boolean dirty;

    Exchange(NetlinkTransport transport) {
        this.transport = transport;
        this.writer = new MessageWriter(transport::requestBuffer);
    }

    /** Clears the writer for requests that follow. */
    void prepare() {
        if (dirty) {
            drain();
        }
        writer.clear(nextSequence);
    }

    /**
     * Writes a request behind those before.
     *
     * @param request writes exactly one message
     * @param flags NLM_F_* to add
     * @return where its message starts
     */
    int append(NetlinkRequest request, int flags) {
        int before = writer.count();
        int offset = writer.length();
        request.write(writer);
        writer.end();
        if (writer.count() != before + 1) {
            throw new IllegalStateException(
                    request.operation() + " wrote " + (writer.count() - before) + " messages where one was expected");
        }
        writer.addFlags(offset, LinuxNetlink.NLM_F_REQUEST | flags);
        return offset;
    }

    /**
     * Sends all that was written.
     *
     * @param request is named where the kernel takes none of it
     */
    void send(NetlinkRequest request) {
        writer.end();
        first = nextSequence;
        nextSequence += writer.count();
        last = nextSequence - 1;
        int sent = transport.send(writer.length());
        if (sent < 0) {
            throw Refusal.of(request.operation(), request.object(), -sent, "");
        }
        dirty = true;
    }

    /** Sequence number of the first message sent. */
    int firstSequence() {
        return first;
    }

    /** Sequence number of the last message sent. */
    int lastSequence() {
        return last;
    }

    /** Says that all answers were read. */
    void finished() {
        dirty = false;
    }

    /**
     * Goes to the next answer to a message of this exchange, waiting for it where needed.
     *
     * @param request is named where none comes
     * @return the reader at that answer
     */
    MessageReader await(NetlinkRequest request) {
        while (true) {
            while (reader.next()) {
                if (belongs()) {
                    return reader;
                }
            }
            int received = transport.receive();
            if (received < 0) {
                throw failure(request, -received);
            }
            reader.wrap(transport.replyBuffer(), 0, received);
        }
    }

    /**
     * Goes to the next answer that has arrived already.
     *
     * @param request is named where the kernel had to drop answers
     * @return false where there is none
     */
    boolean poll(NetlinkRequest request) {
        while (true) {
            while (reader.next()) {
                if (belongs()) {
                    return true;
                }
            }
            int received = transport.receiveNow();
            if (Errno.EAGAIN.is(received)) {
                return false;
            }
            if (received < 0) {
                throw failure(request, -received);
            }
            reader.wrap(transport.replyBuffer(), 0, received);
        }
    }

    /** The reader at the answer that {@link #poll} found. */
    MessageReader answer() {
        return reader;
    }

    /** Passes over what is left of the present datagram. */
    void skipDatagram() {
        reader.wrap(transport.replyBuffer(), 0, 0);
    }

    private boolean belongs() {
        int type = reader.type();
        // Sequence numbers wrap around, so they are compared by distance.
        return reader.sequence() - first >= 0
                && reader.sequence() - last <= 0
                && reader.portId() == transport.portId()
                && type != LinuxNetlink.NLMSG_NOOP;
    }

    /** A datagram per round, bounded: a dump in work has at most as many left as the kernel still makes. */
    private void drain() {
        skipDatagram();
        int received;
        do {
            received = transport.receiveNow();
        } while (received >= 0 || Errno.ENOBUFS.is(received) || Errno.EMSGSIZE.is(received));
        dirty = false;
    }

    private static PodnetException failure(NetlinkRequest request, int errno) {
        String operation = request.operation();
        String object = request.object();
        if (errno == Errno.EAGAIN.number()) {
            return new PodnetException.TimedOut(operation + " on " + object
                    + ": the kernel did not answer within the netlink socket's time; the request may have been carried"
                    + " out, so look before trying again");
        }
        if (errno == Errno.EMSGSIZE.number()) {
            return new PodnetException.LimitReached(
                    operation + " on " + object + ": the kernel's answer is longer than the netlink receive buffer");
        }
        return Refusal.of(operation, object, errno, "");
    }

    static PodnetException malformed(NetlinkRequest request, MalformedMessageException malformed) {
        PodnetException.KernelRejected rejected = new PodnetException.KernelRejected(
                request.operation(),
                request.object(),
                Errno.EBADMSG.number(),
                Errno.EBADMSG.name(),
                "answer can not be read: " + malformed.getMessage());
        rejected.addSuppressed(malformed);
        return rejected;
    }
}
