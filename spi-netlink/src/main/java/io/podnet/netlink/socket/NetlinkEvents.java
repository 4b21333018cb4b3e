package io.podnet.netlink.socket;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the kernel tells about changes, by multicast groups. One thread calls {@link #await} in a loop; any thread may
 * {@link #close}, which ends the wait. Bound to the network namespace of the thread that opened it.
 */
public final class NetlinkEvents implements AutoCloseable {
    private static final short POLLIN = 1;
    private static final int POLLFD = 8;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final int COUNTER = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Libc libc;
    private final NetlinkSocket socket;
    private final int wakeUp;
    private final MessageReader reader = new MessageReader();
    /** Two struct pollfd, then the 8 bytes that a wake-up writes. */
    private final ByteBuffer memory = Libc.allocate(24);

    private final long memoryAddress;
    private final AtomicBoolean closing = new AtomicBoolean();

    private NetlinkEvents(Libc libc, NetlinkSocket socket, int wakeUp) {
        this.libc = libc;
        this.socket = socket;
        this.wakeUp = wakeUp;
        this.memoryAddress = libc.addressOf(memory);
        memory.putLong(COUNTER, 1);
    }

    /**
     * Starts to listen in the calling thread's network namespace. Changes from now on are seen; list after this call.
     *
     * @param protocol NETLINK_*
     * @param groups multicast group numbers, for rtnetlink RTNLGRP_* (numbers, not the RTMGRP_* bits)
     * @return an open subscription
     */
    public static NetlinkEvents open(int protocol, int... groups) {
        return open(NetlinkSocket.open(protocol), groups);
    }

    /**
     * Starts to listen in the calling thread's network namespace, to messages of one type alone. The kernel drops the
     * others before they take room, so a flood of them loses nothing.
     *
     * @param protocol NETLINK_*
     * @param type nlmsg_type of the first message of a datagram
     * @param groups multicast group numbers
     * @return an open subscription
     */
    public static NetlinkEvents openForType(int protocol, int type, int... groups) {
        NetlinkSocket socket = NetlinkSocket.open(protocol);
        try {
            socket.admitOnly(type);
        } catch (PodnetException refused) {
            socket.close();
            throw refused;
        }
        return open(socket, groups);
    }

    private static NetlinkEvents open(NetlinkSocket socket, int... groups) {
        Libc libc = Libc.instance();
        try {
            for (int group : groups) {
                socket.join(group);
            }
            int wakeUp = libc.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
            if (wakeUp < 0) {
                throw Refusal.of("eventfd", "a netlink subscription", -wakeUp, "");
            }
            return new NetlinkEvents(libc, socket, wakeUp);
        } catch (PodnetException refused) {
            socket.close();
            throw refused;
        }
    }

    /** Is told what happened. Runs on the thread that waits. */
    public interface Listener {
        /**
         * Is shown one event. Must keep nothing of the reader.
         *
         * @param message the present message
         */
        void event(MessageReader message);

        /** Is told that events were lost: the state must be listed anew, since nobody knows what changed. */
        void overrun();
    }

    /**
     * Waits for events and hands over all that arrived.
     *
     * @param listener is told each
     * @param patience how long to wait for the first, at most 24 days
     * @return false where the subscription is closed; true after events, and after the time ran out without any
     */
    public boolean await(Listener listener, Duration patience) {
        lock.lock();
        try {
            if (closing.get()) {
                return false;
            }
            memory.putInt(0, socket.fd()).putShort(4, POLLIN).putShort(6, (short) 0);
            memory.putInt(POLLFD, wakeUp).putShort(POLLFD + 4, POLLIN).putShort(POLLFD + 6, (short) 0);
            int ready = libc.poll(memoryAddress, 2, Math.toIntExact(patience.toMillis()));
            if (ready < 0 && !Errno.EINTR.is(ready)) {
                throw Refusal.of("poll", "a netlink subscription", -ready, "");
            }
            if (ready > 0 && !closing.get()) {
                drain(listener);
            }
            return !closing.get();
        } finally {
            lock.unlock();
        }
    }

    private void drain(Listener listener) {
        while (!closing.get()) {
            int received = socket.receiveNow();
            if (Errno.EAGAIN.is(received)) {
                return;
            }
            if (Errno.ENOBUFS.is(received) || Errno.EMSGSIZE.is(received)) {
                listener.overrun();
            } else if (received < 0) {
                throw Refusal.of("recvmsg", "a netlink subscription", -received, "");
            } else {
                deliver(listener, received);
            }
        }
    }

    private void deliver(Listener listener, int received) {
        reader.wrap(socket.replyBuffer(), 0, received);
        try {
            while (reader.next()) {
                listener.event(reader);
            }
        } catch (MalformedMessageException unreadable) {
            // An event that can not be read is an event that was lost.
            listener.overrun();
        }
    }

    /** Ends a wait in work and gives the descriptors back. A second call does nothing. */
    @Override
    public void close() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a listener ends its loop instead of closing the subscription");
        }
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        // Only this thread closes the descriptor, so it is still the eventfd and not somebody else's file.
        libc.write(wakeUp, memoryAddress + COUNTER, Long.BYTES);
        lock.lock();
        try {
            libc.close(wakeUp);
            socket.close();
        } finally {
            lock.unlock();
        }
    }
}
