package io.podnet.overlay.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node wants acknowledged: that states of some keys, or later ones, are in the others' kernels. One entry for each node,
 * written over and over, so that neither its size nor the number of acknowledgements grows with the pods.
 *
 * @param node who waits
 * @param number grows with each request; an acknowledgement of a number is one of all smaller ones
 * @param revisions by key
 */
record Awaited(String node, long number, Map<StoreKey, Long> revisions) {
    private static final String NUMBER = "number";
    private static final String REVISIONS = "revisions";

    Awaited {
        revisions = Map.copyOf(revisions);
    }

    static Awaited of(Entry entry) {
        StoredJson json = StoredJson.of(entry);
        Map<StoreKey, Long> revisions = new TreeMap<>();
        if (json.object().get(REVISIONS) instanceof ObjectNode fields) {
            fields.properties()
                    .forEach(field -> revisions.put(
                            new StoreKey(field.getKey()), field.getValue().asLong()));
        }
        return new Awaited(entry.key().name(), json.number(NUMBER), revisions);
    }

    String write() {
        ObjectNode json = StoredJson.empty().put(NUMBER, number);
        ObjectNode fields = json.putObject(REVISIONS);
        revisions.forEach((key, revision) -> fields.put(key.path(), revision));
        return json.toString();
    }
}
