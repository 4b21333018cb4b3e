package io.podnet.netlink.unix;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/**
 * One accepted connection. Everything in it happens before one deadline, so that a peer that says nothing holds nobody
 * up. For one thread at a time; closing it closes the descriptors that nobody took.
 */
public final class UnixConnection implements AutoCloseable {
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 8;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;

    // One block of memory: struct msghdr, struct iovec, control data, struct pollfd, struct ucred, socklen_t, bytes.
    private static final int MESSAGE_CONTROL = 32;
    private static final int MESSAGE_CONTROL_LENGTH = 40;
    private static final int MESSAGE_FLAGS = 48;
    private static final int VECTOR = 56;
    private static final int CONTROL = 72;
    private static final int CONTROL_HEADER = 16;
    private static final int MOST_DESCRIPTORS = 4;
    private static final int CONTROL_ROOM = CONTROL_HEADER + 4 * MOST_DESCRIPTORS;
    private static final int POLL = CONTROL + CONTROL_ROOM;
    private static final int CREDENTIALS = POLL + 8;
    private static final int LENGTH = CREDENTIALS + 12;
    private static final int BYTES = LENGTH + 4;
    private static final int ROOM = 16 << 10;

    private final Libc libc = Libc.instance();
    private final int fd;
    private long deadline;
    private final ByteBuffer memory = Libc.allocate(BYTES + ROOM);
    private final long address = libc.addressOf(memory);
    private final Deque<Integer> descriptors = new ArrayDeque<>();
    private boolean closed;

    UnixConnection(int fd, Duration time) {
        this.fd = fd;
        this.deadline = System.nanoTime() + time.toNanos();
    }

    /**
     * Sets a new deadline.
     *
     * @param time from now on
     */
    public void extend(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /**
     * Tells who is at the other end.
     *
     * @return the credentials at the time of connect
     */
    public PeerCredentials peer() {
        memory.putInt(LENGTH, 12);
        answered(
                libc.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, address + CREDENTIALS, address + LENGTH),
                "getsockopt SO_PEERCRED");
        return new PeerCredentials(
                memory.getInt(CREDENTIALS), memory.getInt(CREDENTIALS + 4), memory.getInt(CREDENTIALS + 8));
    }

    /**
     * Receives a number of bytes, and the descriptors among them.
     *
     * @param count how many, at least 0
     * @return the bytes
     * @throws PodnetException.TimedOut where they do not come before the deadline
     * @throws PodnetException.Invalid where the peer ends before that, or sends more descriptors than 4
     */
    public byte[] receive(int count) {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count) {
            int got = receiveSome(Math.min(count - have, ROOM));
            memory.get(BYTES, bytes, have, got);
            have += got;
        }
        return bytes;
    }

    private int receiveSome(int most) {
        while (true) {
            memory.putLong(0, 0).putInt(8, 0);
            memory.putLong(16, address + VECTOR).putLong(24, 1);
            memory.putLong(MESSAGE_CONTROL, address + CONTROL).putLong(MESSAGE_CONTROL_LENGTH, CONTROL_ROOM);
            memory.putInt(MESSAGE_FLAGS, 0);
            memory.putLong(VECTOR, address + BYTES).putLong(VECTOR + 8, most);
            long got = libc.recvmsg(fd, address, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
            if (Errno.EAGAIN.is(got)) {
                await(POLLIN);
            } else if (!Errno.EINTR.is(got)) {
                answered(got, "recvmsg");
                keepDescriptors();
                if (got == 0) {
                    throw new PodnetException.Invalid("the peer hung up in the middle of a message");
                }
                return (int) got;
            }
        }
    }

    private void keepDescriptors() {
        long length = memory.getLong(MESSAGE_CONTROL_LENGTH);
        if (length >= CONTROL_HEADER
                && memory.getInt(CONTROL + 8) == SOL_SOCKET
                && memory.getInt(CONTROL + 12) == SCM_RIGHTS) {
            int count = (int) Math.min(memory.getLong(CONTROL) - CONTROL_HEADER, length - CONTROL_HEADER) / 4;
            for (int i = 0; i < count; i++) {
                descriptors.add(memory.getInt(CONTROL + CONTROL_HEADER + 4 * i));
            }
        }
        if ((memory.getInt(MESSAGE_FLAGS) & MSG_CTRUNC) != 0 || descriptors.size() > MOST_DESCRIPTORS) {
            throw new PodnetException.Invalid("the peer sent more than " + MOST_DESCRIPTORS + " descriptors");
        }
    }

    /**
     * Takes the next descriptor that came along, in the order that they were sent in.
     *
     * @return the caller's to close; empty where there is none left
     */
    public OptionalInt takeDescriptor() {
        Integer next = descriptors.poll();
        return next == null ? OptionalInt.empty() : OptionalInt.of(next);
    }

    /**
     * Sends bytes.
     *
     * @param bytes all of them
     * @throws PodnetException.TimedOut where the peer does not take them before the deadline
     * @throws PodnetException.KernelRejected where the peer hung up
     */
    public void send(byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            int count = Math.min(bytes.length - done, ROOM);
            memory.put(BYTES, bytes, done, count);
            long sent = libc.send(fd, address + BYTES, count, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (Errno.EAGAIN.is(sent)) {
                await(POLLOUT);
            } else if (!Errno.EINTR.is(sent)) {
                answered(sent, "send");
                done += (int) sent;
            }
        }
    }

    private void await(int event) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new PodnetException.TimedOut("the peer of a unix socket keeps this side waiting");
        }
        memory.putInt(POLL, fd).putShort(POLL + 4, (short) event).putShort(POLL + 6, (short) 0);
        int ready = libc.poll(address + POLL, 1, (int) Math.min(left, Integer.MAX_VALUE));
        if (!Errno.EINTR.is(ready)) {
            answered(ready, "poll");
        }
    }

    private static void answered(long result, String call) {
        if (result < 0) {
            throw Refusal.of(call, "a unix socket", result);
        }
    }

    /** Hangs up, and closes the descriptors that nobody took. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            descriptors.forEach(libc::close);
            descriptors.clear();
            libc.close(fd);
        }
    }
}
