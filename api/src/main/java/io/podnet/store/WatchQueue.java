package io.podnet.store;

import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between a store and one observer: takes what the store has without ever waiting, and tells the observer one thing after
 * another. What the observer has not seen is merged by key, so memory is bounded by the keys, however slow it is. Safe for any
 * thread.
 */
public final class WatchQueue {
    private static final Logger LOG = LoggerFactory.getLogger(WatchQueue.class);

    private final StoreObserver observer;
    private final Executor executor;
    private final Runnable gap;
    private final Map<StoreKey, Change> changes = new LinkedHashMap<>();
    private Optional<Snapshot> snapshot = Optional.empty();
    private Optional<Connectivity> reported = Optional.empty();
    private Optional<Connectivity> connectivity = Optional.empty();
    private boolean inSync;
    private boolean running;
    private boolean closed;

    private record Batch(Optional<Connectivity> connectivity, Optional<Snapshot> snapshot, List<Change> changes) {}

    /**
     * Makes a queue.
     *
     * @param observer told of everything
     * @param executor runs the calls, never two of one queue at a time
     * @param gap called where the observer threw: the store must give a new snapshot, but not at once
     */
    public WatchQueue(StoreObserver observer, Executor executor, Runnable gap) {
        this.observer = observer;
        this.executor = executor;
        this.gap = gap;
    }

    /**
     * Takes a new complete snapshot; what is still waiting is forgotten.
     *
     * @param complete everything
     */
    public void snapshot(Snapshot complete) {
        synchronized (this) {
            changes.clear();
            snapshot = Optional.of(complete);
            inSync = true;
        }
        run();
    }

    /**
     * Takes changes. Between a gap and the next snapshot they are ignored.
     *
     * @param batch in order
     */
    public void changed(List<Change> batch) {
        synchronized (this) {
            if (!inSync) {
                return;
            }
            for (Change change : batch) {
                changes.remove(change.key());
                changes.put(change.key(), change);
            }
        }
        run();
    }

    /**
     * Takes a state; the observer is told where it is another than the one before.
     *
     * @param state the state
     */
    public void connectivity(Connectivity state) {
        synchronized (this) {
            connectivity = Optional.of(state);
        }
        run();
    }

    /** Ends it; what waits is forgotten. */
    public synchronized void close() {
        closed = true;
        changes.clear();
        snapshot = Optional.empty();
    }

    private void run() {
        synchronized (this) {
            if (running || closed || isEmpty()) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            // The store is being closed, and nobody waits for these calls any more.
            close();
        }
    }

    private boolean isEmpty() {
        return changes.isEmpty() && snapshot.isEmpty() && connectivity.equals(reported);
    }

    private synchronized Optional<Batch> next() {
        if (closed || isEmpty()) {
            running = false;
            return Optional.empty();
        }
        Batch batch = new Batch(
                connectivity.equals(reported) ? Optional.empty() : connectivity,
                snapshot,
                List.copyOf(changes.values()));
        reported = connectivity;
        snapshot = Optional.empty();
        changes.clear();
        return Optional.of(batch);
    }

    private void drain() {
        for (Optional<Batch> batch = next(); batch.isPresent(); batch = next()) {
            try {
                tell(batch.get());
            } catch (RuntimeException | AssertionError e) {
                LOG.atError().setCause(e).log("an observer of the cluster store failed; it will get a new snapshot");
                synchronized (this) {
                    inSync = false;
                    changes.clear();
                }
                gap.run();
            }
        }
    }

    private void tell(Batch batch) {
        batch.connectivity().ifPresent(observer::connectivity);
        batch.snapshot().ifPresent(observer::snapshot);
        if (!batch.changes().isEmpty()) {
            observer.changed(batch.changes());
        }
    }
}
