package io.podnet.overlay;

import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.overlay.address.AllocatedAddresses;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.node.Acknowledgements;
import io.podnet.overlay.node.Membership;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.StoreKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * When the others can reach pods of this node. Where pods are reached by their node's subnet, that is when the others know the
 * node; else when they know the blocks that have the addresses. Safe for any thread.
 */
final class Programming {
    private final String node;
    private final Backend backend;
    private final ClusterStore store;
    private final NetworkKeys keys;
    private final Membership membership;
    private final ClusterView view;
    private final Acknowledgements acknowledgements;
    private volatile Acknowledged acknowledged = new Acknowledged(0, Set.of());

    /** Who has acknowledged which revision of the node's record. */
    private record Acknowledged(long revision, Set<String> by) {}

    Programming(
            String node,
            Backend backend,
            ClusterStore store,
            NetworkKeys keys,
            Membership membership,
            ClusterView view,
            Acknowledgements acknowledgements) {
        this.node = node;
        this.backend = backend;
        this.store = store;
        this.keys = keys;
        this.membership = membership;
        this.view = view;
        this.acknowledgements = acknowledgements;
    }

    /** Completes with the names of the nodes that acknowledged. */
    CompletableFuture<Set<String>> knownBy(Collection<IpAddress> addresses) {
        return backend == Backend.NEIGHBOUR
                ? CompletableFuture.supplyAsync(() -> revisions(addresses), membership.executor())
                        .thenCompose(acknowledgements::await)
                : nodeKnownBy(membership.recordRevision());
    }

    /** A subnet is acknowledged once for all its pods; who joins later knows it before anything else. */
    private CompletableFuture<Set<String>> nodeKnownBy(long revision) {
        if (revision == 0) {
            return CompletableFuture.failedFuture(
                    new PodnetException.TimedOut("node " + node + " has not told the others of itself yet: "
                            + membership.condition().message()));
        }
        Acknowledged known = acknowledged;
        return known.revision() == revision
                ? CompletableFuture.completedFuture(known.by())
                : acknowledgements
                        .await(Map.of(keys.nodes().child(node), revision))
                        .thenApply(by -> {
                            acknowledged = new Acknowledged(revision, by);
                            return by;
                        });
    }

    private Map<StoreKey, Long> revisions(Collection<IpAddress> addresses) {
        Map<StoreKey, Long> revisions = new HashMap<>();
        for (IpAddress address : addresses) {
            Optional<StoreKey> known = view.blockOf(address);
            if (known.isPresent()) {
                store.get(known.get()).ifPresent(entry -> revisions.put(known.get(), entry.revision()));
            } else {
                // A new block, which the watch has not shown yet.
                store.list(keys.blocks()).entries().stream()
                        .filter(entry -> AllocatedAddresses.of(entry).has(address))
                        .forEach(entry -> revisions.put(entry.key(), entry.revision()));
            }
        }
        return revisions;
    }
}
