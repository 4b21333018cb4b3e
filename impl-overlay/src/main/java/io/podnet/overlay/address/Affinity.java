package io.podnet.overlay.address;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podnet.api.Cidr;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;
import java.util.Optional;

/**
 * A node's claim to a block, written before the block is made and deleted after it is gone (Calico's two phases): wherever a
 * node dies, the claim tells which block to look at.
 *
 * @param cidr the block
 * @param state how far the claim is
 * @param entry as it is in the store
 */
record Affinity(Cidr cidr, State state, Entry entry) {
    private static final String STATE = "state";

    /** How far a claim is, in the words of Calico's libcalico-go. */
    enum State {
        /** The block may not be there, or be another's. For routing the same as nothing. */
        PENDING("pending"),
        /** The block is the node's. */
        CONFIRMED("confirmed"),
        /** The block is being given back, or taken from a dead node. */
        PENDING_DELETION("pendingDeletion");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    static Affinity of(Entry entry) {
        StoredJson json = StoredJson.of(entry);
        String word = json.text(STATE);
        for (State state : State.values()) {
            if (state.word.equals(word)) {
                return new Affinity(StoreKey.cidrOf(entry.key().name()), state, entry);
            }
        }
        throw json.broken(STATE, "'" + word + "', which is no state of an affinity");
    }

    static String write(State state, Optional<Entry> before) {
        ObjectNode json = before.map(entry -> StoredJson.of(entry).object()).orElseGet(StoredJson::empty);
        return json.put(STATE, state.word).toString();
    }
}
