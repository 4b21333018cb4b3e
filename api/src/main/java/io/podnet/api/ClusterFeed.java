package io.podnet.api;

import io.podnet.cluster.ClusterView;
import io.podnet.cluster.NodeSession;
import io.podnet.cluster.NodeShare;
import io.podnet.cluster.ViewStep;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.StoreWatch;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Joins a node's services with the cluster's: what the others have goes to the desk, what this node has to the others. Nothing
 * is told before the first complete picture came, and before it is known which pods of an earlier process are ready: until then
 * what that process left stays, here and with the others.
 */
final class ClusterFeed implements AutoCloseable {
    private final ClusterStore store;
    private final NodeSession session;
    private final NodeShare share;
    private final ClusterView services;
    private final Optional<ClusterView> pods;
    private final AtomicBoolean podsTold = new AtomicBoolean();
    private final AtomicBoolean servicesTaken = new AtomicBoolean();
    private final AtomicBoolean podsTaken = new AtomicBoolean();
    private final AtomicBoolean complete = new AtomicBoolean();
    private volatile Optional<NodeServices> node = Optional.empty();
    private Optional<StoreWatch> serviceWatch = Optional.empty();
    private Optional<StoreWatch> podWatch = Optional.empty();

    /** Makes a feed that is silent before {@link #start}. Pods are followed where names need them. */
    ClusterFeed(ClusterStore store, String nodeName, boolean withPods) {
        this.store = store;
        this.session = new NodeSession(store, nodeName);
        this.share = new NodeShare(store, session);
        this.services = new ClusterView(nodeName, share, this::services);
        this.pods = withPods ? Optional.of(new ClusterView(nodeName, share, this::pods)) : Optional.empty();
    }

    ClusterStore store() {
        return store;
    }

    NodeSession session() {
        return session;
    }

    NodeShare share() {
        return share;
    }

    ClusterView services() {
        return services;
    }

    void start(NodeServices told) {
        node = Optional.of(told);
        serviceWatch = Optional.of(services.watchServices(store));
        podWatch = pods.map(view -> view.watchPods(store));
    }

    /** It is known of all pods whether they are ready. */
    void podsTold() {
        podsTold.set(true);
        completeIfItIs();
    }

    private void services(ViewStep step) {
        node.ifPresent(told -> told.desk().take(step));
        servicesTaken.compareAndSet(false, services.synced());
        completeIfItIs();
    }

    private void pods(ViewStep step) {
        node.ifPresent(told -> told.pods().take(step));
        podsTaken.compareAndSet(false, pods.map(ClusterView::synced).orElse(true));
        completeIfItIs();
    }

    private void completeIfItIs() {
        if (!podsTold.get() || !servicesTaken.get()) {
            return;
        }
        // Not before: of what an earlier process shared, all that this one does not want goes.
        share.start();
        if ((podsTaken.get() || pods.isEmpty()) && complete.compareAndSet(false, true)) {
            node.ifPresent(told -> told.desk().complete());
        }
    }

    /** Takes everything of this node back from the others. */
    void clear() {
        share.clear();
        session.end();
    }

    @Override
    public void close() {
        serviceWatch.ifPresent(StoreWatch::close);
        podWatch.ifPresent(StoreWatch::close);
        share.close();
    }
}
