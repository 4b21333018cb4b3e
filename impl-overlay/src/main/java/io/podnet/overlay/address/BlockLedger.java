package io.podnet.overlay.address;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One node's blocks: what is in the store, and what this node knows of it. Every write compares the revision; a write that is
 * refused shows what is there, and where that is another's, the node yields. Not safe for threads.
 */
final class BlockLedger {
    private static final int TRIES = 100;

    private final ClusterStore store;
    private final NetworkKeys keys;
    private final String node;
    private final Map<Cidr, StoredBlock> held = new TreeMap<>(Comparator.comparing(Cidr::network));
    private final Map<AttachmentId, Set<Cidr>> holders = new HashMap<>();
    private long token;

    BlockLedger(ClusterStore store, NetworkKeys keys, String node) {
        this.store = store;
        this.keys = keys;
        this.node = node;
    }

    Collection<StoredBlock> held() {
        return List.copyOf(held.values());
    }

    boolean holds(Cidr cidr) {
        return held.containsKey(cidr);
    }

    Set<AttachmentId> owners() {
        return Set.copyOf(holders.keySet());
    }

    List<Block> blocksOf(AttachmentId owner) {
        return holders.getOrDefault(owner, Set.of()).stream()
                .map(held::get)
                .map(StoredBlock::block)
                .toList();
    }

    List<IpAddress> addressesOf(AttachmentId owner) {
        return blocksOf(owner).stream()
                .flatMap(block -> block.addressesOf(owner).stream())
                .sorted()
                .toList();
    }

    private void keep(StoredBlock stored) {
        drop(stored.block().cidr());
        held.put(stored.block().cidr(), stored);
        stored.block()
                .owners()
                .forEach(owner -> holders.computeIfAbsent(owner, each -> new HashSet<>())
                        .add(stored.block().cidr()));
    }

    private void drop(Cidr cidr) {
        StoredBlock former = held.remove(cidr);
        if (former != null) {
            for (AttachmentId owner : former.block().owners()) {
                Set<Cidr> blocks = holders.getOrDefault(owner, new HashSet<>());
                blocks.remove(cidr);
                if (blocks.isEmpty()) {
                    holders.remove(owner);
                }
            }
        }
    }

    /**
     * Takes the node's blocks again with a new session, finishes what was begun, and forgets what is another's by now.
     *
     * @param newToken the new session's
     */
    void adopt(long newToken) {
        token = newToken;
        List.copyOf(held.keySet()).forEach(this::drop);
        for (Entry entry : store.list(keys.affinities(node)).entries()) {
            adopt(Affinity.of(entry));
        }
    }

    /**
     * Frees what was only reserved. A lease in several blocks of which one is committed was being committed when the node died:
     * that is finished, since its owner may use it.
     */
    void dropReserved() {
        Set<AttachmentId> committed = new HashSet<>();
        for (StoredBlock stored : held()) {
            stored.block().allocations().values().stream()
                    .filter(Block.Holding::committed)
                    .forEach(holding -> committed.add(holding.owner()));
        }
        for (StoredBlock stored : held()) {
            change(
                    stored.block().cidr(),
                    block -> block.commit(committed).release(holding -> !committed.contains(holding.owner())));
        }
    }

    private void adopt(Affinity found) {
        Optional<Affinity> affinity = Optional.of(found);
        for (int i = 0; i < TRIES && affinity.isPresent(); i++) {
            Cidr cidr = affinity.get().cidr();
            Optional<StoredBlock> stored = store.get(keys.block(cidr)).map(StoredBlock::of);
            boolean mine = stored.isPresent() && isMine(stored.get().block());
            if (!mine) {
                // Its block was never made, is gone already, or is another's.
                affinity = deleted(affinity.get());
                continue;
            }
            Block changed = stored.get().block().ownedBy(token);
            if (!write(stored.get(), changed)) {
                continue;
            }
            if (changed.isEmpty() && affinity.get().state() == Affinity.State.PENDING_DELETION) {
                giveBack(cidr);
            } else {
                confirm(affinity.get().entry());
            }
            return;
        }
    }

    /** Deletes an affinity; gives what is there instead, empty where nothing is. */
    private Optional<Affinity> deleted(Affinity affinity) {
        return store.delete(affinity.entry().key(), Expect.of(affinity.entry())) instanceof WriteResult.Refused refused
                ? refused.current().map(Affinity::of)
                : Optional.empty();
    }

    private boolean isMine(Block block) {
        if (block.node().equals(node) && block.token() > token) {
            throw new PodnetException.Conflict("block " + block.cidr() + " of node " + node
                    + " was taken by a later process of that name; each node needs a name of its own");
        }
        return block.node().equals(node);
    }

    /** Writes a block over what was read; keeps it where that worked. */
    private boolean write(StoredBlock before, Block changed) {
        String text = before.with(changed);
        WriteResult result = store.put(before.entry().key(), text, before.unchanged());
        if (result instanceof WriteResult.Applied applied) {
            keep(new StoredBlock(changed, new Entry(before.entry().key(), text, applied.revision())));
        }
        return result.applied();
    }

    /** Writes an affinity's state, whatever is there: only the node itself and those who take it from the dead write it. */
    private Entry affinity(Affinity.State state, Cidr cidr, Optional<Entry> known) {
        Optional<Entry> current = known;
        for (int i = 0; i < TRIES; i++) {
            String text = Affinity.write(state, current);
            WriteResult result = store.put(keys.affinity(node, cidr), text, Expect.of(current));
            if (result instanceof WriteResult.Applied applied) {
                return new Entry(keys.affinity(node, cidr), text, applied.revision());
            }
            if (result instanceof WriteResult.Refused refused) {
                current = refused.current();
            }
        }
        throw contended(cidr);
    }

    private static PodnetException.TimedOut contended(Cidr cidr) {
        return new PodnetException.TimedOut(
                "block " + cidr + " changed " + TRIES + " times while it was written; try again");
    }

    private void confirm(Entry affinity) {
        Affinity known = Affinity.of(affinity);
        if (known.state() != Affinity.State.CONFIRMED) {
            affinity(Affinity.State.CONFIRMED, known.cidr(), Optional.of(affinity));
        }
    }

    /** Claims a block that nobody has; false where another was faster. */
    boolean claim(Cidr cidr, Block fresh) {
        Entry affinity = affinity(Affinity.State.PENDING, cidr, Optional.empty());
        Block mine = fresh.ownedBy(token);
        String text = BlockText.write(mine, StoredJson.empty());
        WriteResult result = store.put(keys.block(cidr), text, Expect.ABSENT);
        if (result instanceof WriteResult.Applied applied) {
            keep(new StoredBlock(mine, new Entry(keys.block(cidr), text, applied.revision())));
            confirm(affinity);
        } else {
            adopt(Affinity.of(affinity));
        }
        return holds(cidr);
    }

    /** Gives an empty block back. */
    void giveBack(Cidr cidr) {
        StoredBlock stored = held.get(cidr);
        if (stored == null || !stored.block().isEmpty()) {
            return;
        }
        Entry affinity = affinity(Affinity.State.PENDING_DELETION, cidr, store.get(keys.affinity(node, cidr)));
        drop(cidr);
        if (store.delete(stored.entry().key(), stored.unchanged()).applied()) {
            deleted(Affinity.of(affinity));
        } else {
            adopt(Affinity.of(affinity));
        }
    }

    /**
     * Changes a block.
     *
     * @param cidr a block that is held
     * @param change from what is there to what shall be; may be asked several times
     * @return the block, empty where it is another's by now
     */
    Optional<Block> change(Cidr cidr, UnaryOperator<Block> change) {
        for (int i = 0; i < TRIES; i++) {
            StoredBlock before = held.get(cidr);
            if (before == null) {
                return Optional.empty();
            }
            Block changed = change.apply(before.block());
            if (changed.equals(before.block()) || write(before, changed)) {
                return Optional.of(changed);
            }
            Optional<StoredBlock> current = store.get(keys.block(cidr)).map(StoredBlock::of);
            if (current.isPresent() && isMine(current.get().block())) {
                keep(current.get());
            } else {
                drop(cidr);
            }
        }
        throw contended(cidr);
    }

    /** Lists the blocks of all nodes. */
    List<Block> all() {
        List<Block> blocks = new ArrayList<>();
        store.list(keys.blocks()).entries().forEach(entry -> blocks.add(BlockText.read(entry)));
        return blocks;
    }
}
