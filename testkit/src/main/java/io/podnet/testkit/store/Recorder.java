package io.podnet.testkit.store;

import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** An observer that notes what it is told, keeps what follows from it, and complains of what breaks a law. */
final class Recorder implements StoreObserver {
    private final Map<String, String> state = new TreeMap<>();
    private final Map<StoreKey, Long> newest = new HashMap<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Connectivity> connectivity = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final Runnable onCall;

    Recorder() {
        this(() -> {});
    }

    Recorder(Runnable onCall) {
        this.onCall = onCall;
    }

    @Override
    public void snapshot(Snapshot snapshot) {
        alone(() -> {
            snapshots.add(snapshot);
            state.clear();
            newest.clear();
            snapshot.entries().forEach(entry -> {
                state.put(entry.key().path(), entry.value());
                newest.put(entry.key(), entry.revision());
            });
        });
    }

    @Override
    public void changed(List<Change> batch) {
        alone(() -> {
            if (snapshots.isEmpty()) {
                broken.add("law 1: changes before the first snapshot");
            }
            if (batch.stream().map(Change::key).distinct().count() != batch.size() || batch.isEmpty()) {
                broken.add("a batch of " + batch.size() + " changes has none, or two of one key");
            }
            batch.forEach(this::note);
        });
    }

    private void note(Change change) {
        changes.add(change);
        Long before = newest.put(change.key(), change.revision());
        if (before != null && before > change.revision()) {
            broken.add("law 3: " + change + " came after revision " + before);
        }
        if (change instanceof Change.Put put) {
            state.put(put.key().path(), put.entry().value());
        } else {
            state.remove(change.key().path());
        }
    }

    @Override
    public void connectivity(Connectivity now) {
        alone(() -> connectivity.add(now));
    }

    private void alone(Runnable step) {
        if (inside.incrementAndGet() != 1) {
            synchronized (this) {
                broken.add("law 8: two callbacks at a time");
            }
        }
        onCall.run();
        synchronized (this) {
            step.run();
            notifyAll();
        }
        inside.decrementAndGet();
    }

    synchronized Map<String, String> state() {
        return new TreeMap<>(state);
    }

    synchronized List<Snapshot> snapshots() {
        return List.copyOf(snapshots);
    }

    synchronized List<Change> changes() {
        return List.copyOf(changes);
    }

    synchronized List<Connectivity> connectivity() {
        return List.copyOf(connectivity);
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    /** Waits until something holds; true where it did in time. */
    boolean await(long millis, Predicate<Recorder> condition) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        synchronized (this) {
            while (!condition.test(this)) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }
}
