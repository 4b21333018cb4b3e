package io.podnet.netlink.ethtool;

import io.podnet.api.Names;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Generic receive offload of the links of one namespace: whether the kernel merges a flow's packets as they come in by a
 * link, what {@code ethtool -k} calls generic-receive-offload. By ioctl, which every kernel has; ethtool's own netlink
 * family came with 5.6 and with a build option. Layouts: struct ifreq of include/uapi/linux/if.h, struct ethtool_value of
 * include/uapi/linux/ethtool.h.
 *
 * <p>Safe for any thread. An open one keeps the namespace alive.
 */
public final class ReceiveOffload implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GGRO = 0x2b;
    private static final int ETHTOOL_SGRO = 0x2c;
    /** IFNAMSIZ, after which struct ifreq has the pointer. */
    private static final int NAME = 16;

    /** The struct ethtool_value, after the struct ifreq. */
    private static final int COMMAND = 40;

    private static final int VALUE = COMMAND + Integer.BYTES;

    private final Libc libc = Libc.instance();
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteBuffer request = Libc.allocate(VALUE + Integer.BYTES);
    private final long address = libc.addressOf(request);
    private final int socket;
    private boolean closed;

    private ReceiveOffload(int socket) {
        this.socket = socket;
    }

    /**
     * Opens a socket in a namespace.
     *
     * @param threads what goes inside, once
     * @param namespace which; stays the caller's to close
     * @return its links' offload, to be closed
     * @throws PodnetException where the kernel refuses the socket
     */
    public static ReceiveOffload open(NamespaceThreads threads, NamespaceRef namespace) {
        Libc libc = Libc.instance();
        int socket = threads.callIn(namespace, () -> libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0));
        if (socket < 0) {
            throw Refusal.of("socket", "AF_INET in " + namespace, socket);
        }
        return new ReceiveOffload(socket);
    }

    /**
     * Tells whether packets are merged.
     *
     * @param link a link's name
     * @return true where they are
     * @throws PodnetException.KernelRejected with ENODEV where there is no such link
     */
    public boolean isOn(String link) {
        return call(link, ETHTOOL_GGRO, 0, "ethtool GGRO") != 0;
    }

    /**
     * Has packets merged, or not.
     *
     * @param link a link's name
     * @param on true to have them merged
     * @throws PodnetException.KernelRejected with ENODEV where there is no such link
     * @throws PodnetException.PermissionDenied without CAP_NET_ADMIN in the namespace's user namespace
     */
    public void set(String link, boolean on) {
        call(link, ETHTOOL_SGRO, on ? 1 : 0, "ethtool SGRO");
    }

    private int call(String link, int command, int value, String operation) {
        Names.interfaceName(link);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the links' offload is closed");
            }
            for (int i = 0; i < NAME; i++) {
                request.put(i, (byte) (i < link.length() ? link.charAt(i) : 0));
            }
            request.putLong(NAME, address + COMMAND).putInt(COMMAND, command).putInt(VALUE, value);
            int result = libc.ioctl(socket, SIOCETHTOOL, address);
            if (result < 0) {
                throw Refusal.of(operation, "link " + link, result);
            }
            return request.getInt(VALUE);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                libc.close(socket);
            }
        } finally {
            lock.unlock();
        }
    }
}
