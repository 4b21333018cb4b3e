package io.podnet.etcd;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import io.podnet.spi.StoreWatch;
import io.podnet.store.WatchQueue;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch: list at a revision, watch from the next one, and at the first sign of trouble list again. jetcd's watcher is given up
 * at its first error, since its own way of going on can skip what came before the connection broke, stops for good after some
 * errors (jetcd issues 1227 and 1352), and is closed by a compaction.
 */
final class EtcdWatch implements StoreWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdWatch.class);
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long LONGEST_BACKOFF_MILLIS = 5000;
    /** So many unanswered calls in a row, and the store counts as lost. */
    private static final int DISCONNECTED_AFTER = 2;

    private final EtcdStore store;
    private final StoreKey parent;
    private final WatchQueue queue;
    /** Of the watcher that counts; an older one's trouble is nobody's. */
    private volatile CountDownLatch trouble = new CountDownLatch(1);

    private volatile boolean closed;
    private int unanswered;

    EtcdWatch(EtcdStore store, StoreKey parent, StoreObserver observer) {
        this.store = store;
        this.parent = parent;
        this.queue = new WatchQueue(observer, store.workers().callbacks(), this::again);
    }

    void start() {
        store.workers().loops().execute(this::loop);
    }

    private void again() {
        trouble.countDown();
    }

    private void loop() {
        long backoff = FIRST_BACKOFF_MILLIS;
        try {
            while (!closed) {
                CountDownLatch mine = new CountDownLatch(1);
                trouble = mine;
                try {
                    follow(store.list(parent), mine);
                    backoff = FIRST_BACKOFF_MILLIS;
                } catch (PodnetException e) {
                    unanswered();
                    LOG.atDebug().addKeyValue("parent", parent).setCause(e).log("listing failed");
                }
                if (!closed) {
                    TimeUnit.MILLISECONDS.sleep(
                            backoff / 2 + ThreadLocalRandom.current().nextLong(backoff / 2 + 1));
                }
                backoff = Math.min(2 * backoff, LONGEST_BACKOFF_MILLIS);
            }
        } catch (InterruptedException e) {
            // The store is being closed.
            Thread.currentThread().interrupt();
        }
    }

    private void answered() {
        unanswered = 0;
        queue.connectivity(Connectivity.CONNECTED);
    }

    private void unanswered() {
        unanswered++;
        queue.connectivity(unanswered < DISCONNECTED_AFTER ? Connectivity.SUSPECT : Connectivity.DISCONNECTED);
    }

    /** Gives the snapshot and what comes after it, until there is trouble. */
    @SuppressWarnings("try") // The watcher only needs closing.
    private void follow(Snapshot snapshot, CountDownLatch mine) throws InterruptedException {
        answered();
        queue.snapshot(snapshot);
        WatchOption from = WatchOption.builder()
                .isPrefix(true)
                .withRevision(snapshot.revision() + 1)
                .withRequireLeader(true)
                .build();
        try (Watch.Watcher watcher =
                store.client().getWatchClient().watch(store.keys().below(parent), from, new Ears(mine))) {
            while (!mine.await(store.options().probe().toMillis(), TimeUnit.MILLISECONDS)) {
                if (closed) {
                    return;
                }
                probe(mine);
            }
        }
    }

    /** A silent connection is not a live one: TCP alone notices a partition after minutes. */
    private void probe(CountDownLatch mine) {
        try {
            store.get(parent);
            answered();
        } catch (PodnetException e) {
            unanswered();
            if (unanswered >= DISCONNECTED_AFTER) {
                mine.countDown();
            }
        }
    }

    /** What jetcd's threads call; it only hands on. */
    private final class Ears implements Watch.Listener {
        private final CountDownLatch mine;

        Ears(CountDownLatch mine) {
            this.mine = mine;
        }

        @Override
        public void onNext(WatchResponse response) {
            List<Change> changes =
                    response.getEvents().stream().map(EtcdWatch.this::change).toList();
            if (mine.getCount() > 0 && !closed && !changes.isEmpty()) {
                queue.changed(changes);
            }
        }

        @Override
        public void onError(Throwable error) {
            LOG.atDebug().addKeyValue("parent", parent).setCause(error).log("the watcher failed");
            mine.countDown();
        }

        @Override
        public void onCompleted() {
            mine.countDown();
        }
    }

    private Change change(WatchEvent event) {
        return event.getEventType() == WatchEvent.EventType.DELETE
                ? new Change.Removed(
                        store.keys().key(event.getKeyValue()),
                        event.getKeyValue().getModRevision())
                : new Change.Put(store.keys().entry(event.getKeyValue()));
    }

    @Override
    public void close() {
        closed = true;
        queue.close();
        again();
        store.forget(this);
    }
}
