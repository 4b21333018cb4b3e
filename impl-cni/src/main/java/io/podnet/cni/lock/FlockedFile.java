package io.podnet.cni.lock;

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
 * A file under flock(2), which processes that share a directory hold beside each other or alone. The kernel drops the lock with
 * its process.
 */
public final class FlockedFile implements AutoCloseable {
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final long FIRST_PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 5_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int fd;

    private FlockedFile(int fd) {
        this.fd = fd;
    }

    /**
     * Locks beside others that do so too.
     *
     * @param file made where it is missing, with mode 0600; its directory is there
     * @return the lock, to be closed
     * @throws PodnetException.TimedOut where somebody else has it alone for a minute
     */
    public static FlockedFile shared(Path file) {
        return acquire(file, LOCK_SH, PATIENCE);
    }

    /**
     * Locks alone.
     *
     * @param file made where it is missing, with mode 0600; its directory is there
     * @return the lock, to be closed
     * @throws PodnetException.TimedOut where others have it for a minute
     */
    public static FlockedFile exclusive(Path file) {
        return acquire(file, LOCK_EX, PATIENCE);
    }

    private static FlockedFile acquire(Path file, int kind, Duration patience) {
        int fd = Libc.instance().open(file.toString(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0) {
            throw Refusal.of("open", "lock " + file, fd);
        }
        FlockedFile lock = new FlockedFile(fd);
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
    public void required() {
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
