package io.podnet.netlink.sandbox;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_DIRECTORY;
import static io.podnet.netlink.libc.OpenFlags.O_RDONLY;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import io.podnet.netlink.namespace.PinDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.LockSupport;

/**
 * The directory of all pods' mounts but the network namespaces, entered for as long as a pod is made in it. It is a
 * mount on itself while there are pods: one unmount takes all of them out of a copy. The first pod brings the mount, the
 * last one takes it away; the lock on the directory keeps the two apart, in other processes too.
 */
final class PinRoom implements AutoCloseable {
    private static final long MS_SHARED = 0x100000;
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX_NB = 2 | 4;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final int MOST_TRIES = 100;
    private static final long BETWEEN_TRIES_NANOS = 10_000_000;

    private final Path path;
    private final int fd;

    private PinRoom(Path path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /** Makes the directory and its mount where they are missing, and keeps others from taking the mount away. */
    static PinRoom enter(Path path) {
        if (!Files.isDirectory(path)) {
            make(path);
        }
        for (int i = 0; i < MOST_TRIES; i++) {
            PinRoom room = locked(path, LOCK_SH);
            if (Libc.instance().mount("", path.toString(), "none", MS_SHARED) == 0) {
                return room;
            }
            room.close();
            if (!PinDirectory.prepare(path).shared()) {
                return locked(path, LOCK_SH); // it works without, only slower
            }
        }
        throw new PodnetException.TimedOut("others keep unmounting " + path);
    }

    private static void make(Path path) {
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot make the directory " + path, e);
        }
    }

    private static PinRoom locked(Path path, int lock) {
        Libc libc = Libc.instance();
        int fd = libc.open(path.toString(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
        if (fd < 0) {
            throw Refusal.of("open", path.toString(), fd);
        }
        int result;
        do {
            result = libc.flock(fd, lock);
        } while (Errno.EINTR.is(result));
        if (result < 0) {
            libc.close(fd);
            throw Refusal.of("flock", path.toString(), result);
        }
        return new PinRoom(path, fd);
    }

    /**
     * Takes the mount away where no pod is left. Where others stay in the directory for longer than a second it is
     * theirs to leave last.
     */
    static void leave(Path path) {
        for (int i = 0; i < MOST_TRIES && Files.isDirectory(path) && isEmpty(path); i++) {
            try (PinRoom room = locked(path, LOCK_EX_NB)) {
                room.unmountWhereEmpty();
                return;
            } catch (PodnetException.KernelRejected e) {
                if (e.errno() != Errno.EAGAIN.number()) {
                    throw e;
                }
            }
            LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
        }
    }

    private void unmountWhereEmpty() {
        if (isEmpty(path) && MountTable.current().hasSelfBindAt(path.toString())) {
            int result = Libc.instance().umount2(path.toString(), MNT_DETACH | UMOUNT_NOFOLLOW);
            if (result < 0) {
                throw Refusal.of("umount", path.toString(), result);
            }
        }
    }

    /** Makes the directory for the mounts of one pod. */
    void prepare(PodPins pod) {
        PodDirectory.prepare(path.resolve(pod.name()));
    }

    private static boolean isEmpty(Path path) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            return !entries.iterator().hasNext();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot list " + path, e);
        }
    }

    @Override
    public void close() {
        Libc.instance().close(fd);
    }
}
