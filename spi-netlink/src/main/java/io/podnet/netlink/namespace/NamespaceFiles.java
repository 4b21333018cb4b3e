package io.podnet.netlink.namespace;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_NOFOLLOW;
import static io.podnet.netlink.libc.OpenFlags.O_PATH;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opens files that should be namespaces without trusting them. A path is first opened with O_PATH, which neither blocks
 * on a FIFO nor wakes a device; only what lies on nsfs is opened for real.
 */
final class NamespaceFiles {
    private static final int S_IFLNK = 0xa000;
    private static final int S_IFREG = 0x8000;
    private static final long NSFS_MAGIC = 0x6e736673L;
    private static final long PROC_SUPER_MAGIC = 0x9fa0L;
    private static final long NS_GET_NSTYPE = 0xb703L;

    /** What a path turned out to be. */
    enum Found {
        ABSENT,
        NAMESPACE,
        EMPTY_FILE,
        OTHER
    }

    /**
     * What a path is.
     *
     * @param found what it turned out to be
     * @param id which file; {@link #NO_FILE} for what is absent
     */
    record Look(Found found, NamespaceId id) {}

    /** The id that no file has. */
    static final NamespaceId NO_FILE = new NamespaceId(0, 0);

    private NamespaceFiles() {}

    static NamespaceHandle open(NamespaceKind kind, Path path) {
        return open(kind, path.toString(), path.startsWith("/proc") ? Optional.empty() : Optional.of(path));
    }

    static NamespaceHandle open(NamespaceKind kind, String path, Optional<Path> remembered) {
        Libc libc = Libc.instance();
        FileIdentity identity = new FileIdentity();
        int handle = openVerified(libc, identity, path);
        int fd;
        try {
            fd = libc.open("/proc/self/fd/" + handle, O_CLOEXEC, 0);
        } finally {
            libc.close(handle);
        }
        if (fd < 0) {
            throw Refusal.of("open", path, fd);
        }
        return proven(kind, fd, path, remembered, identity);
    }

    /** Opens the namespace that the calling thread is in: the kernel's own link, which needs no look before it is opened. */
    static NamespaceHandle openCurrent(NamespaceKind kind, Optional<Path> remembered) {
        String path = "/proc/thread-self/ns/" + kind.procName();
        int fd = Libc.instance().open(path, O_CLOEXEC, 0);
        if (fd < 0) {
            throw Refusal.of("open", path, fd);
        }
        return proven(kind, fd, path, remembered, new FileIdentity());
    }

    private static NamespaceHandle proven(
            NamespaceKind kind, int fd, String path, Optional<Path> remembered, FileIdentity identity) {
        Libc libc = Libc.instance();
        boolean proved = false;
        try {
            // That the kernel does not answer must not look like a file that is something else: a pod is given up then.
            int type = answered(libc.ioctl(fd, NS_GET_NSTYPE, 0), "ioctl NS_GET_NSTYPE", path);
            answered(identity.ofFd(fd), "statx", path);
            if (type != kind.cloneFlag()) {
                throw new PodnetException.Invalid(
                        path + " is a namespace, but not of kind " + kind.procName() + "; give a " + kind.procName()
                                + " namespace, such as a pin or /proc/PID/ns/" + kind.procName());
            }
            proved = true;
        } finally {
            if (!proved) {
                libc.close(fd);
            }
        }
        return new NamespaceHandle(kind, fd, identity.id(), remembered);
    }

    private static int openVerified(Libc libc, FileIdentity identity, String path) {
        int handle = openPath(libc, path, O_NOFOLLOW);
        boolean proved = false;
        try {
            answered(identity.ofFd(handle), "statx", path);
            if (identity.fileType() == S_IFLNK && fileSystem(identity, handle, path) == PROC_SUPER_MAGIC) {
                int target = openPath(libc, path, 0);
                libc.close(handle);
                handle = target;
            }
            if (fileSystem(identity, handle, path) != NSFS_MAGIC) {
                throw new PodnetException.Invalid(
                        path + " is not a namespace (it does not lie on nsfs); give a pin made by 'ip netns add' or by"
                                + " Podnet, or /proc/PID/ns/net, and no symbolic link");
            }
            proved = true;
            return handle;
        } finally {
            if (!proved) {
                libc.close(handle);
            }
        }
    }

    private static long fileSystem(FileIdentity identity, int fd, String path) {
        long magic = identity.fileSystem(fd);
        if (magic < 0) {
            throw Refusal.of("fstatfs", path, magic);
        }
        return magic;
    }

    private static int answered(int result, String call, String path) {
        if (result < 0) {
            throw Refusal.of(call, path, result);
        }
        return result;
    }

    private static int openPath(Libc libc, String path, int flags) {
        int handle = libc.open(path, O_PATH | O_CLOEXEC | flags, 0);
        if (isAbsent(handle)) {
            throw new PodnetException.NotFound("there is no namespace " + path + " (" + Errno.nameOf(handle) + ")");
        }
        if (handle < 0) {
            throw Refusal.of("open", path, handle);
        }
        return handle;
    }

    private static boolean isAbsent(int result) {
        return Errno.ENOENT.is(result) || Errno.ENOTDIR.is(result) || Errno.ESRCH.is(result);
    }

    /** Looks at the file itself, never through a symbolic link. */
    static Look look(Path path) {
        Libc libc = Libc.instance();
        int handle = libc.open(path.toString(), O_PATH | O_CLOEXEC | O_NOFOLLOW, 0);
        if (isAbsent(handle)) {
            return new Look(Found.ABSENT, NO_FILE);
        }
        if (handle < 0) {
            throw Refusal.of("open", path.toString(), handle);
        }
        try {
            FileIdentity identity = new FileIdentity();
            answered(identity.ofFd(handle), "statx", path.toString());
            NamespaceId id = identity.id();
            boolean emptyFile = identity.fileType() == S_IFREG && identity.size() == 0;
            if (fileSystem(identity, handle, path.toString()) == NSFS_MAGIC) {
                return new Look(Found.NAMESPACE, id);
            }
            return new Look(emptyFile ? Found.EMPTY_FILE : Found.OTHER, id);
        } finally {
            libc.close(handle);
        }
    }
}
