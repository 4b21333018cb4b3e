package io.podnet.overlay.address;

import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreSession;
import java.time.Duration;
import java.util.Optional;

/** This node's sign of life among those who hand addresses out. Not safe for threads. */
final class Presence {
    private static final int TRIES = 100;

    private final ClusterStore store;
    private final StoreKey key;
    private final String owner;
    private final Duration timeToLive;
    private Optional<StoreSession> session = Optional.empty();

    Presence(ClusterStore store, NetworkKeys keys, String node, Duration timeToLive) {
        this.store = store;
        this.key = keys.allocators().child(node);
        this.owner = keys.root().name() + ".ipam." + node;
        this.timeToLive = timeToLive;
    }

    boolean alive() {
        return session.isPresent() && session.get().alive();
    }

    /** Opens a session and writes the sign, unless it is there; gives the fencing token. */
    long join() {
        if (alive()) {
            return session.orElseThrow().fencingToken();
        }
        StoreSession opened = store.openSession(owner, timeToLive, () -> {});
        Optional<Entry> current = store.get(key);
        for (int i = 0; i < TRIES; i++) {
            String text = current.map(entry -> StoredJson.of(entry).object())
                    .orElseGet(StoredJson::empty)
                    .put("token", opened.fencingToken())
                    .toString();
            WriteResult result = store.put(key, text, Expect.of(current), opened);
            if (result.applied()) {
                session = Optional.of(opened);
                return opened.fencingToken();
            }
            if (result instanceof WriteResult.Refused refused) {
                current = refused.current();
            } else {
                break;
            }
        }
        throw new PodnetException.TimedOut(
                "the session of " + owner + " was lost while it was written to " + key + "; try again");
    }

    /** Stops the signs; the store counts the node as there for its time to live. */
    void leave() {
        session = Optional.empty();
    }
}
