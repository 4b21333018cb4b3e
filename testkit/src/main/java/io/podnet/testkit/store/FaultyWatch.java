package io.podnet.testkit.store;

import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import io.podnet.spi.StoreWatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A watch that loses, repeats, reorders and delays as the laws allow it: after a loss it starts over. */
final class FaultyWatch implements StoreObserver, StoreWatch {
    private final ClusterStore store;
    private final StoreKey parent;
    private final StoreObserver observer;
    private final Faults faults;
    private final Random random;
    private Optional<StoreWatch> watch = Optional.empty();
    private int generation;
    private boolean closed;

    FaultyWatch(ClusterStore store, StoreKey parent, StoreObserver observer, Faults faults, Random random) {
        this.store = store;
        this.parent = parent;
        this.observer = observer;
        this.faults = faults;
        this.random = random;
    }

    void start() {
        int mine;
        synchronized (this) {
            if (closed) {
                return;
            }
            watch.ifPresent(StoreWatch::close);
            mine = ++generation;
        }
        StoreWatch next = store.watch(parent, new Current(this, mine));
        synchronized (this) {
            if (closed || mine != generation) {
                next.close();
            } else {
                watch = Optional.of(next);
            }
        }
    }

    /** What one of the underlying watches says; only the newest counts. */
    private record Current(FaultyWatch faulty, int generation) implements StoreObserver {
        @Override
        public void snapshot(Snapshot snapshot) {
            faulty.tell(generation, () -> faulty.snapshot(snapshot));
        }

        @Override
        public void changed(List<Change> changes) {
            faulty.tell(generation, () -> faulty.changed(changes));
        }

        @Override
        public void connectivity(Connectivity state) {
            faulty.tell(generation, () -> faulty.connectivity(state));
        }
    }

    private synchronized void tell(int from, Runnable call) {
        if (from == generation && !closed) {
            call.run();
        }
    }

    private boolean chance(int perMille) {
        return random.nextInt(1000) < perMille;
    }

    @Override
    public void snapshot(Snapshot snapshot) {
        observer.snapshot(snapshot);
        if (chance(faults.duplicates())) {
            observer.snapshot(snapshot);
        }
    }

    @Override
    public void changed(List<Change> changes) {
        if (chance(faults.gaps())) {
            start();
            return;
        }
        if (chance(faults.delays())) {
            sleep(random.nextInt(5));
        }
        List<Change> batch = new ArrayList<>(changes);
        if (chance(faults.reorders())) {
            Collections.shuffle(batch, random);
        }
        observer.changed(List.copyOf(batch));
        if (chance(faults.duplicates())) {
            observer.changed(List.copyOf(batch));
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void connectivity(Connectivity state) {
        observer.connectivity(state);
    }

    @Override
    public synchronized void close() {
        closed = true;
        watch.ifPresent(StoreWatch::close);
    }
}
