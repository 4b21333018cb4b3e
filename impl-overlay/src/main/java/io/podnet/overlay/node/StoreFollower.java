package io.podnet.overlay.node;

import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Follows a watch and hands on values: all of them at each snapshot, single ones as they change. A value that cannot be read is
 * told and passed over; what was there before stays. Callbacks come on the watch's thread; the questions are for any thread.
 *
 * @param <T> what entries are read into
 */
public final class StoreFollower<T> implements StoreObserver {
    /**
     * Is told what a watch sees.
     *
     * @param <T> what entries are read into
     */
    public interface Listener<T> {
        /**
         * All that is there, which replaces all that was told.
         *
         * @param all the values
         * @param first whether it is the first time
         */
        void all(Collection<T> all, boolean first);

        /**
         * Some changed.
         *
         * @param changed new or changed values
         * @param gone keys that are gone
         */
        void some(List<T> changed, List<StoreKey> gone);

        /**
         * An entry cannot be read.
         *
         * @param key the key
         * @param why what is wrong
         */
        default void unreadable(StoreKey key, PodnetException why) {}
    }

    private final Function<Entry, T> read;
    private final Listener<T> listener;
    private final Map<StoreKey, T> values = new ConcurrentHashMap<>();
    private final Map<StoreKey, Long> revisions = new ConcurrentHashMap<>();
    private volatile long complete;
    private volatile boolean synced;
    private volatile Connectivity connectivity = Connectivity.CONNECTED;

    /**
     * Makes a follower that has seen nothing.
     *
     * @param read reads an entry, throws where it cannot
     * @param listener is told
     */
    public StoreFollower(Function<Entry, T> read, Listener<T> listener) {
        this.read = read;
        this.listener = listener;
    }

    private Optional<T> read(Entry entry) {
        try {
            return Optional.of(read.apply(entry));
        } catch (PodnetException | ArithmeticException e) {
            PodnetException why = e instanceof PodnetException ours
                    ? ours
                    : new PodnetException.StateFailure("store entry " + entry.key() + " has a number too large", e);
            listener.unreadable(entry.key(), why);
            return Optional.empty();
        }
    }

    @Override
    public void snapshot(Snapshot snapshot) {
        Map<StoreKey, T> now = new HashMap<>();
        Map<StoreKey, Long> seen = new HashMap<>();
        for (Entry entry : snapshot.entries()) {
            seen.put(entry.key(), entry.revision());
            T known = values.get(entry.key());
            // Compared by revision and read anew: what changed while nobody listened is no less a change.
            if (known != null && Long.valueOf(entry.revision()).equals(revisions.get(entry.key()))) {
                now.put(entry.key(), known);
            } else {
                read(entry).or(() -> Optional.ofNullable(known)).ifPresent(value -> now.put(entry.key(), value));
            }
        }
        values.keySet().retainAll(now.keySet());
        values.putAll(now);
        revisions.keySet().retainAll(seen.keySet());
        revisions.putAll(seen);
        boolean first = !synced;
        complete = Math.max(complete, snapshot.revision());
        synced = true;
        listener.all(List.copyOf(now.values()), first);
    }

    @Override
    public void changed(List<Change> changes) {
        List<T> changed = new ArrayList<>();
        List<StoreKey> gone = new ArrayList<>();
        for (Change change : changes) {
            Long known = revisions.get(change.key());
            if (known != null && known >= change.revision()) {
                continue; // it comes again, or late
            }
            revisions.put(change.key(), change.revision());
            if (change instanceof Change.Put put) {
                read(put.entry()).ifPresent(value -> {
                    values.put(put.key(), value);
                    changed.add(value);
                });
            } else {
                values.remove(change.key());
                gone.add(change.key());
            }
        }
        listener.some(changed, gone);
    }

    @Override
    public void connectivity(Connectivity state) {
        connectivity = state;
    }

    /**
     * Tells what is known of the way to the store.
     *
     * @return as the watch last said
     */
    public Connectivity connectivity() {
        return connectivity;
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
     * Tells whether a state of a key has been seen, or a later one.
     *
     * @param key the key
     * @param revision of the state
     * @return true where it was handed on
     */
    public boolean hasSeen(StoreKey key, long revision) {
        return complete >= revision || revisions.getOrDefault(key, 0L) >= revision;
    }

    /**
     * Gives a value.
     *
     * @param key the key
     * @return what was last heard, empty where there is none
     */
    public Optional<T> value(StoreKey key) {
        return Optional.ofNullable(values.get(key));
    }

    /**
     * Gives all values.
     *
     * @return by key, a copy
     */
    public Map<StoreKey, T> values() {
        return Map.copyOf(values);
    }
}
