package io.podnet.netlink.sysctl;

import static io.podnet.netlink.libc.OpenFlags.O_CLOEXEC;
import static io.podnet.netlink.libc.OpenFlags.O_DIRECTORY;
import static io.podnet.netlink.libc.OpenFlags.O_NOFOLLOW;
import static io.podnet.netlink.libc.OpenFlags.O_PATH;
import static io.podnet.netlink.libc.OpenFlags.O_RDONLY;
import static io.podnet.netlink.libc.OpenFlags.O_WRONLY;

import io.podnet.api.IpFamily;
import io.podnet.api.Names;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;

/**
 * Per-interface settings of one namespace, read and written by any thread without going there: a directory below /proc/sys/net
 * belongs to the namespace in which it was opened (fs/proc/proc_sysctl.c looks names up in the directory's own set), and
 * the two of them are opened inside once. A write costs some five microseconds.
 *
 * <p>Safe for any thread. Close it before the namespace has to go: a directory does not keep it alive, but its settings
 * are gone with it.
 */
public final class InterfaceSysctls implements AutoCloseable {
    private static final int ROOM = 64;

    private final Libc libc = Libc.instance();
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteBuffer value = Libc.allocate(ROOM);
    private final long address = libc.addressOf(value);
    private final int ipv4;
    private final int ipv6;
    private boolean closed;

    private InterfaceSysctls(int ipv4, int ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /**
     * Opens the settings of a namespace.
     *
     * @param threads what goes inside, once
     * @param namespace which; stays the caller's to close
     * @return its interfaces' settings, to be closed
     * @throws PodnetException where /proc is not what it should be
     */
    public static InterfaceSysctls open(NamespaceThreads threads, NamespaceRef namespace) {
        return threads.callIn(namespace, () -> {
            try (ProcSys files = new ProcSys(true)) {
                int ipv4 = files.open(SysctlKey.of("net", "ipv4", "conf"), O_PATH | O_DIRECTORY);
                if (ipv4 < 0) {
                    throw Refusal.of("open", "/proc/sys/net/ipv4/conf", ipv4);
                }
                int ipv6 = files.open(SysctlKey.of("net", "ipv6", "conf"), O_PATH | O_DIRECTORY);
                // A kernel without IPv6 has no such directory, and nothing to set there.
                if (ipv6 < 0 && !Errno.ENOENT.is(ipv6)) {
                    Libc.instance().close(ipv4);
                    throw Refusal.of("open", "/proc/sys/net/ipv6/conf", ipv6);
                }
                return new InterfaceSysctls(ipv4, ipv6);
            }
        });
    }

    /**
     * Writes a setting.
     *
     * @param family whose
     * @param link the interface
     * @param setting for example {@code accept_ra}
     * @param number the value
     * @return false where this kernel has no such family, setting or interface
     * @throws PodnetException where the kernel refuses
     */
    public boolean write(IpFamily family, String link, String setting, int number) {
        SysctlKey key = key(family, link, setting);
        return with(family, link, setting, O_WRONLY, fd -> put(key, fd, number)).isPresent();
    }

    /**
     * Reads a setting that is a number.
     *
     * @param family whose
     * @param link the interface, or {@code all} or {@code default}
     * @param setting for example {@code rp_filter}
     * @return the value; empty where this kernel has no such family, setting or interface
     * @throws PodnetException where the kernel refuses
     */
    public OptionalInt read(IpFamily family, String link, String setting) {
        SysctlKey key = key(family, link, setting);
        return with(family, link, setting, O_RDONLY, fd -> get(key, fd));
    }

    private static SysctlKey key(IpFamily family, String link, String setting) {
        return SysctlKey.ofInterface(family == IpFamily.IPV4 ? "ipv4" : "ipv6", "conf", directory(link), setting);
    }

    private static String directory(String link) {
        return link.equals("all") || link.equals("default") ? link : Names.interfaceName(link);
    }

    private OptionalInt with(IpFamily family, String link, String setting, int mode, IntUnaryOperator work) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("these sysctls are closed");
            }
            int directory = family == IpFamily.IPV4 ? ipv4 : ipv6;
            if (directory < 0) {
                return OptionalInt.empty();
            }
            // Both parts are checked names without slash, and a directory of settings has neither links nor mounts.
            int fd = libc.openat(directory, link + "/" + setting, mode | O_NOFOLLOW | O_CLOEXEC, 0);
            if (Errno.ENOENT.is(fd)) {
                return OptionalInt.empty();
            }
            if (fd < 0) {
                throw Refusal.of("open", "sysctl " + key(family, link, setting), fd);
            }
            try {
                return OptionalInt.of(work.applyAsInt(fd));
            } finally {
                libc.close(fd);
            }
        } finally {
            lock.unlock();
        }
    }

    private int get(SysctlKey key, int fd) {
        long length = libc.read(fd, address, ROOM);
        if (length < 0) {
            throw Refusal.of("reading", "sysctl " + key, length);
        }
        byte[] text = new byte[(int) length];
        value.get(0, text);
        return Integer.parseInt(new String(text, StandardCharsets.US_ASCII).strip());
    }

    private int put(SysctlKey key, int fd, int number) {
        String text = number + "\n";
        for (int i = 0; i < text.length(); i++) {
            value.put(i, (byte) text.charAt(i));
        }
        long written = libc.write(fd, address, text.length());
        if (written < 0) {
            throw Refusal.of("writing '" + number + "'", "sysctl " + key, written);
        }
        return number;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                libc.close(ipv4);
                if (ipv6 >= 0) {
                    libc.close(ipv6);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
