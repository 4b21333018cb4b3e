package io.podnet.store.memory;

import io.podnet.spi.StoreSession;

/** A session of a {@link MemoryHub}. Its fields are the hub's, read and written under the hub's lock. */
final class HubSession implements StoreSession {
    private final MemoryHub hub;
    private final MemoryStore store;
    private final String owner;
    private final long token;
    private final long timeToLive;
    private final Runnable onLost;
    private volatile boolean alive = true;
    private boolean renewed = true;
    private long deadline;

    HubSession(MemoryHub hub, MemoryStore store, String owner, long token, long timeToLive, Runnable onLost) {
        this.hub = hub;
        this.store = store;
        this.owner = owner;
        this.token = token;
        this.timeToLive = timeToLive;
        this.onLost = onLost;
    }

    MemoryStore store() {
        return store;
    }

    /** Tells whether the holder still sends signs of life. */
    boolean renewed() {
        return renewed;
    }

    /** The last sign of life was now. */
    void lapse(long now) {
        renewed = false;
        deadline = now + timeToLive;
    }

    void renew() {
        renewed = true;
    }

    boolean expired(long now) {
        return !renewed && now - deadline >= 0;
    }

    long timeToLive() {
        return timeToLive;
    }

    /** Ends it for the holder. */
    void lose(boolean tell) {
        if (alive) {
            alive = false;
            if (tell) {
                store.later(onLost);
            }
        }
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public long fencingToken() {
        return token;
    }

    @Override
    public boolean alive() {
        return alive;
    }

    @Override
    public void close() {
        hub.end(this, false);
    }

    @Override
    public String toString() {
        return "session " + token + " of " + owner;
    }
}
