package io.podnet.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.StoreKey;
import java.nio.charset.StandardCharsets;

/**
 * How keys and values are written in etcd: entries below one prefix, sessions beside them.
 *
 * @param prefix without a slash at its end
 */
record EtcdKeys(String prefix) {
    private static final String ENTRIES = "/entries/";
    private static final String SESSIONS = "/sessions/";

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    ByteSequence of(StoreKey key) {
        return bytes(prefix + ENTRIES + key.path());
    }

    /** What the keys strictly below one start with. */
    ByteSequence below(StoreKey parent) {
        return bytes(prefix + ENTRIES + parent.path() + "/");
    }

    ByteSequence session(String owner) {
        return bytes(prefix + SESSIONS + owner);
    }

    StoreKey key(KeyValue stored) {
        String path = stored.getKey().toString(StandardCharsets.UTF_8);
        return new StoreKey(path.substring(prefix.length() + ENTRIES.length()));
    }

    Entry entry(KeyValue stored) {
        return new Entry(key(stored), stored.getValue().toString(StandardCharsets.UTF_8), stored.getModRevision());
    }
}
