package io.podnet.cni.plugin;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_CREAT;
import static io.podnet.netlink.libc.OpenFlags.O_NOFOLLOW;
import static io.podnet.netlink.libc.OpenFlags.O_RDWR;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A network's lock, an flock(2) that the daemon and stand-alone programs share: attachments beside each other, what
 * concerns all of them alone (SPEC.md, "GC": "exclusive"). The kernel drops it with its process.
 */
final class NetworkLock implements AutoCloseable {
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final long FIRST_PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 5_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int fd;

    private NetworkLock(int fd) {
        this.fd = fd;
    }

    static NetworkLock shared(Path file) {
        return acquire(file, LOCK_SH, PATIENCE);
    }

    static NetworkLock exclusive(Path file) {
        return acquire(file, LOCK_EX, PATIENCE);
    }

    private static NetworkLock acquire(Path file, int kind, Duration patience) {
        int fd = Libc.instance().open(file.toString(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0) {
            throw Refusal.of("open", "lock " + file, fd);
        }
        NetworkLock lock = new NetworkLock(fd);
        try {
            lock.await(file, kind, patience);
            return lock;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void await(Path file, int kind, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = FIRST_PAUSE;
        while (true) {
            int result = Libc.instance().flock(fd, kind | LOCK_NB);
            if (result >= 0) {
                return;
            }
            if (!Errno.EAGAIN.is(result) && !Errno.EINTR.is(result)) {
                throw Refusal.of("flock", "lock " + file, result);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new PodnetException.TimedOut(
                        "lock " + file + " was held for more than " + patience + "; /proc/locks names the holder");
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    /** Says in a block that it works under this lock. */
    void required() {
        if (fd < 0) {
            throw new IllegalStateException("a lock without a file");
        }
    }

    @Override
    public void close() {
        // The lock goes with its open file.
        Libc.instance().close(fd);
    }
}
