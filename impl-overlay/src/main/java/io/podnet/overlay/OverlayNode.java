package io.podnet.overlay;

import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.Phase;
import io.podnet.api.PodnetException;
import io.podnet.overlay.kernel.OverlayEvents;
import io.podnet.overlay.kernel.OverlayKernel;
import io.podnet.overlay.kernel.PathProbe;
import io.podnet.overlay.kernel.Reconciler;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.model.Delta;
import io.podnet.overlay.model.NetworkSettings;
import io.podnet.overlay.model.OverlayModel;
import io.podnet.overlay.model.OwnNode;
import io.podnet.overlay.model.PeerPath;
import io.podnet.overlay.model.Underlay;
import io.podnet.overlay.network.NetworkConfig;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.node.Acknowledgements;
import io.podnet.overlay.node.Departures;
import io.podnet.overlay.node.Membership;
import io.podnet.overlay.node.NodeRecord;
import io.podnet.overlay.node.TunnelEndpoint;
import io.podnet.overlay.subnet.SubnetRange;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.telemetry.Observation;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A node's part in the cluster, whoever wires its pods: what it tells the others, what it sees of them, and its kernel. Usable
 * with any kernel, so that many nodes can be simulated in one process.
 */
public final class OverlayNode implements AutoCloseable {
    private static final Duration KERNEL_PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final NetworkSettings settings;
    private final ClusterStore store;
    private final NetworkKeys keys = NetworkKeys.of(SubnetAllotment.NETWORK);
    private final OverlayKernel kernel;
    private final Reconciler reconciler;
    private final Membership membership;
    private final ClusterView view;
    private final Acknowledgements acknowledgements;
    private final Programming programming;
    private final Set<String> capabilities;
    private volatile OwnNode own;
    private volatile Optional<PathProbe> probe = Optional.empty();

    /**
     * What a node is made of.
     *
     * @param name the node's name
     * @param settings its settings
     * @param podCidrs its subnets, or with {@link Backend#NEIGHBOUR} the range of all pods
     * @param tunnelIps its own addresses in the pod network
     * @param ranges where its subnets are leased from; empty where they are not leased
     * @param refresh how often everything is compared
     * @param timeToLive how long the store waits for a sign of life
     * @param forgetAfter how long a node may be silent before the others drop their ways to it
     * @param capabilities what the node can do beyond the minimum
     */
    public record Parts(
            String name,
            NetworkSettings settings,
            List<Cidr> podCidrs,
            List<IpAddress> tunnelIps,
            List<SubnetRange> ranges,
            Duration refresh,
            Duration timeToLive,
            Duration forgetAfter,
            Set<String> capabilities) {
        public Parts {
            podCidrs = List.copyOf(podCidrs);
            tunnelIps = List.copyOf(tunnelIps);
            ranges = List.copyOf(ranges);
            capabilities = Set.copyOf(capabilities);
        }
    }

    private OverlayNode(Parts parts, ClusterStore store, OverlayKernel kernel, OverlayEvents events) {
        this.name = parts.name();
        this.settings = parts.settings();
        this.store = store;
        this.kernel = kernel;
        this.capabilities = parts.capabilities();
        boolean perPod = settings.backend() == Backend.NEIGHBOUR;
        this.own = new OwnNode(
                name,
                SubnetAllotment.NETWORK,
                kernel.underlays(),
                perPod ? List.of() : parts.podCidrs(),
                parts.tunnelIps());
        List<Membership.Lease> leases = own.podCidrs().stream()
                .flatMap(cidr -> parts.ranges().stream()
                        .filter(range -> range.has(cidr))
                        .map(range -> new Membership.Lease(range, cidr)))
                .toList();
        this.membership = new Membership(store, keys, name, parts.timeToLive(), leases, this::record);
        this.reconciler = new Reconciler(
                kernel,
                new OverlayModel(own, settings),
                ClusterView.snapshots(settings.backend()),
                parts.refresh(),
                events,
                changed -> {
                    own = changed;
                    membership.publish();
                });
        this.view = new ClusterView(keys, settings.backend(), reconciler, events, this::sawMore);
        this.acknowledgements = new Acknowledgements(
                store,
                keys,
                name,
                membership.executor(),
                view::hasSeen,
                () -> reconciler.change(ignored -> new Delta()));
        this.programming = new Programming(name, settings.backend(), store, keys, membership, view, acknowledgements);
    }

    /**
     * Starts a node: its kernel is set right, the others are told of it.
     *
     * @param parts what it is made of
     * @param store what the nodes share; not closed by this
     * @param kernel the node's kernel; closed with this, also where the start fails
     * @param events is told of repairs
     * @return the node
     */
    public static OverlayNode start(Parts parts, ClusterStore store, OverlayKernel kernel, OverlayEvents events) {
        OverlayNode node;
        try {
            node = new OverlayNode(parts, store, kernel, events);
        } catch (RuntimeException e) {
            kernel.close();
            throw e;
        }
        Observation joining = events.begins(Phase.OVERLAY_JOIN, "");
        try {
            node.agree();
            node.reconciler.start();
            node.membership.start();
            node.view.start(store);
            node.forgetTheSilent(parts.forgetAfter());
            joining.succeeded();
            return node;
        } catch (RuntimeException e) {
            joining.failed(e);
            node.close();
            throw e;
        }
    }

    private void agree() {
        boolean perPod = settings.backend() == Backend.NEIGHBOUR;
        try {
            NetworkConfig.agree(store, keys, "pods", perPod ? "one by one" : "by subnets");
            NetworkConfig.agree(
                    store, keys, "clusterCidr", settings.clusterCidrs().toString());
            if (settings.backend().tunnels()) {
                NetworkConfig.agree(store, keys, "vxlan", settings.vni() + " on port " + settings.port());
            }
        } catch (PodnetException.TimedOut unreachable) {
            // A node that ran before starts without the store; a peer of other settings is not followed.
        }
    }

    private void forgetTheSilent(Duration patience) {
        Departures departures = new Departures(store, keys, name, patience, System::nanoTime);
        membership.regularly(
                () -> {
                    if (view.synced() && connectivity() == ClusterStore.Connectivity.CONNECTED) {
                        departures.look(
                                view.nodes().values().stream()
                                        .map(NodeRecord::name)
                                        .toList(),
                                acknowledgements.alive());
                    }
                },
                patience.dividedBy(10));
    }

    private NodeRecord record(long token) {
        OwnNode now = own;
        return new NodeRecord(
                name,
                token,
                now.underlays().stream().map(each -> endpoint(now, each)).toList(),
                settings.vni(),
                settings.port(),
                now.podCidrs(),
                now.tunnelIps(),
                capabilities);
    }

    private static TunnelEndpoint endpoint(OwnNode own, Underlay underlay) {
        return new TunnelEndpoint(underlay.address().address(), own.vtepMac(underlay.family()), underlay.mtu());
    }

    private void sawMore() {
        acknowledgements.answer();
    }

    /**
     * Gives the kernel's keeper, for questions.
     *
     * @return always the same object
     */
    public Reconciler reconciler() {
        return reconciler;
    }

    /**
     * Gives the node's membership, for questions.
     *
     * @return always the same object
     */
    public Membership membership() {
        return membership;
    }

    /**
     * Tells how the store is reached, and whether everything was seen once.
     *
     * @return {@code CONNECTED} where all is well
     */
    public ClusterStore.Connectivity connectivity() {
        return view.connectivity();
    }

    /**
     * Tells whether complete snapshots have come.
     *
     * @return true from then on
     */
    public boolean synced() {
        return view.synced();
    }

    /**
     * Pods are on this node: waits until its kernel knows.
     *
     * @param addresses their addresses
     * @throws PodnetException.TimedOut where the kernel does not take it
     */
    public void localPods(Collection<IpAddress> addresses) {
        await(reconciler.change(model -> {
            Delta delta = new Delta();
            addresses.forEach(address -> delta.add(model.localPod(address)));
            return delta;
        }));
    }

    /**
     * Pods are no longer on this node: waits until its kernel knows.
     *
     * @param addresses their addresses
     * @throws PodnetException.TimedOut where the kernel does not take it
     */
    public void localPodsGone(Collection<IpAddress> addresses) {
        await(reconciler.change(model -> {
            Delta delta = new Delta();
            addresses.forEach(address -> delta.add(model.localPodGone(address)));
            return delta;
        }));
    }

    /**
     * Says which pods are on this node, and that there are no others.
     *
     * @param addresses their addresses
     * @throws PodnetException.TimedOut where the kernel does not take it
     */
    public void onlyLocalPods(Collection<IpAddress> addresses) {
        await(reconciler.change(model -> model.onlyLocalPods(addresses)));
    }

    /**
     * Tells what is known of a way by trying it.
     *
     * @param path the way
     * @return ready where nothing speaks against it
     */
    Condition probed(PeerPath path) {
        return probe.map(each -> each.condition(path)).orElse(Condition.READY);
    }

    /**
     * Has the ways to peers proved with full-size packets from now on.
     *
     * @param started asks and answers; closed with this
     */
    void probeBy(PathProbe started) {
        probe = Optional.of(started);
    }

    private void await(CompletableFuture<Void> done) {
        try {
            done.get(KERNEL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new PodnetException.TimedOut("the kernel of node " + name + " did not take the overlay's rows in "
                    + KERNEL_PATIENCE
                    + reconciler.trouble().map(why -> ": " + why.getMessage()).orElse(""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PodnetException.TimedOut("interrupted while the kernel of node " + name + " was waited for");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PodnetException ours
                    ? ours
                    : new PodnetException.StateFailure("the overlay of node " + name + " failed", e.getCause());
        }
    }

    /**
     * Tells when the others can reach pods of this node. Where pods are reached by their node's subnet, that is when the others
     * know the node; else when they know the blocks that have the addresses.
     *
     * @param addresses the pods' addresses
     * @return completes with the names of the nodes that acknowledged
     */
    public CompletableFuture<Set<String>> programmed(Collection<IpAddress> addresses) {
        return programming.knownBy(addresses);
    }

    /** Takes the node out of the cluster, and everything of the overlay out of its kernel. */
    public void leave() {
        probe.ifPresent(PathProbe::close);
        view.close();
        acknowledgements.close();
        try {
            membership.leave();
        } finally {
            reconciler.close();
            kernel.removeAll();
        }
    }

    /** Stops; the kernel, and what the others know, stay. Idempotent. */
    @Override
    public void close() {
        probe.ifPresent(PathProbe::close);
        view.close();
        acknowledgements.close();
        membership.close();
        reconciler.close();
        kernel.close();
    }
}
