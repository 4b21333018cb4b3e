package io.podnet.overlay.address;

import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;

/**
 * A block as it is in the store.
 *
 * @param block the block
 * @param entry what was read or written
 */
record StoredBlock(Block block, Entry entry) {
    static StoredBlock of(Entry entry) {
        return new StoredBlock(BlockText.read(entry), entry);
    }

    Expect unchanged() {
        return Expect.of(entry);
    }

    String with(Block changed) {
        return BlockText.write(changed, StoredJson.of(entry).object());
    }
}
