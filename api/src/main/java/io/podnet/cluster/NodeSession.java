package io.podnet.cluster;

import io.podnet.spi.ClusterStore;
import io.podnet.spi.StoreSession;
import java.time.Duration;
import java.util.Optional;

/**
 * A node's sign of life towards the services. What is bound to it goes when the node has been silent for as long as Kubernetes
 * leaves pods on a node that it cannot reach: 300 s, the default of {@code tolerationSeconds} for {@code
 * node.kubernetes.io/unreachable}. Safe for any thread.
 */
public final class NodeSession {
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    private final ClusterStore store;
    private final String node;
    private Optional<StoreSession> session = Optional.empty();

    /**
     * Makes one; nothing is asked of the store yet.
     *
     * @param store the store
     * @param node the node's name
     */
    public NodeSession(ClusterStore store, String node) {
        this.store = store;
        this.node = node;
    }

    String node() {
        return node;
    }

    /** Gives the session; a lost one is followed by a new one. */
    synchronized StoreSession get() {
        if (session.isEmpty() || !session.get().alive()) {
            session = Optional.of(store.openSession("services." + node, TIME_TO_LIVE, () -> {}));
        }
        return session.get();
    }

    /** Ends it: what is bound to it goes. */
    public synchronized void end() {
        session.ifPresent(StoreSession::close);
        session = Optional.empty();
    }
}
