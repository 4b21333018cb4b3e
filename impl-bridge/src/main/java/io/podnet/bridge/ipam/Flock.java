package io.podnet.bridge.ipam;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * An exclusive flock(2), the lock that CNI's host-local takes. The JDK's file locks are fcntl(2) locks, which flock
 * does not see. The kernel drops it when the process dies.
 */
final class Flock implements FileOps.Lock {
    // include/uapi/asm-generic/fcntl.h
    private static final int O_CREAT = 0100;
    private static final int O_CLOEXEC = 02000000;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final long FIRST_PAUSE = 20_000;
    private static final long LONGEST_PAUSE = 2_000_000;

    private final int fd;

    private Flock(int fd) {
        this.fd = fd;
    }

    static Flock acquire(Path file, Duration wait) throws IOException {
        int fd = Libc.instance().open(file.toString(), O_CREAT | O_CLOEXEC, 0600);
        if (Errno.ENOENT.is(fd)) {
            throw new NoSuchFileException(file.toString());
        }
        if (fd < 0) {
            throw new IOException("open of lock file " + file + " failed: " + Errno.nameOf(fd));
        }
        Flock lock = new Flock(fd);
        boolean locked = false;
        try {
            lock.waitFor(file, wait);
            locked = true;
            return lock;
        } finally {
            if (!locked) {
                lock.close();
            }
        }
    }

    private void waitFor(Path file, Duration wait) throws IOException {
        long deadline = System.nanoTime() + wait.toNanos();
        long pause = FIRST_PAUSE;
        boolean interrupted = false;
        try {
            while (true) {
                int result = Libc.instance().flock(fd, LOCK_EX | LOCK_NB);
                if (result >= 0) {
                    return;
                }
                if (!Errno.EAGAIN.is(result) && !Errno.EINTR.is(result)) {
                    throw new IOException("flock of " + file + " failed: " + Errno.nameOf(result));
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new PodnetException.TimedOut("another process held the lock " + file + " for more than "
                            + wait + "; /proc/locks names it");
                }
                LockSupport.parkNanos(pause);
                pause = Math.min(pause * 2, LONGEST_PAUSE);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        // The last descriptor of an open file takes its flock along; there is nothing to do about a failure.
        Libc.instance().close(fd);
    }
}
