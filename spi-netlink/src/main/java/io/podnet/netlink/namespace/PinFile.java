package io.podnet.netlink.namespace;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_NOFOLLOW;
import static io.podnet.netlink.libc.OpenFlags.O_RDONLY;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.nio.file.Path;

/**
 * The empty file below a pin, locked from before it exists for others until the namespace is mounted on it. The lock is
 * what tells a file in the making from one that a crash left.
 */
final class PinFile implements AutoCloseable {
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_NONBLOCK = 0x800;
    private static final int LOCK_EX_NB = 2 | 4;
    private static final int READ_ONLY_FOR_ALL = 0444;

    private final Path path;
    private final int fd;

    private PinFile(Path path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /**
     * Makes the file, or takes over an empty one that nobody works on.
     *
     * @throws PodnetException.Conflict where there is a namespace, a file in the making, or anything else
     */
    static PinFile claim(Path path) {
        int fd = open(path, O_CREAT | O_EXCL);
        boolean fresh = !Errno.EEXIST.is(fd);
        if (!fresh) {
            // Only now a look: as a rule there is nothing.
            if (NamespaceFiles.look(path).found() != NamespaceFiles.Found.EMPTY_FILE) {
                throw taken(path);
            }
            fd = open(path, O_NONBLOCK);
        }
        if (fd < 0) {
            throw Refusal.of("making the file of a pin", path.toString(), fd);
        }
        PinFile file = new PinFile(path, fd);
        boolean claimed = false;
        try {
            claimed = Libc.instance().flock(fd, LOCK_EX_NB) == 0 && (fresh ? file.hasName() : file.isStillThere());
        } finally {
            if (!claimed) {
                file.close();
            }
        }
        if (!claimed) {
            throw taken(path);
        }
        return file;
    }

    private static int open(Path path, int flags) {
        return Libc.instance().open(path.toString(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags, READ_ONLY_FOR_ALL);
    }

    /** Tells whether nobody removed a file that is certainly ours between its making and its lock. */
    private boolean hasName() {
        FileIdentity identity = new FileIdentity();
        return identity.ofFd(fd) == 0 && identity.links() > 0;
    }

    private boolean isStillThere() {
        FileIdentity identity = new FileIdentity();
        return identity.ofFd(fd) == 0
                && NamespaceFiles.look(path)
                        .equals(new NamespaceFiles.Look(NamespaceFiles.Found.EMPTY_FILE, identity.id()));
    }

    private static PodnetException taken(Path path) {
        return new PodnetException.Conflict(path
                + " exists already and is no leftover of a pin; remove the namespace first, or choose another name");
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        Libc.instance().close(fd);
    }
}
