package io.podnet.overlay;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.Phase;
import io.podnet.api.PodnetException;
import io.podnet.overlay.address.AllocatedAddresses;
import io.podnet.overlay.kernel.OverlayEvents;
import io.podnet.overlay.kernel.Reconciler;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.model.Delta;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.node.NodeRecord;
import io.podnet.overlay.node.StoreFollower;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreWatch;
import io.podnet.spi.telemetry.Observation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the node sees of the others: hands it on to the reconciler, and remembers how far it has seen. */
final class ClusterView implements AutoCloseable {
    private final NetworkKeys keys;
    private final Reconciler reconciler;
    private final OverlayEvents events;
    private final Runnable sawMore;
    private final StoreFollower<NodeRecord> nodes;
    private final StoreFollower<AllocatedAddresses> blocks;
    private final boolean perPod;
    /** The prefix lengths of blocks, one or two in practice. */
    private final Set<Integer> lengths = ConcurrentHashMap.newKeySet();

    private final List<StoreWatch> watches = new ArrayList<>();

    ClusterView(NetworkKeys keys, Backend backend, Reconciler reconciler, OverlayEvents events, Runnable sawMore) {
        this.keys = keys;
        this.reconciler = reconciler;
        this.events = events;
        this.sawMore = sawMore;
        this.perPod = backend == Backend.NEIGHBOUR;
        this.nodes = new StoreFollower<>(NodeRecord::of, new Nodes());
        this.blocks = new StoreFollower<>(AllocatedAddresses::of, new Blocks());
    }

    /** How many complete snapshots make the view complete. */
    static int snapshots(Backend backend) {
        return backend == Backend.NEIGHBOUR ? 2 : 1;
    }

    void start(ClusterStore store) {
        watches.add(store.watch(keys.nodes(), nodes));
        if (perPod) {
            watches.add(store.watch(keys.blocks(), blocks));
        }
    }

    boolean hasSeen(StoreKey key, long revision) {
        return key.path().startsWith(keys.blocks().path() + "/")
                ? !perPod || blocks.hasSeen(key, revision)
                : nodes.hasSeen(key, revision);
    }

    Connectivity connectivity() {
        return nodes.connectivity();
    }

    boolean synced() {
        return nodes.synced() && (!perPod || blocks.synced());
    }

    Map<StoreKey, NodeRecord> nodes() {
        return nodes.values();
    }

    /** Finds the block that has an address. */
    Optional<StoreKey> blockOf(IpAddress address) {
        return lengths.stream()
                .filter(length -> length <= address.family().bits())
                .map(length -> keys.block(new Cidr(address.masked(length), length)))
                .filter(key ->
                        blocks.value(key).filter(block -> block.has(address)).isPresent())
                .findFirst();
    }

    private static void end(Observation observation, @Nullable Throwable failure) {
        if (failure == null) {
            observation.succeeded();
        } else {
            observation.failed(failure);
        }
    }

    private void unreadable(StoreKey key, PodnetException why) {
        events.happened(OverlayEvents.Kind.PEER_REFUSED, key.path(), String.valueOf(why.getMessage()));
    }

    private final class Nodes implements StoreFollower.Listener<NodeRecord> {
        @Override
        public void all(Collection<NodeRecord> all, boolean first) {
            reconciler.hand(model -> model.peers(all));
            if (first) {
                reconciler.snapshotCame();
            }
            sawMore.run();
        }

        @Override
        public void some(List<NodeRecord> changed, List<StoreKey> gone) {
            Observation programming = events.begins(
                    Phase.OVERLAY_PEER, changed.isEmpty() ? "" : changed.get(0).name());
            reconciler.hand(model -> {
                Delta delta = new Delta();
                changed.forEach(peer -> delta.add(model.peer(peer)));
                gone.forEach(key -> delta.add(model.peerGone(key.name())));
                return delta;
            });
            if (programming != Observation.off()) {
                // Nothing more, behind the change: complete when the kernel has that.
                CompletableFuture<Void> unused = reconciler
                        .change(model -> new Delta())
                        .whenComplete((done, failure) -> end(programming, failure));
            }
            sawMore.run();
        }

        @Override
        public void unreadable(StoreKey key, PodnetException why) {
            ClusterView.this.unreadable(key, why);
        }
    }

    private final class Blocks implements StoreFollower.Listener<AllocatedAddresses> {
        @Override
        public void all(Collection<AllocatedAddresses> all, boolean first) {
            all.forEach(block -> lengths.add(block.cidr().prefixLength()));
            reconciler.hand(model -> model.blocks(all));
            if (first) {
                reconciler.snapshotCame();
            }
            sawMore.run();
        }

        @Override
        public void some(List<AllocatedAddresses> changed, List<StoreKey> gone) {
            List<Cidr> cidrs =
                    gone.stream().map(key -> StoreKey.cidrOf(key.name())).toList();
            changed.forEach(block -> lengths.add(block.cidr().prefixLength()));
            reconciler.hand(model -> {
                Delta delta = new Delta();
                changed.forEach(block -> delta.add(model.block(block)));
                cidrs.forEach(cidr -> delta.add(model.blockGone(cidr)));
                return delta;
            });
            sawMore.run();
        }

        @Override
        public void unreadable(StoreKey key, PodnetException why) {
            ClusterView.this.unreadable(key, why);
        }
    }

    @Override
    public void close() {
        watches.forEach(StoreWatch::close);
    }
}
