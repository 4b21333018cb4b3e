package io.podnet.netlink.xtables;

import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.NativeMemory;
import io.podnet.netlink.libc.Refusal;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One family's socket options. For one thread at a time. */
final class TableSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int IPPROTO_RAW = 255;
    /** IPT_SO_GET_INFO and IP6T_SO_GET_INFO are the same number, and so are the others. */
    private static final int SO_GET_INFO = 64;

    private static final int SO_GET_ENTRIES = 65;
    private static final int NAME = 32;
    private static final int INFO = 84;
    private static final int HOOKS = 5;
    /** Bytes of struct ipt_get_entries before the entries: name, size, and padding to 8. */
    private static final int ENTRIES = 40;

    /** After the struct, the socklen_t. */
    private static final int LENGTH = 88;

    private static final int TRIES = 10;

    private final Libc libc = Libc.instance();
    private final EntryLayout layout;
    private final IpFamily family;
    private final int fd;
    private final ByteBuffer memory = Libc.allocate(96);

    private TableSocket(IpFamily family, int fd) {
        this.layout = EntryLayout.of(family);
        this.family = family;
        this.fd = fd;
    }

    /** Opens a socket of a protocol that nobody speaks, so that no packet ever comes to it. Empty without the family. */
    static Optional<TableSocket> open(NamespaceThreads threads, NamespaceRef namespace, IpFamily family) {
        Libc libc = Libc.instance();
        int domain = family == IpFamily.IPV4 ? AF_INET : AF_INET6;
        int fd = threads.callIn(namespace, () -> libc.socket(domain, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
        if (Errno.EAFNOSUPPORT.is(fd)) {
            return Optional.empty();
        }
        if (fd < 0) {
            throw Refusal.of("socket", "a raw socket of " + family + " in " + namespace, fd);
        }
        return Optional.of(new TableSocket(family, fd));
    }

    Optional<TableInfo> info(String table) {
        putName(table);
        memory.putInt(LENGTH, INFO);
        long address = libc.addressOf(memory);
        int result = libc.getsockopt(fd, layout.level(), SO_GET_INFO, address, address + LENGTH);
        if (Errno.ENOENT.is(result)) {
            return Optional.empty();
        }
        if (result < 0) {
            throw Refusal.of("getsockopt IPT_SO_GET_INFO", family + " table " + table, result);
        }
        return Optional.of(new TableInfo(
                memory.getInt(NAME),
                hooks(NAME + 4),
                hooks(NAME + 24),
                memory.getInt(NAME + 44),
                memory.getInt(NAME + 48)));
    }

    private void putName(String table) {
        byte[] name = table.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < NAME; i++) {
            memory.put(i, i < name.length ? name[i] : 0);
        }
    }

    private List<Integer> hooks(int offset) {
        List<Integer> all = new ArrayList<>(HOOKS);
        for (int i = 0; i < HOOKS; i++) {
            all.add(memory.getInt(offset + 4 * i));
        }
        return all;
    }

    OptionalLong fingerprint(String table) {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<TableInfo> info = info(table);
            if (info.isEmpty()) {
                return OptionalLong.empty();
            }
            OptionalLong hash = hash(table, info.get().size());
            if (hash.isPresent()) {
                return hash;
            }
        }
        throw new PodnetException.TimedOut(family + " table " + table + " changed its size during each of " + TRIES
                + " tries to read it; try again when fewer changes are made");
    }

    /** Empty where the table has another size by now. */
    private OptionalLong hash(String table, int size) {
        // The kernel leaves gaps as they were, such as a name after its end: they must be the same each time.
        try (NativeMemory entries = NativeMemory.allocate(ENTRIES + (long) size)) {
            for (int i = 0; i < NAME; i++) {
                entries.putByte(i, i < table.length() ? table.charAt(i) : 0);
            }
            entries.putInt(NAME, size);
            memory.putInt(LENGTH, ENTRIES + size);
            long length = libc.addressOf(memory) + LENGTH;
            int result = libc.getsockopt(fd, layout.level(), SO_GET_ENTRIES, entries.address(), length);
            if (Errno.EAGAIN.is(result) || Errno.ENOENT.is(result)) {
                return OptionalLong.empty();
            }
            if (result < 0) {
                throw Refusal.of("getsockopt IPT_SO_GET_ENTRIES", family + " table " + table, result);
            }
            return OptionalLong.of(EntryHash.of(entries, layout, ENTRIES, size));
        }
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
