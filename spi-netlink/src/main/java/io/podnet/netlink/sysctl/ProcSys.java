package io.podnet.netlink.sysctl;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_DIRECTORY;
import static io.podnet.netlink.libc.OpenFlags.O_NOFOLLOW;
import static io.podnet.netlink.libc.OpenFlags.O_PATH;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.nio.ByteBuffer;

/**
 * Opens files below /proc/sys such that what is opened is procfs's own: /proc is proved to be the root of a procfs, and
 * from there on no symbolic link is followed and no mount point crossed. Whoever can mount could else turn a write to a
 * setting into a write to another file (CVE-2025-31133, CVE-2025-52565, CVE-2025-52881).
 */
final class ProcSys implements AutoCloseable {
    private static final long SYS_OPENAT2 = 437;
    // include/uapi/linux/openat2.h: NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH
    private static final long RESOLVE = 0x01 | 0x02 | 0x04 | 0x08;
    private static final int HOW_BYTES = 24;
    private static final int HOW_ROOM = 32;
    private static final int PATH_ROOM = 1024;

    private final Libc libc = Libc.instance();
    private final ByteBuffer how = Libc.allocate(HOW_ROOM + PATH_ROOM);
    private final long howAddress = libc.addressOf(how);
    private final ProcIdentity identity = new ProcIdentity(libc);
    private final int proc;
    private final boolean openat2;
    private boolean closed;

    /**
     * @param openat2 false to do without openat2, as on kernels before 5.6 or below a seccomp filter
     */
    ProcSys(boolean openat2) {
        this.openat2 = openat2;
        proc = libc.open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
        if (proc < 0) {
            throw Refusal.of("open", "/proc", proc);
        }
        if (!identity.isProcRoot(proc)) {
            libc.close(proc);
            throw new PodnetException.Unsupported(
                    "/proc is not the root of a procfs; sysctls cannot be reached safely. Mount proc on /proc");
        }
    }

    /**
     * Opens a setting's file.
     *
     * @return a descriptor or -errno; minus EXDEV where something is mounted in the way
     */
    int open(SysctlKey key, int flags) {
        if (closed) {
            throw new IllegalStateException("these sysctls are closed");
        }
        if (openat2) {
            long fd = openat2("sys/" + key.path(), flags);
            if (!Errno.ENOSYS.is(fd) && !Errno.EPERM.is(fd)) {
                return (int) fd;
            }
        }
        return openStepByStep(key, flags);
    }

    private long openat2(String path, int flags) {
        how.putLong(0, flags | O_CLOEXEC);
        how.putLong(8, 0);
        how.putLong(16, RESOLVE);
        for (int i = 0; i < path.length(); i++) {
            how.put(HOW_ROOM + i, (byte) path.charAt(i));
        }
        how.put(HOW_ROOM + path.length(), (byte) 0);
        return libc.syscall(SYS_OPENAT2, proc, howAddress + HOW_ROOM, howAddress, HOW_BYTES);
    }

    private int openStepByStep(SysctlKey key, int flags) {
        int directory = step(proc, "sys", O_PATH | O_DIRECTORY);
        int last = key.segments().size() - 1;
        for (int i = 0; i <= last && directory >= 0; i++) {
            int below = step(directory, key.segments().get(i), i == last ? flags : O_PATH | O_DIRECTORY);
            libc.close(directory);
            directory = below;
        }
        return directory;
    }

    private int step(int directory, String name, int flags) {
        // A handle first: opening what somebody may have mounted there, a FIFO or a device, could block or act.
        int handle = libc.openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
        if (handle < 0) {
            return handle;
        }
        int result = -ProcIdentity.EXDEV;
        if (identity.isOnSameMount(proc, handle)) {
            result = libc.openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC, 0);
        }
        libc.close(handle);
        if (result >= 0 && !identity.isOnSameMount(proc, result)) {
            libc.close(result);
            return -ProcIdentity.EXDEV;
        }
        return result;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            libc.close(proc);
        }
    }
}
