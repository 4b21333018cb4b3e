package io.podnet.netlink.xtables;

import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.OpenFlags;
import io.podnet.netlink.libc.Refusal;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The tables that a namespace has by now, as /proc/net/ip_tables_names tells. For one thread at a time. */
final class TableNames implements AutoCloseable {
    private final NamespaceThreads threads;
    private final NamespaceRef namespace;
    private final String path;
    private final Libc libc = Libc.instance();
    private final ByteBuffer text = Libc.allocate(4096);
    private int fd = -1;
    private boolean refused;

    TableNames(NamespaceThreads threads, NamespaceRef namespace, IpFamily family) {
        this.threads = threads;
        this.namespace = namespace;
        // Not /proc/net: that is the namespace of the process's first thread.
        this.path = "/proc/thread-self/net/" + (family == IpFamily.IPV4 ? "ip" : "ip6") + "_tables_names";
    }

    /**
     * Tells whether this process may see the names. Those of a namespace that was made in one step with its user namespace
     * are the machine's root's, since nobody was root in there yet (xt_proto_init in net/netfilter/x_tables.c).
     */
    boolean isReadable() {
        open();
        return !refused;
    }

    /** Tells whether a table is there; true where the names cannot be seen, for whoever made the table itself. */
    boolean contains(String table) {
        open();
        return refused || (fd >= 0 && read().lines().anyMatch(table::equals));
    }

    private void open() {
        if (fd < 0 && !refused) {
            fd = opened().orElse(-1);
        }
    }

    /** The file is there once the kernel has x_tables of the family; it stays the namespace's wherever it is read. */
    private Optional<Integer> opened() {
        int result = threads.callIn(namespace, () -> libc.open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC, 0));
        if (Errno.ENOENT.is(result)) {
            return Optional.empty();
        }
        if (Errno.EACCES.is(result)) {
            refused = true;
            return Optional.empty();
        }
        if (result < 0) {
            throw Refusal.of("open", path, result);
        }
        return Optional.of(result);
    }

    private String read() {
        long length = libc.pread(fd, libc.addressOf(text), text.capacity(), 0);
        if (length < 0) {
            throw Refusal.of("pread", path, length);
        }
        byte[] bytes = new byte[(int) length];
        text.get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        if (fd >= 0) {
            libc.close(fd);
            fd = -1;
        }
    }
}
