package io.podnet.netlink.sysctl;

import static io.podnet.netlink.libc.OpenFlags.O_RDONLY;
import static io.podnet.netlink.libc.OpenFlags.O_RDWR;
import static io.podnet.netlink.libc.OpenFlags.O_WRONLY;

import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Settings of the network namespace that the calling thread is in, as seen below /proc/sys/net. Made and used inside a
 * {@link io.podnet.netlink.namespace.NamespaceTask}; for other threads there is {@link #in}. A write costs some ten
 * microseconds.
 *
 * <p>For one thread at a time.
 */
public final class Sysctls implements AutoCloseable {
    // The kernel gives at most a page of a setting at once.
    private static final int ROOM = 8192;

    private final Libc libc = Libc.instance();
    private final ByteBuffer buffer = Libc.allocate(ROOM);
    private final long address = libc.addressOf(buffer);
    private final ProcSys files;

    private Sysctls(ProcSys files) {
        this.files = files;
    }

    /**
     * Opens the settings of whichever namespace the calling thread is in when it reads and writes.
     *
     * @return the settings, to be closed
     * @throws PodnetException.Unsupported where /proc is not a procfs
     */
    public static Sysctls open() {
        return new Sysctls(new ProcSys(true));
    }

    /** The same without the openat2 system call, for kernels before 5.6. */
    static Sysctls openWithoutOpenat2() {
        return new Sysctls(new ProcSys(false));
    }

    /**
     * Gives the settings of a namespace to threads that are not in it.
     *
     * @param threads what goes inside
     * @param namespace which; stays the caller's to close
     * @return its settings
     */
    public static NamespaceSysctls in(NamespaceThreads threads, NamespaceRef namespace) {
        return new NamespaceSysctls(threads, namespace);
    }

    /**
     * Reads a setting.
     *
     * @param key which
     * @return its value without the line end; empty where this kernel has no such setting, or no such interface
     * @throws PodnetException where it can only be written, or something is mounted in the way
     */
    public Optional<String> read(SysctlKey key) {
        int fd = files.open(key, O_RDONLY);
        if (isAbsent(fd)) {
            return Optional.empty();
        }
        if (fd < 0) {
            throw refused("reading", key, fd);
        }
        try {
            return Optional.of(value(key, fd));
        } finally {
            libc.close(fd);
        }
    }

    /**
     * Writes a setting, whether or not it has the value already: to some, writing means more than the value.
     *
     * @param key which
     * @param value what, see {@link SysctlSetting}
     * @return what was there before
     * @throws PodnetException.Invalid where the value cannot be one
     * @throws PodnetException where the kernel refuses it, or something is mounted in the way
     */
    public SysctlChange write(SysctlKey key, String value) {
        SysctlSetting setting = new SysctlSetting(key, value);
        int fd = files.open(key, O_RDWR);
        boolean readable = !Errno.EACCES.is(fd);
        if (!readable) {
            fd = files.open(key, O_WRONLY);
        }
        if (isAbsent(fd)) {
            return new SysctlChange(key, false, Optional.empty());
        }
        if (fd < 0) {
            throw refused("writing", key, fd);
        }
        try {
            Optional<String> previous = readable ? Optional.of(value(key, fd)) : Optional.empty();
            put(setting, fd);
            return new SysctlChange(key, true, previous);
        } finally {
            libc.close(fd);
        }
    }

    private static boolean isAbsent(int result) {
        return Errno.ENOENT.is(result) || Errno.ENOTDIR.is(result);
    }

    private String value(SysctlKey key, int fd) {
        int length = 0;
        while (length < ROOM) {
            long read = libc.pread(fd, address + length, ROOM - length, length);
            if (read < 0) {
                throw refused("reading", key, read);
            }
            if (read == 0) {
                break;
            }
            length += (int) read;
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (buffer.get(i) & 0xff));
        }
        return text.toString().strip();
    }

    private void put(SysctlSetting setting, int fd) {
        String value = setting.value();
        for (int i = 0; i < value.length(); i++) {
            buffer.put(i, (byte) value.charAt(i));
        }
        // With the line end, as sysctl(8) does: without it an empty value would be no write at all.
        buffer.put(value.length(), (byte) '\n');
        long written = libc.pwrite(fd, address, value.length() + 1L, 0);
        if (written < 0) {
            throw refused("writing '" + value + "'", setting.key(), written);
        }
        if (written < value.length()) {
            throw refused("writing '" + value + "' as a whole", setting.key(), -Errno.EINVAL.number());
        }
    }

    private static PodnetException refused(String operation, SysctlKey key, long result) {
        if (result == -ProcIdentity.EXDEV || Errno.ELOOP.is(result)) {
            return new PodnetException.Unsupported(
                    operation + " of sysctl " + key + " is refused: something is mounted on"
                            + " /proc/sys, or a part of it, or is a symbolic link; unmount it, or run outside of that container");
        }
        if (Errno.EROFS.is(result)) {
            return new PodnetException.PermissionDenied(
                    operation + " of sysctl " + key + " is refused: /proc is mounted read-only; mount it read-write",
                    Refusal.of(operation, "sysctl " + key, result));
        }
        return Refusal.of(operation, "sysctl " + key, result);
    }

    @Override
    public void close() {
        files.close();
    }
}
