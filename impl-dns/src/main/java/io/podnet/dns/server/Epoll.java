package io.podnet.dns.server;

import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.LibcServer;
import io.podnet.netlink.libc.Refusal;
import java.nio.ByteBuffer;

/**
 * Readiness of many descriptors: epoll(7), level-triggered. One thread waits; any thread may add and change. A number of
 * the caller's own comes back with each event.
 */
final class Epoll implements AutoCloseable {
    static final int IN = 0x1;
    static final int OUT = 0x4;
    static final int ERR = 0x8;
    static final int HUP = 0x10;

    private static final int CLOEXEC = 0x80000;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final int MOST_EVENTS = 64;
    /** struct epoll_event is packed on x86-64 alone: include/uapi/linux/eventpoll.h. */
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    private static final int DATA = PACKED ? 4 : 8;
    private static final int EVENT = DATA + 8;

    private final Libc libc = Libc.instance();
    private final LibcServer server = LibcServer.instance();
    private final ByteBuffer events = Libc.allocate(MOST_EVENTS * EVENT);
    private final long eventsAddress = libc.addressOf(events);
    private final int fd;

    Epoll() {
        fd = server.epollCreate(CLOEXEC);
        if (fd < 0) {
            throw Refusal.of("epoll_create1", "the name server's event loop", fd);
        }
    }

    void add(int watched, int interest, long token) {
        control(ADD, watched, interest, token);
    }

    void change(int watched, int interest, long token) {
        control(MODIFY, watched, interest, token);
    }

    void remove(int watched) {
        control(DELETE, watched, 0, 0);
    }

    private void control(int operation, int watched, int interest, long token) {
        ByteBuffer event = Libc.allocate(EVENT);
        event.putInt(0, interest);
        event.putLong(DATA, token);
        try {
            int result = server.epollControl(fd, operation, watched, libc.addressOf(event));
            if (result < 0) {
                throw Refusal.of("epoll_ctl", "socket " + watched + " of the name server", result);
            }
        } finally {
            java.lang.ref.Reference.reachabilityFence(event);
        }
    }

    /** Waits, and gives how many events there are; 0 after the time. */
    int await(int timeoutMillis) {
        int ready = server.epollWait(fd, eventsAddress, MOST_EVENTS, timeoutMillis);
        if (ready < 0 && !Errno.EINTR.is(ready)) {
            throw Refusal.of("epoll_wait", "the name server's event loop", ready);
        }
        return Math.max(ready, 0);
    }

    int happened(int event) {
        return events.getInt(event * EVENT);
    }

    long token(int event) {
        return events.getLong(event * EVENT + DATA);
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
