package io.podnet.netlink.sandbox;

import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A pidfd: signals through it reach the process that had the id when it was opened, or nobody. Linux 5.3 or newer. For
 * one thread.
 */
final class PidHandle implements AutoCloseable {
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final int NO_PROCESS = -1;
    private static final short POLLIN = 1;

    private final Libc libc = Libc.instance();
    private final int fd;

    private PidHandle(int fd) {
        this.fd = fd;
    }

    /** Opens a process; where there is none, a handle that reaches nobody. */
    static PidHandle open(long pid) {
        long fd = Libc.instance().syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (fd < 0 && !Errno.ESRCH.is(fd)) {
            throw Refusal.of("pidfd_open", "process " + pid, fd);
        }
        return new PidHandle(fd < 0 ? NO_PROCESS : (int) fd);
    }

    /** Sends a signal. Returns 0 or -errno. */
    long send(int signal) {
        return fd == NO_PROCESS ? -Errno.ESRCH.number() : libc.syscall(SYS_PIDFD_SEND_SIGNAL, fd, signal, 0, 0);
    }

    /** Waits for the end of the process. Returns false where it took longer. */
    boolean awaitEnd(Duration longest) {
        if (fd == NO_PROCESS) {
            return true;
        }
        long end = System.nanoTime() + longest.toNanos();
        ByteBuffer poll = Libc.allocate(8);
        poll.putInt(0, fd).putShort(4, POLLIN);
        long address = libc.addressOf(poll);
        try {
            while (true) {
                long left = (end - System.nanoTime()) / 1_000_000;
                int ready = libc.poll(address, 1, (int) Math.max(0, Math.min(left, 1000)));
                if (ready > 0) {
                    return true;
                }
                if (left <= 0) {
                    return false;
                }
            }
        } finally {
            Reference.reachabilityFence(poll);
        }
    }

    @Override
    public void close() {
        if (fd != NO_PROCESS) {
            libc.close(fd);
        }
    }
}
