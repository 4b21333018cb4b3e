package io.podnet.store.memory;

import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The entries that the stores of one cluster share. Each node has a connection of its own, a {@link MemoryStore}, which can be
 * cut and healed. Safe for any thread.
 */
public final class MemoryHub {
    private static final int HISTORY = 4096;

    private record Stored(Entry entry, @Nullable HubSession session) {}

    private final HubClock clock;
    private final Executor executor;
    private final History history;
    private final TreeMap<String, Stored> entries = new TreeMap<>();
    private final Map<String, HubSession> owners = new LinkedHashMap<>();
    private final Set<HubSession> sessions = new LinkedHashSet<>();
    private final Set<HubWatch> watches = new LinkedHashSet<>();
    private long revision;

    /** Makes a hub on the machine's clock, which calls observers on threads of its own that end when idle. */
    public MemoryHub() {
        this(HubClock.system(), callbacks(), HISTORY);
    }

    /**
     * Makes a hub.
     *
     * @param clock decides when sessions expire
     * @param executor calls observers
     * @param history how many changes a watch may lag behind before it gets a new snapshot
     */
    public MemoryHub(HubClock clock, Executor executor, int history) {
        this.clock = clock;
        this.executor = executor;
        this.history = new History(history);
    }

    private static Executor callbacks() {
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "podnet-store-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Connects a node.
     *
     * @param nodeName the node, for messages
     * @return a store
     */
    public MemoryStore connect(String nodeName) {
        return new MemoryStore(this, nodeName);
    }

    /** Forgets all history: a watch that lags behind gets a new snapshot. */
    public synchronized void compact() {
        history.compact();
    }

    HubClock clock() {
        return clock;
    }

    Executor executor() {
        return executor;
    }

    synchronized Optional<Entry> get(StoreKey key) {
        expire();
        return Optional.ofNullable(entries.get(key.path())).map(Stored::entry);
    }

    synchronized Snapshot list(StoreKey parent) {
        expire();
        // '0' is the character after '/'.
        return new Snapshot(
                revision,
                entries.subMap(parent.path() + "/", parent.path() + "0").values().stream()
                        .map(Stored::entry)
                        .toList());
    }

    synchronized WriteResult put(StoreKey key, String value, Expect expect, @Nullable HubSession session) {
        expire();
        if (session != null && !session.alive()) {
            return new WriteResult.Fenced();
        }
        Optional<Entry> current = get(key);
        if (!Expect.of(current).equals(expect)) {
            return new WriteResult.Refused(current);
        }
        Entry entry = new Entry(key, value, ++revision);
        entries.put(key.path(), new Stored(entry, session));
        publish(new Change.Put(entry));
        return new WriteResult.Applied(revision);
    }

    synchronized WriteResult delete(StoreKey key, Expect expect) {
        expire();
        Optional<Entry> current = get(key);
        if (expect.equals(Expect.ABSENT) || !Expect.of(current).equals(expect)) {
            return new WriteResult.Refused(current);
        }
        remove(key);
        return new WriteResult.Applied(revision);
    }

    private void remove(StoreKey key) {
        entries.remove(key.path());
        publish(new Change.Removed(key, ++revision));
    }

    private void publish(Change change) {
        history.add(change);
        List<Change> one = List.of(change);
        for (HubWatch watch : watches) {
            if (watch.store().connected() && watch.seen() >= 0) {
                watch.changed(one, revision);
            }
        }
    }

    synchronized HubSession open(MemoryStore store, String owner, Duration timeToLive, Runnable onLost) {
        expire();
        HubSession session = new HubSession(this, store, owner, ++revision, timeToLive.toNanos(), onLost);
        sessions.add(session);
        HubSession earlier = owners.put(owner, session);
        if (earlier != null) {
            earlier.lose(true);
            lapse(earlier);
        }
        return session;
    }

    /** Ends a session and deletes what is bound to it. */
    synchronized void end(HubSession session, boolean tell) {
        if (!sessions.remove(session)) {
            return;
        }
        owners.remove(session.owner(), session);
        session.lose(tell);
        List<StoreKey> bound = new ArrayList<>();
        entries.values().forEach(stored -> {
            if (stored.session() == session) {
                bound.add(stored.entry().key());
            }
        });
        bound.forEach(this::remove);
    }

    /** Nobody renews a session any more. */
    private void lapse(HubSession session) {
        if (session.renewed()) {
            session.lapse(clock.nanoTime());
            clock.after(Duration.ofNanos(session.timeToLive()), this::expire);
        }
    }

    private synchronized void expire() {
        long now = clock.nanoTime();
        List<HubSession> over =
                sessions.stream().filter(session -> session.expired(now)).toList();
        over.forEach(session -> end(session, true));
    }

    synchronized void watch(HubWatch watch) {
        watches.add(watch);
        if (watch.store().connected()) {
            watch.snapshot(list(watch.parent()));
        } else {
            watch.connectivity(Connectivity.DISCONNECTED);
        }
    }

    synchronized void remove(HubWatch watch) {
        watches.remove(watch);
    }

    /** An observer threw: it gets everything again, after a while. */
    synchronized void gap(HubWatch watch) {
        watch.forget();
        clock.after(Duration.ofSeconds(1), () -> catchUp(watch));
    }

    private synchronized void catchUp(HubWatch watch) {
        if (!watches.contains(watch) || !watch.store().connected()) {
            return;
        }
        Optional<List<Change>> missed = watch.seen() < 0 ? Optional.empty() : history.after(watch.seen());
        if (missed.isEmpty()) {
            watch.snapshot(list(watch.parent()));
        } else {
            watch.changed(missed.get(), revision);
            watch.connectivity(Connectivity.CONNECTED);
        }
    }

    /** The connection of a store was cut: its sessions lapse, its watches hear nothing. */
    synchronized void cut(MemoryStore store) {
        expire();
        sessions.stream().filter(session -> session.store() == store).toList().forEach(this::lapse);
        watches.stream()
                .filter(watch -> watch.store() == store)
                .forEach(watch -> watch.connectivity(Connectivity.DISCONNECTED));
    }

    synchronized void heal(MemoryStore store) {
        expire();
        sessions.stream()
                .filter(session -> session.store() == store && session.alive())
                .forEach(HubSession::renew);
        watches.stream().filter(watch -> watch.store() == store).toList().forEach(this::catchUp);
    }

    /** A store is closed: its watches end, its sessions lapse. */
    synchronized void leave(MemoryStore store) {
        sessions.stream().filter(session -> session.store() == store).toList().forEach(this::lapse);
        watches.stream().filter(watch -> watch.store() == store).toList().forEach(HubWatch::close);
    }

    /**
     * Loses all sessions of an owner, as where the store has judged it dead, for tests of faults.
     *
     * @param owner whose
     */
    public synchronized void killSessions(String owner) {
        sessions.stream()
                .filter(session -> session.owner().equals(owner))
                .toList()
                .forEach(session -> end(session, true));
    }

    /**
     * Tells what reads may be relied upon for.
     *
     * @return linearizable: there is one lock
     */
    ClusterStore.Consistency consistency() {
        return ClusterStore.Consistency.LINEARIZABLE;
    }
}
