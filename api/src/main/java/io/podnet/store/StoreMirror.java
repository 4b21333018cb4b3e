package io.podnet.store;

import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Follows a watch: what was below the watched key when it was last heard of. Lags behind the store. Readable from any thread.
 */
public final class StoreMirror implements StoreObserver {
    private final Map<StoreKey, Entry> entries = new ConcurrentSkipListMap<>();
    private final Runnable onChange;
    private volatile boolean synced;

    /**
     * Makes an empty mirror.
     *
     * @param onChange called after each step, on the watch's thread
     */
    public StoreMirror(Runnable onChange) {
        this.onChange = onChange;
    }

    @Override
    public void snapshot(Snapshot snapshot) {
        Map<StoreKey, Entry> complete = new ConcurrentSkipListMap<>();
        snapshot.entries().forEach(entry -> complete.put(entry.key(), entry));
        entries.keySet().retainAll(complete.keySet());
        entries.putAll(complete);
        synced = true;
        onChange.run();
    }

    @Override
    public void changed(List<Change> changes) {
        for (Change change : changes) {
            // A repeated change is older than, or the same as, what is known.
            Entry known = entries.get(change.key());
            if (known != null && known.revision() >= change.revision()) {
                continue;
            }
            if (change instanceof Change.Put put) {
                entries.put(put.key(), put.entry());
            } else {
                entries.remove(change.key());
            }
        }
        onChange.run();
    }

    /**
     * Tells whether a complete snapshot has come.
     *
     * @return true from then on
     */
    public boolean synced() {
        return synced;
    }

    /**
     * Gives an entry.
     *
     * @param key the key
     * @return what was last heard of it
     */
    public Optional<Entry> get(StoreKey key) {
        return Optional.ofNullable(entries.get(key));
    }

    /**
     * Gives all entries.
     *
     * @return a copy, sorted by key
     */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }
}
