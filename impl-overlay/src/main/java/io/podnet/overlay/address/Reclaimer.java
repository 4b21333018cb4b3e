package io.podnet.overlay.address;

import io.podnet.overlay.network.NetworkKeys;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes blocks from nodes that gave no sign of life for long: the store said that their session has expired, and this node has
 * seen them missing ever since, by its own monotonic clock. Each step compares the revision, so that a node that comes back
 * meanwhile keeps what it took again. Not safe for threads.
 */
final class Reclaimer {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaimer.class);

    private final ClusterStore store;
    private final NetworkKeys keys;
    private final Duration after;
    private final LongSupplier nanoTime;
    private final Map<String, Long> missingSince = new HashMap<>();

    Reclaimer(ClusterStore store, NetworkKeys keys, Duration after, LongSupplier nanoTime) {
        this.store = store;
        this.keys = keys;
        this.after = after;
        this.nanoTime = nanoTime;
    }

    /** Looks once; gives how many blocks became free. */
    int sweep() {
        Set<String> alive = new HashSet<>();
        store.list(keys.allocators())
                .entries()
                .forEach(entry -> alive.add(entry.key().name()));
        Map<String, Set<Entry>> missing = new HashMap<>();
        for (Entry entry : store.list(keys.affinities()).entries()) {
            String node = nodeOf(entry);
            if (!alive.contains(node)) {
                missing.computeIfAbsent(node, each -> new HashSet<>()).add(entry);
            }
        }
        missingSince.keySet().retainAll(missing.keySet());
        long now = nanoTime.getAsLong();
        int freed = 0;
        for (Map.Entry<String, Set<Entry>> each : missing.entrySet()) {
            Long since = missingSince.putIfAbsent(each.getKey(), now);
            if (since != null && now - since >= after.toNanos()) {
                for (Entry affinity : each.getValue()) {
                    freed += reclaim(each.getKey(), Affinity.of(affinity)) ? 1 : 0;
                }
            }
        }
        return freed;
    }

    private static String nodeOf(Entry affinity) {
        String path = affinity.key().path();
        String parent = path.substring(0, path.lastIndexOf('/'));
        return parent.substring(parent.lastIndexOf('/') + 1);
    }

    private boolean reclaim(String node, Affinity affinity) {
        Optional<Entry> block = store.get(keys.block(affinity.cidr()));
        String text = Affinity.write(Affinity.State.PENDING_DELETION, Optional.of(affinity.entry()));
        WriteResult marked = store.put(affinity.entry().key(), text, Expect.of(affinity.entry()));
        if (!(marked instanceof WriteResult.Applied applied)
                || store.get(keys.allocators().child(node)).isPresent()) {
            return false;
        }
        boolean its = block.isPresent() && BlockText.read(block.get()).node().equals(node);
        if (its && !store.delete(block.get().key(), Expect.of(block.get())).applied()) {
            return false;
        }
        store.delete(affinity.entry().key(), new Expect(applied.revision()));
        if (its) {
            LOG.atInfo()
                    .addKeyValue("node", node)
                    .addKeyValue("block", affinity.cidr())
                    .log("a block was taken from a node that is gone");
        }
        return its;
    }
}
