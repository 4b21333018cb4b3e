package io.podnet.netlink.xtables;

import io.podnet.api.IpFamily;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The legacy tables of one network namespace, as somebody sees them who wants to know whether they changed. Kernels create
 * a table in a namespace when they are first asked about it; here, one that nobody uses is found absent and stays so.
 *
 * <p>Safe for any thread, one call at a time. It holds a socket in the namespace; close it.
 */
public final class LegacyTables implements AutoCloseable {
    private static final int LONGEST_NAME = 31;

    private final Object lock = new Object();
    private final Map<IpFamily, TableSocket> sockets = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, TableNames> names = new EnumMap<>(IpFamily.class);
    private boolean closed;

    /**
     * Opens the tables of a namespace.
     *
     * @param threads what goes inside; must stay open as long as this
     * @param namespace where the tables are; must stay open as long as this
     * @throws PodnetException.PermissionDenied without CAP_NET_RAW there
     */
    public LegacyTables(NamespaceThreads threads, NamespaceRef namespace) {
        try {
            for (IpFamily family : IpFamily.values()) {
                TableSocket.open(threads, namespace, family).ifPresent(socket -> {
                    sockets.put(family, socket);
                    names.put(family, new TableNames(threads, namespace, family));
                });
            }
        } catch (PodnetException refused) {
            close();
            throw refused;
        }
    }

    /**
     * Tells whether it can be known which tables are there. Otherwise every question brings its table into being: an
     * ordinary user's namespaces, made in one step, keep the names from him.
     *
     * @param family which tables
     * @return false where only asking for a table would tell
     * @throws PodnetException where the kernel refuses for another reason
     */
    public boolean canTell(IpFamily family) {
        synchronized (lock) {
            TableNames existing = names.get(family);
            return existing == null || existing.isReadable();
        }
    }

    /**
     * Reads a table's outline, a few microseconds whatever its size.
     *
     * @param family which tables
     * @param table for example {@code nat}
     * @return the outline; empty where nobody made the table here
     * @throws PodnetException.PermissionDenied without CAP_NET_ADMIN there
     */
    public Optional<TableInfo> info(IpFamily family, String table) {
        return ask(family, table, socket -> socket.info(table)).flatMap(found -> found);
    }

    /**
     * Reads a whole table and hashes it without its counters. Takes the time and, for that time, the memory of a copy of
     * the table: some hundred bytes a rule.
     *
     * @param family which tables
     * @param table for example {@code nat}
     * @return a number that is the same as long as the rules, their order and the chains' names are; empty where nobody
     *     made the table here
     * @throws PodnetException.TimedOut where the table changes all the time
     * @throws PodnetException.PermissionDenied without CAP_NET_ADMIN there
     */
    public OptionalLong fingerprint(IpFamily family, String table) {
        return ask(family, table, socket -> socket.fingerprint(table)).orElseGet(OptionalLong::empty);
    }

    private <T> Optional<T> ask(IpFamily family, String table, Function<TableSocket, T> question) {
        if (table.isEmpty() || table.length() > LONGEST_NAME || !table.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new PodnetException.Invalid("'" + table + "' is no name of a table: 1 to " + LONGEST_NAME
                    + " printable ASCII characters without space, such as nat");
        }
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("these tables are closed");
            }
            TableSocket socket = sockets.get(family);
            TableNames existing = names.get(family);
            // Asking the kernel about a table brings it into being (xt_find_table_lock).
            if (socket == null || existing == null || !existing.contains(table)) {
                return Optional.empty();
            }
            return Optional.of(question.apply(socket));
        }
    }

    /** Gives the sockets back. A second call does nothing. */
    @Override
    public void close() {
        synchronized (lock) {
            if (!closed) {
                closed = true;
                names.values().forEach(TableNames::close);
                sockets.values().forEach(TableSocket::close);
            }
        }
    }
}
