package io.podnet.overlay.node;

import io.podnet.overlay.network.NetworkKeys;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.StoreKey;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets nodes that have not been heard for a long time. Their records outlast their sessions, since a node that the store does
 * not hear may forward all the same; but one that was switched off for good says nothing either. The time is this node's own, by
 * a monotonic clock, and does not run while this node itself is not heard. For one thread.
 */
public final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

    private final ClusterStore store;
    private final NetworkKeys keys;
    private final String node;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final Map<String, Long> silentSince = new HashMap<>();

    /**
     * Begins with everybody just heard.
     *
     * @param store what the nodes share
     * @param keys the network's keys
     * @param node this node's name
     * @param patience how long a node may be silent
     * @param nanoTime as {@link System#nanoTime}
     */
    public Departures(ClusterStore store, NetworkKeys keys, String node, Duration patience, LongSupplier nanoTime) {
        this.store = store;
        this.keys = keys;
        this.node = node;
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    /**
     * Looks who is silent, and forgets who has been for too long.
     *
     * @param records the names of all nodes that have a record
     * @param alive the names of those that are heard
     */
    public void look(Collection<String> records, Set<String> alive) {
        if (!alive.contains(node)) {
            silentSince.clear();
            return;
        }
        silentSince.keySet().retainAll(records);
        silentSince.keySet().removeAll(alive);
        long now = nanoTime.getAsLong();
        for (String name : records) {
            if (alive.contains(name)) {
                continue;
            }
            long since = silentSince.computeIfAbsent(name, unused -> now);
            if (now - since >= patience.toNanos()) {
                forget(name);
            }
        }
    }

    private void forget(String name) {
        StoreKey key = keys.nodes().child(name);
        // It may be back, and only the watch not know it yet.
        if (store.get(keys.alive().child(name)).isEmpty()) {
            store.get(key).ifPresent(entry -> {
                if (store.delete(key, Expect.of(entry)).applied()) {
                    LOG.atWarn()
                            .addKeyValue("node", name)
                            .log("node {} has not been heard for {} and is forgotten", name, patience);
                }
            });
        }
        silentSince.remove(name);
    }
}
