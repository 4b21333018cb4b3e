package io.podnet.dns.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The TCP connections of one event loop, and their limits (RFC 7766 section 6.2): how many in all, how many of one client,
 * how long without a query, how long for one query. Where there are too many in all, a new one takes the place of the one
 * that did nothing for longest, so that nobody keeps others out by holding connections. Its loop's thread only.
 */
final class Connections {
    private static final int MOST = 256;
    private static final int MOST_OF_ONE = 8;

    private final EventLoop loop;
    private final LoopMemory memory;
    private final AtomicInteger open;
    private final List<TcpConnection> connections = new ArrayList<>();
    private final List<Runnable> resumptions = new ArrayList<>();

    /** Prepares; the count of open connections is all loops' together. */
    Connections(EventLoop loop, LoopMemory memory, AtomicInteger open) {
        this.loop = loop;
        this.memory = memory;
        this.open = open;
        loop.onTick(this::tick);
    }

    /** Takes a connection; false where a limit does not allow it. */
    boolean open(int fd, Client client) {
        // A node's clients share the node's limit; a pod has its own.
        boolean own = client.pod().isPresent();
        if (own && client.connections().get() >= MOST_OF_ONE) {
            return false;
        }
        if (open.get() >= MOST) {
            closeLongestIdle();
        }
        if (open.get() >= MOST) {
            return false;
        }
        client.connections().incrementAndGet();
        open.incrementAndGet();
        TcpConnection connection = new TcpConnection(loop, memory, client, fd, this::forget);
        connections.add(connection);
        loop.needClock(1);
        connection.open();
        return true;
    }

    private void closeLongestIdle() {
        TcpConnection longest = null;
        for (int i = 0; i < connections.size(); i++) {
            TcpConnection connection = connections.get(i);
            if (connection.idle() && (longest == null || connection.active() - longest.active() < 0)) {
                longest = connection;
            }
        }
        if (longest != null) {
            longest.close();
        }
    }

    private void forget(TcpConnection connection) {
        if (connections.remove(connection)) {
            connection.client().connections().decrementAndGet();
            open.decrementAndGet();
            loop.needClock(-1);
        }
    }

    void closeAll(Client client) {
        for (TcpConnection connection : List.copyOf(connections)) {
            if (connection.client() == client) {
                connection.close();
            }
        }
    }

    void resumeSoon(Runnable resumption) {
        resumptions.add(resumption);
        loop.needClock(1);
    }

    private void tick() {
        long now = System.nanoTime();
        for (TcpConnection connection : List.copyOf(connections)) {
            if (connection.overdue(now)) {
                connection.close();
            }
        }
        List<Runnable> due = List.copyOf(resumptions);
        resumptions.clear();
        loop.needClock(-due.size());
        due.forEach(Runnable::run);
    }
}
