package io.podnet.overlay;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.IpAddress;
import io.podnet.api.Plan;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodnetException;
import io.podnet.overlay.kernel.NetlinkKernel;
import io.podnet.overlay.kernel.PathProbe;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.model.NetworkSettings;
import io.podnet.overlay.model.OwnNode;
import io.podnet.overlay.node.NodeRecord;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.Ipam;
import io.podnet.spi.NetworkPath;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;
import io.podnet.spi.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Wires pods by a delegate, and nodes by the overlay. */
final class OverlayPlugin implements NetworkPlugin {
    private final NodeContext node;
    private final NetworkSettings settings;
    private final DelegateIpam ipam;
    private final OverlayNode overlay;
    private final NetworkPlugin delegate;
    private final OverlayStatus status;

    private OverlayPlugin(
            NodeContext node,
            NetworkSettings settings,
            DelegateIpam ipam,
            OverlayNode overlay,
            NetworkPlugin delegate,
            OverlayStatus status) {
        this.node = node;
        this.settings = settings;
        this.ipam = ipam;
        this.overlay = overlay;
        this.delegate = delegate;
        this.status = status;
    }

    static OverlayPlugin start(NodeContext node) {
        OverlayOptions options = OverlayOptions.parse(node.options());
        NetworkSettings settings = options.settings(node.podCidrs());
        ClusterStore store = SubnetAllotment.store(node.clusterStore());
        NetworkPluginProvider provider = Providers.discover(
                        NetworkPluginProvider.class, OverlayPlugin.class.getClassLoader())
                .get(options.delegate());
        DelegateIpam ipam = new DelegateIpam(node.ipam());
        NodeFile file = new NodeFile(node.stateDirectory());
        List<IpAddress> tunnelIps = tunnelIps(node, settings, ipam, file);
        LogEvents events = new LogEvents(node.nodeName(), node.telemetry());
        OverlayNode overlay = OverlayNode.start(
                new OverlayNode.Parts(
                        node.nodeName(),
                        settings,
                        node.podCidrs(),
                        tunnelIps,
                        options.clusterCidrs().isEmpty() ? List.of() : options.ranges(),
                        options.refresh(),
                        options.timeToLive(),
                        options.forgetAfter(),
                        options.probe() && !tunnelIps.isEmpty()
                                ? Set.of(NodeRecord.ACKNOWLEDGES, NodeRecord.MTU_PROBE)
                                : Set.of(NodeRecord.ACKNOWLEDGES)),
                store,
                NetlinkKernel.open(node.namespace(), SubnetAllotment.NETWORK, settings, options.underlay()),
                events);
        try {
            file.write(node.podCidrs(), tunnelIps);
            OwnNode own = overlay.reconciler().ask(model -> model.own()).join();
            NetworkPlugin delegate =
                    Providers.required(provider, provider.create(delegateContext(node, settings, options, ipam, own)));
            OverlayPlugin plugin =
                    new OverlayPlugin(node, settings, ipam, overlay, delegate, new OverlayStatus(overlay));
            overlay.localPods(plugin.attachedAddresses());
            if (options.probe() && !tunnelIps.isEmpty()) {
                overlay.probeBy(PathProbe.start(
                        node.namespace(),
                        node.nodeName(),
                        tunnelIps,
                        options.probePort(),
                        overlay.reconciler()::paths,
                        events));
            }
            return plugin;
        } catch (RuntimeException e) {
            overlay.close();
            throw e;
        }
    }

    /** The node's own addresses in the pod network: its subnets' first ones, which no pod gets, as flannel takes them. */
    private static List<IpAddress> tunnelIps(
            NodeContext node, NetworkSettings settings, DelegateIpam ipam, NodeFile file) {
        return switch (settings.backend()) {
            case NEIGHBOUR -> ipam.nodeAddresses(file);
            case HOST_GW -> List.of();
            case VXLAN, DIRECT_ROUTING ->
                node.podCidrs().stream().map(Cidr::network).toList();
        };
    }

    private static NodeContext delegateContext(
            NodeContext node, NetworkSettings settings, OverlayOptions options, DelegateIpam ipam, OwnNode own) {
        int most = own.podMtu(settings);
        if (node.mtu() > most) {
            throw new PodnetException.Invalid("MTU " + node.mtu() + " does not fit the overlay: the underlay "
                    + own.underlays() + " leaves " + most + " bytes with backend "
                    + settings.backend().text() + "; set a smaller one, or 0");
        }
        List<Cidr> unmasqueraded = new ArrayList<>(node.nonMasqueradeCidrs());
        settings.clusterCidrs().stream()
                .filter(cidr -> !unmasqueraded.contains(cidr))
                .forEach(unmasqueraded::add);
        return new NodeContext(
                node.nodeName(),
                node.namespace(),
                node.podCidrs(),
                unmasqueraded,
                node.mtu() == 0 ? most : node.mtu(),
                ipam,
                node.attachments(),
                delegateDirectory(node.stateDirectory(), options.delegate()),
                node.clusterStore(),
                options.delegateOptions(),
                node.telemetry());
    }

    private static Path delegateDirectory(Path directory, String delegate) {
        Path made = directory.resolve("delegate-" + delegate);
        try {
            if (!Files.isDirectory(made)) {
                Files.createDirectory(
                        made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return made;
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + made + " cannot be made: " + e, e);
        }
    }

    private static List<IpAddress> addresses(AttachmentRecord record) {
        return record.status().map(OverlayPlugin::addresses).orElse(List.of());
    }

    private static List<IpAddress> addresses(PodNetworkStatus status) {
        return status.addresses().stream().map(each -> each.address()).toList();
    }

    private List<IpAddress> attachedAddresses() {
        return node.attachments().list().stream()
                .flatMap(record -> addresses(record).stream())
                .toList();
    }

    @Override
    public void podCidrsChanged(List<Cidr> podCidrs) {
        if (!podCidrs.equals(node.podCidrs())) {
            throw new PodnetException.Unsupported("the overlay of node " + node.nodeName() + " has the pod CIDRs "
                    + node.podCidrs() + " in the cluster; restart the node to have others");
        }
    }

    @Override
    public PodNetworkStatus setUpPod(SetUp request) {
        PodNetworkStatus made = delegate.setUpPod(request);
        try {
            overlay.localPods(addresses(made));
            return made;
        } catch (PodnetException e) {
            try {
                delegate.tearDownPod(request.record());
            } catch (PodnetException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    @Override
    public List<Outcome> setUpPods(List<SetUp> requests) {
        List<Outcome> outcomes = delegate.setUpPods(requests);
        overlay.localPods(outcomes.stream()
                .flatMap(outcome -> outcome.status().stream())
                .flatMap(made -> addresses(made).stream())
                .toList());
        return outcomes;
    }

    @Override
    public void tearDownPod(AttachmentRecord record) {
        List<IpAddress> gone = addressesOf(record);
        delegate.tearDownPod(record);
        overlay.localPodsGone(gone);
    }

    /** What a pod had, from its record, or from its lease where set-up did not come to write the record. */
    private List<IpAddress> addressesOf(AttachmentRecord record) {
        if (settings.backend() != Backend.NEIGHBOUR) {
            return List.of();
        }
        List<IpAddress> known = addresses(record);
        return known.isEmpty()
                ? node.ipam()
                        .lease(record.id())
                        .map(lease -> lease.assignments().stream()
                                .map(each -> each.address().address())
                                .toList())
                        .orElse(List.of())
                : known;
    }

    @Override
    public List<Outcome> tearDownPods(Collection<AttachmentRecord> records) {
        List<List<IpAddress>> all = records.stream().map(this::addressesOf).toList();
        List<Outcome> outcomes = delegate.tearDownPods(records);
        List<IpAddress> gone = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).failure().isEmpty()) {
                gone.addAll(all.get(i));
            }
        }
        overlay.localPodsGone(gone);
        return outcomes;
    }

    @Override
    public Optional<PodNetworkStatus> podNetworkStatus(SetUp request) {
        return delegate.podNetworkStatus(request);
    }

    @Override
    public List<Drift> check(SetUp request) {
        List<Drift> drifts = new ArrayList<>(delegate.check(request));
        drifts.addAll(status.drifts());
        return drifts;
    }

    @Override
    public List<Drift> repair(SetUp request) {
        List<Drift> left = new ArrayList<>(delegate.repair(request));
        left.addAll(status.drifts());
        return left;
    }

    @Override
    public List<String> gc(Set<AttachmentId> valid) {
        List<String> removed = delegate.gc(valid);
        List<IpAddress> kept = node.attachments().list().stream()
                .filter(record -> valid.contains(record.id()))
                .flatMap(record -> addresses(record).stream())
                .toList();
        overlay.onlyLocalPods(kept);
        return removed;
    }

    @Override
    public Condition status() {
        Condition wiring = delegate.status();
        Condition ways = status.condition();
        return wiring.code().compareTo(ways.code()) >= 0 ? wiring : ways;
    }

    @Override
    public Set<Capability> capabilities() {
        return delegate.capabilities();
    }

    @Override
    public Plan plan(AttachmentRecord record) {
        List<Plan.Step> steps = new ArrayList<>(delegate.plan(record).steps());
        if (settings.backend() == Backend.NEIGHBOUR) {
            node.ipam()
                    .lease(record.id())
                    .map(Ipam.Lease::assignments)
                    .orElseGet(() -> node.ipam().preview(record.spec().requestedIps()))
                    .forEach(each -> steps.add(new Plan.Step(
                            Plan.Action.CREATE,
                            "route",
                            each.address().address().toString(),
                            "throw in table " + settings.table() + ", round the route for all pods")));
        }
        return new Plan(steps);
    }

    @Override
    public List<NetworkPath> paths() {
        return status.paths();
    }

    @Override
    public CompletableFuture<Set<String>> programmed(AttachmentRecord record) {
        return overlay.programmed(addresses(record));
    }

    @Override
    public void quiesce(Duration timeout) {
        delegate.quiesce(timeout);
    }

    @Override
    public void removeShared() {
        delegate.removeShared();
        if (settings.backend() == Backend.NEIGHBOUR) {
            ipam.releaseNode();
        }
        overlay.leave();
    }

    @Override
    public void close() {
        try {
            delegate.close();
        } finally {
            overlay.close();
        }
    }
}
