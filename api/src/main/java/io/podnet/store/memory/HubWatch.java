package io.podnet.store.memory;

import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import io.podnet.spi.StoreWatch;
import io.podnet.store.WatchQueue;
import java.util.List;

/** A watch of a {@link MemoryHub}. How far it has come is the hub's, read and written under the hub's lock. */
final class HubWatch implements StoreWatch {
    private final MemoryHub hub;
    private final MemoryStore store;
    private final StoreKey parent;
    private final WatchQueue queue;
    private long seen = -1;

    HubWatch(MemoryHub hub, MemoryStore store, StoreKey parent, StoreObserver observer) {
        this.hub = hub;
        this.store = store;
        this.parent = parent;
        this.queue = new WatchQueue(observer, hub.executor(), () -> hub.gap(this));
    }

    MemoryStore store() {
        return store;
    }

    StoreKey parent() {
        return parent;
    }

    /** The revision that the observer has been told up to; -1 before the first snapshot. */
    long seen() {
        return seen;
    }

    void snapshot(Snapshot snapshot) {
        seen = snapshot.revision();
        queue.connectivity(Connectivity.CONNECTED);
        queue.snapshot(snapshot);
    }

    void changed(List<Change> changes, long revision) {
        seen = revision;
        List<Change> mine =
                changes.stream().filter(change -> change.key().isBelow(parent)).toList();
        if (!mine.isEmpty()) {
            queue.changed(mine);
        }
    }

    void connectivity(Connectivity state) {
        queue.connectivity(state);
    }

    void forget() {
        seen = -1;
    }

    @Override
    public void close() {
        queue.close();
        hub.remove(this);
    }
}
