package io.podnet.overlay.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import java.util.Optional;

/** What all nodes of a network must agree on: two that cut one range differently would give an address twice. */
public final class NetworkConfig {
    private static final int TRIES = 100;

    private NetworkConfig() {}

    /**
     * Writes down a setting, or checks it against what another node wrote.
     *
     * @param store the store
     * @param keys the network's keys
     * @param field the setting's name
     * @param value this node's value
     * @throws PodnetException.Conflict where the cluster has another value
     * @throws PodnetException.TimedOut where the store does not answer
     */
    public static void agree(ClusterStore store, NetworkKeys keys, String field, String value) {
        Optional<Entry> current = store.get(keys.config());
        for (int i = 0; i < TRIES; i++) {
            ObjectNode json =
                    current.map(entry -> StoredJson.of(entry).object()).orElseGet(StoredJson::empty);
            if (json.has(field)) {
                String agreed = new StoredJson(keys.config(), json).text(field);
                if (!agreed.equals(value)) {
                    throw new PodnetException.Conflict("this node has " + field + " '" + value + "', the cluster has '"
                            + agreed + "' in store entry " + keys.config() + "; all nodes of a network need the same");
                }
                return;
            }
            json.put(field, value);
            WriteResult result = store.put(keys.config(), json.toString(), Expect.of(current));
            if (!(result instanceof WriteResult.Refused refused)) {
                return;
            }
            current = refused.current();
        }
        throw new PodnetException.TimedOut("store entry " + keys.config() + " changed " + TRIES + " times while "
                + field + " was written; try again");
    }
}
