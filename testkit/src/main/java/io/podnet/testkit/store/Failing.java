package io.podnet.testkit.store;

import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreObserver;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An observer that fails at its first snapshot. */
record Failing(StoreObserver first, StoreObserver later, AtomicInteger calls) implements StoreObserver {
    @Override
    public void snapshot(Snapshot snapshot) {
        if (calls.incrementAndGet() == 1) {
            first.snapshot(snapshot);
            throw new IllegalStateException("fails on purpose");
        }
        later.snapshot(snapshot);
    }

    @Override
    public void changed(List<Change> changes) {
        later.changed(changes);
    }
}
