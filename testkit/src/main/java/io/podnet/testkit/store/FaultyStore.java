package io.podnet.testkit.store;

import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import io.podnet.spi.StoreSession;
import io.podnet.spi.StoreWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A store that keeps the laws and is otherwise as bad as a network and a dying node can make it, by a seed. Safe for any
 * thread, repeatable where one thread uses it.
 */
public final class FaultyStore implements ClusterStore {
    private final ClusterStore store;
    private final Random random;
    private volatile Faults faults;
    private volatile boolean partitioned;
    private volatile boolean dead;
    private final List<FaultySession> sessions = new ArrayList<>();
    private final List<FaultyWatch> watches = new ArrayList<>();

    private record FaultySession(StoreSession session, Runnable onLost) implements StoreSession {
        @Override
        public String owner() {
            return session.owner();
        }

        @Override
        public long fencingToken() {
            return session.fencingToken();
        }

        @Override
        public boolean alive() {
            return session.alive();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /**
     * Wraps a store.
     *
     * @param store a store that works
     * @param seed decides what goes wrong when
     * @param faults how often
     */
    public FaultyStore(ClusterStore store, long seed, Faults faults) {
        this.store = store;
        this.random = new Random(seed);
        this.faults = faults;
    }

    /**
     * Changes how often what goes wrong, for calls from now on and for watches that start from now on.
     *
     * @param changed how often
     */
    public void faults(Faults changed) {
        this.faults = changed;
    }

    /** Lets all calls time out, and watches fall silent. */
    public void partition() {
        partitioned = true;
        synchronized (this) {
            watches.forEach(FaultyWatch::close);
        }
    }

    /** Ends the partition. Watches must be started anew. */
    public void heal() {
        partitioned = false;
    }

    /** Loses all sessions: what is bound to them is deleted, their owners are told. */
    public void killSessions() {
        List<FaultySession> killed;
        synchronized (this) {
            killed = List.copyOf(sessions);
            sessions.clear();
        }
        for (FaultySession session : killed) {
            boolean was = session.alive();
            session.close();
            if (was) {
                session.onLost().run();
            }
        }
    }

    private synchronized boolean chance(int perMille) {
        return perMille > 0 && random.nextInt(1000) < perMille;
    }

    private <T> T call(String what, boolean write, Supplier<T> call) {
        if (dead) {
            throw new NodeCrash(what);
        }
        if (partitioned || chance(faults.lostRequests())) {
            throw new PodnetException.TimedOut(what + ": the request was lost");
        }
        boolean crash = chance(faults.crashes());
        if (crash && chance(500)) {
            dead = true;
            throw new NodeCrash("before " + what);
        }
        T answer = call.get();
        if (write && chance(faults.repeats())) {
            answer = call.get();
        }
        if (crash) {
            dead = true;
            throw new NodeCrash("after " + what);
        }
        if (chance(faults.lostReplies())) {
            throw new PodnetException.TimedOut(what + ": the reply was lost");
        }
        return answer;
    }

    @Override
    public Consistency consistency() {
        return store.consistency();
    }

    @Override
    public Optional<Entry> get(StoreKey key) {
        return call("reading " + key, false, () -> store.get(key));
    }

    @Override
    public Snapshot list(StoreKey parent) {
        return call("listing " + parent, false, () -> store.list(parent));
    }

    @Override
    public WriteResult put(StoreKey key, String value, Expect expect) {
        return call("writing " + key, true, () -> store.put(key, value, expect));
    }

    @Override
    public WriteResult put(StoreKey key, String value, Expect expect, StoreSession session) {
        StoreSession inner = session instanceof FaultySession faulty ? faulty.session() : session;
        return call("writing " + key, true, () -> store.put(key, value, expect, inner));
    }

    @Override
    public WriteResult delete(StoreKey key, Expect expect) {
        return call("deleting " + key, true, () -> store.delete(key, expect));
    }

    @Override
    public StoreSession openSession(String owner, Duration timeToLive, Runnable onLost) {
        return call("opening a session of " + owner, false, () -> {
            FaultySession session = new FaultySession(store.openSession(owner, timeToLive, onLost), onLost);
            synchronized (this) {
                sessions.add(session);
            }
            return session;
        });
    }

    @Override
    public StoreWatch watch(StoreKey parent, StoreObserver observer) {
        FaultyWatch watch;
        synchronized (this) {
            watch = new FaultyWatch(store, parent, observer, faults, new Random(random.nextLong()));
            watches.add(watch);
        }
        watch.start();
        return watch;
    }

    @Override
    public void close() {
        store.close();
    }
}
