package io.podnet.store.memory;

import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import io.podnet.spi.StoreSession;
import io.podnet.spi.StoreWatch;
import java.time.Duration;
import java.util.Optional;

/** A node's connection to a {@link MemoryHub}. Safe for any thread. */
public final class MemoryStore implements ClusterStore {
    private enum State {
        CONNECTED,
        CUT,
        CLOSED
    }

    private final MemoryHub hub;
    private final String nodeName;
    private volatile State state = State.CONNECTED;

    MemoryStore(MemoryHub hub, String nodeName) {
        this.hub = hub;
        this.nodeName = nodeName;
    }

    /** Cuts the connection: calls time out at once, sessions are not renewed, watches hear nothing. */
    public void cut() {
        synchronized (hub) {
            if (state == State.CONNECTED) {
                state = State.CUT;
                hub.cut(this);
            }
        }
    }

    /** Heals the connection. */
    public void heal() {
        synchronized (hub) {
            if (state == State.CUT) {
                state = State.CONNECTED;
                hub.heal(this);
            }
        }
    }

    boolean connected() {
        return state == State.CONNECTED;
    }

    void later(Runnable task) {
        hub.executor().execute(task);
    }

    private MemoryHub reach(String what) {
        if (state == State.CUT) {
            throw new PodnetException.TimedOut(what + " for node " + nodeName + ": the store did not answer");
        }
        if (state == State.CLOSED) {
            throw new PodnetException.Conflict(what + " for node " + nodeName + ": the store is closed");
        }
        return hub;
    }

    private HubSession mine(StoreSession session) {
        if (session instanceof HubSession known && known.store() == this) {
            return known;
        }
        throw new PodnetException.Invalid(session + " is not of this store");
    }

    @Override
    public Consistency consistency() {
        return hub.consistency();
    }

    @Override
    public Optional<Entry> get(StoreKey key) {
        return reach("reading " + key).get(key);
    }

    @Override
    public Snapshot list(StoreKey parent) {
        return reach("listing " + parent).list(parent);
    }

    @Override
    public WriteResult put(StoreKey key, String value, Expect expect) {
        ClusterStore.checkValue(key, value);
        return reach("writing " + key).put(key, value, expect, null);
    }

    @Override
    public WriteResult put(StoreKey key, String value, Expect expect, StoreSession session) {
        ClusterStore.checkValue(key, value);
        return reach("writing " + key).put(key, value, expect, mine(session));
    }

    @Override
    public WriteResult delete(StoreKey key, Expect expect) {
        return reach("deleting " + key).delete(key, expect);
    }

    @Override
    public StoreSession openSession(String owner, Duration timeToLive, Runnable onLost) {
        ClusterStore.checkTimeToLive(timeToLive);
        return reach("opening a session of " + owner).open(this, owner, timeToLive, onLost);
    }

    @Override
    public StoreWatch watch(StoreKey parent, StoreObserver observer) {
        if (state == State.CLOSED) {
            reach("watching " + parent);
        }
        HubWatch watch = new HubWatch(hub, this, parent, observer);
        hub.watch(watch);
        return watch;
    }

    @Override
    public void close() {
        synchronized (hub) {
            if (state != State.CLOSED) {
                state = State.CLOSED;
                hub.leave(this);
            }
        }
    }
}
