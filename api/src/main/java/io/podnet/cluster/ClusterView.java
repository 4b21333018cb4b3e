package io.podnet.cluster;

import io.podnet.api.PodnetException;
import io.podnet.cluster.ViewStep.Item;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import io.podnet.spi.StoreWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what all nodes have in the store, and tells a node what is new to it. The cost of a change does not grow with what
 * there is. What a store away does not say stays as it was. Safe for any thread.
 */
public final class ClusterView implements StoreObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterView.class);

    /**
     * An entry as it was last heard of.
     *
     * @param revision of the last change
     * @param item what it says; empty for one of the node's own, one that says nothing yet, and one that is gone
     * @param gone whether this node removed it, which the watch has not told yet
     */
    private record Seen(long revision, Optional<Item> item, boolean gone) {}

    private final NodeShare share;
    private final String node;
    private final Consumer<ViewStep> steps;
    private final Map<StoreKey, Seen> seen = new HashMap<>();
    private volatile boolean synced;

    /**
     * Makes a view.
     *
     * @param node the node that is told
     * @param share told what happens to the node's own entries
     * @param steps told what is new, one step after another; after every complete snapshot even if nothing is
     */
    public ClusterView(String node, NodeShare share, Consumer<ViewStep> steps) {
        this.node = node;
        this.share = share;
        this.steps = steps;
    }

    /**
     * Begins to follow services, and slices of all nodes.
     *
     * @param store the store
     * @return ends it
     */
    public StoreWatch watchServices(ClusterStore store) {
        return store.watch(ClusterKeys.SERVICES, this);
    }

    /**
     * Begins to follow the pods of all nodes.
     *
     * @param store the store
     * @return ends it
     */
    public StoreWatch watchPods(ClusterStore store) {
        return store.watch(ClusterKeys.PODS, this);
    }

    /**
     * Tells whether a complete snapshot has come.
     *
     * @return true from then on
     */
    public boolean synced() {
        return synced;
    }

    @Override
    public synchronized void snapshot(Snapshot snapshot) {
        List<Change> changes = new ArrayList<>();
        Set<StoreKey> there = new HashSet<>();
        for (Entry entry : snapshot.entries()) {
            there.add(entry.key());
            changes.add(new Change.Put(entry));
        }
        seen.forEach((key, last) -> {
            if (!there.contains(key) && last.revision() <= snapshot.revision()) {
                changes.add(new Change.Removed(key, snapshot.revision() + 1));
            }
        });
        synced = true;
        steps.accept(step(changes, true));
    }

    @Override
    public synchronized void changed(List<Change> changes) {
        tell(step(changes, true));
    }

    private void tell(ViewStep step) {
        if (!step.present().isEmpty() || !step.removed().isEmpty()) {
            steps.accept(step);
        }
    }

    /**
     * Takes a change that this node made, before the watch tells it.
     *
     * @param change the change
     */
    public synchronized void written(Change change) {
        tell(step(List.of(change), false));
    }

    private ViewStep step(List<Change> changes, boolean byWatch) {
        List<Item> present = new ArrayList<>();
        List<Item> removed = new ArrayList<>();
        for (Change change : changes) {
            Seen last = seen.get(change.key());
            if (last != null && last.revision() >= change.revision()) {
                if (byWatch && last.gone() && change instanceof Change.Removed) {
                    seen.remove(change.key());
                }
                continue;
            }
            Optional<Item> before = last == null ? Optional.empty() : last.item();
            Optional<Item> now = isOwn(change.key()) ? Optional.empty() : read(change, before);
            if (isOwn(change.key())) {
                share.seen(change);
            }
            remember(change, now, byWatch);
            if (now.isPresent() && !now.equals(before)) {
                present.add(now.get());
            } else if (now.isEmpty() && before.isPresent()) {
                removed.add(before.get());
            }
        }
        return new ViewStep(present, removed);
    }

    /** A removal by the watch is its last word on the key; after one of this node's own it may still tell older ones. */
    private void remember(Change change, Optional<Item> now, boolean byWatch) {
        boolean gone = change instanceof Change.Removed;
        if (gone && byWatch) {
            seen.remove(change.key());
        } else {
            seen.put(change.key(), new Seen(change.revision(), now, gone));
        }
    }

    private boolean isOwn(StoreKey key) {
        return (key.isBelow(ClusterKeys.ENDPOINTS)
                        && ClusterKeys.nodeOf(key, ClusterKeys.ENDPOINTS).equals(node))
                || (key.isBelow(ClusterKeys.PODS)
                        && ClusterKeys.nodeOf(key, ClusterKeys.PODS).equals(node));
    }

    private static Optional<Item> read(Change change, Optional<Item> before) {
        if (!(change instanceof Change.Put put)) {
            return Optional.empty();
        }
        try {
            return read(put.entry());
        } catch (PodnetException.StateFailure e) {
            LOG.error("an entry of the cluster's store is passed over: {}", e.getMessage());
            return before;
        }
    }

    private static Optional<Item> read(Entry entry) {
        StoreKey key = entry.key();
        if (key.isBelow(ClusterKeys.SERVICE)) {
            return ServiceText.read(entry).selected().map(ViewStep.OfService::new);
        }
        if (key.isBelow(ClusterKeys.SLICE) || key.isBelow(ClusterKeys.ENDPOINTS)) {
            return Optional.of(new ViewStep.OfSlice(SliceText.read(entry).slice()));
        }
        if (key.isBelow(ClusterKeys.PODS)) {
            PodText.Addresses pod = PodText.read(entry);
            return Optional.of(new ViewStep.OfPod(ClusterKeys.nodeOf(key, ClusterKeys.PODS), pod.pod(), pod.ips()));
        }
        return Optional.empty();
    }
}
