package io.podnet.bridge;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.Phase;
import io.podnet.api.Plan;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodnetException;
import io.podnet.bridge.firewall.NftablesPacketFilter;
import io.podnet.bridge.firewall.PacketFilter;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.socket.ListeningThread;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NodeContext;
import io.podnet.spi.telemetry.Course;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Pods on a bridge, as kubenet had them. Everything that should be is a {@link PodWiring}; set-up, plan, check and
 * teardown are its four readings.
 */
final class BridgePlugin implements NetworkPlugin {
    private final NodeContext node;
    private final BridgeOptions options;
    private final NodeKernel kernel;
    private final PodPorts ports;
    private final PortInspection inspection;
    private final PodShaper shaper;
    private final PacketFilter filter;
    private final KeptRules rules;
    private final SharedNetwork shared;
    private final Wirings wirings;
    private final LinkReaper reaper;
    private final ListeningThread watch;

    private BridgePlugin(NodeContext node, BridgeOptions options, NodeKernel kernel, PacketFilter filter) {
        this.node = node;
        this.options = options;
        this.kernel = kernel;
        this.wirings = new Wirings(node.ipam(), options);
        this.ports = new PodPorts(kernel.route(), kernel.interfaceSysctls(), kernel.threads(), options);
        this.inspection = new PortInspection(kernel.route(), ports::open, options);
        this.shaper = new PodShaper(kernel.route(), options.mark());
        this.filter = filter;
        this.rules = new KeptRules(
                options.bridge(),
                node.attachments(),
                kernel.route().links(),
                filter,
                record -> wirings.of(record, 0).port());
        this.shared = new SharedNetwork(
                node,
                id -> described(node, id),
                options,
                kernel,
                new BridgeDevice(
                        kernel.route(),
                        kernel.sysctls(),
                        options,
                        new BridgeOwner(
                                node.stateDirectory(),
                                node.attachments(),
                                kernel.route().links())),
                rules);
        if (options.ensureShared()) {
            LostPorts lost = new LostPorts(kernel.route().links(), ports, options.bridge());
            shared.orTakeBack(() -> lost.takeBack(
                    node.attachments().list(), shared.now().bridge(), record -> wirings.of(record, mtu())));
        }
        this.reaper = new LinkReaper(kernel.route().links());
        reaper.wake();
        this.watch = RuleWatch.start(kernel.generations(), rules::mend);
    }

    static BridgePlugin start(NodeContext node) {
        BridgeOptions options = BridgeOptions.parse(node.options());
        NodeKernel kernel = NodeKernel.open(node.namespace());
        try {
            return new BridgePlugin(
                    node,
                    options,
                    kernel,
                    new NftablesPacketFilter(
                            kernel.netfilter(), options.bridge(), options.tables(), id -> described(node, id)));
        } catch (RuntimeException e) {
            kernel.close();
            throw e;
        }
    }

    /** What people know an attachment by. */
    private static String described(NodeContext node, AttachmentId id) {
        return node.attachments()
                .read(id)
                .map(record -> "pod " + record.spec().id() + " (" + id + ")")
                .orElseGet(id::toString);
    }

    private boolean isAttached(String hostInterface) {
        return kernel.route()
                .links()
                .find(hostInterface)
                .filter(link -> link.group() == LinkNames.GROUP_LIVE)
                .isPresent();
    }

    @Override
    public void podCidrsChanged(List<Cidr> podCidrs) {
        shared.podCidrs(podCidrs);
    }

    @Override
    public PodNetworkStatus setUpPod(SetUp request) {
        AttachmentRecord record = request.record();
        SharedNetwork.State now = shared.now();
        int mtu = now.desired().mtu();
        if (!record.spec().hostPorts().isEmpty()) {
            // Before an address is taken, which would have to cool down after a refusal.
            filter.requireHostPorts(wirings.foreseen(record, mtu).port());
        }
        // The record is on disk, and whoever finds it without a status releases the lease.
        Ipam.Lease lease = node.telemetry()
                .observe(
                        Phase.SET_UP_ADDRESS,
                        record.spec().id(),
                        () -> node.ipam().assign(record.id(), record.spec().requestedIps()));
        PodWiring wiring = wirings.of(record, lease.assignments(), mtu);
        Course course = node.telemetry().course(record.spec().id());
        try {
            // Before the port is up: a namespace that somebody else made may have processes already.
            course.enter(Phase.SET_UP_RULES);
            rules.addPod(wiring.port());
            course.enter(Phase.SET_UP_LINKS);
            ports.setUp(wiring, now.bridge(), request.namespace());
            shaper.setUp(wiring);
            course.succeeded();
            return wiring.status();
        } catch (PodnetException e) {
            course.failed(e);
            takeBack(wiring, e);
            throw e;
        }
    }

    private void takeBack(PodWiring wiring, PodnetException cause) {
        List<PodnetException> failures = new ArrayList<>();
        attempt(failures, () -> filter.removePods(List.of(wiring.port())));
        attempt(failures, () -> shaper.remove(wiring));
        attempt(failures, () -> ports.remove(wiring, shared.now().bridge()));
        if (failures.isEmpty()) {
            // What is left is found by the lease, and must not be found by the next holder of its addresses.
            attempt(failures, () -> node.ipam().release(wiring.id()));
        }
        failures.forEach(cause::addSuppressed);
    }

    private static void attempt(List<PodnetException> failures, Runnable step) {
        try {
            step.run();
        } catch (PodnetException e) {
            failures.add(e);
        }
    }

    @Override
    public void tearDownPod(AttachmentRecord record) {
        tearDownPods(List.of(record)).get(0).failure().ifPresent(failure -> {
            throw failure;
        });
    }

    @Override
    public List<Outcome> tearDownPods(Collection<AttachmentRecord> records) {
        Map<AttachmentId, PodWiring> left = new LinkedHashMap<>();
        Map<AttachmentId, List<PodnetException>> failures = new HashMap<>();
        for (AttachmentRecord record : records) {
            List<PodnetException> own = failures.computeIfAbsent(record.id(), id -> new ArrayList<>());
            attempt(own, () -> left.put(record.id(), wirings.leftOf(record, mtu())));
        }
        List<PodWiring> known = List.copyOf(left.values());
        List<PodnetException> common = new ArrayList<>();
        if (!known.isEmpty()) {
            Course course =
                    node.telemetry().course(records.iterator().next().spec().id());
            // The link first: whoever finds it detached after a crash knows that this was begun, and ends it.
            course.enter(Phase.TEAR_DOWN_LINKS);
            attempt(common, () -> detach(known));
            course.enter(Phase.TEAR_DOWN_RULES);
            attempt(
                    common,
                    () -> filter.removePods(known.stream().map(PodWiring::port).toList()));
            attempt(common, () -> ports.forget(known, shared.now().bridge()));
            course.end(common);
            reaper.wake();
        }
        return records.stream()
                .map(record -> {
                    List<PodnetException> own = failures.computeIfAbsent(record.id(), id -> new ArrayList<>());
                    own.addAll(common);
                    if (own.isEmpty()) {
                        Course course = node.telemetry().course(record.spec().id());
                        course.enter(Phase.TEAR_DOWN_ADDRESS);
                        attempt(own, () -> node.ipam().release(record.id()));
                        course.end(own);
                    }
                    return outcome(record.id(), own);
                })
                .toList();
    }

    private static Outcome outcome(AttachmentId id, List<PodnetException> failures) {
        return new Outcome(
                id,
                Optional.empty(),
                failures.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PodnetException.Incomplete(
                                "teardown of " + id + ": " + failures.get(0).getMessage(), failures)));
    }

    private void detach(List<PodWiring> wirings) {
        List<String> links = new ArrayList<>();
        for (PodWiring wiring : wirings) {
            links.add(wiring.hostInterface());
            if (wiring.bandwidth().egressBitsPerSecond().isPresent()) {
                links.add(LinkNames.shaper(wiring.id()));
            }
        }
        if (wirings.size() == 1) {
            links.forEach(ports::detach);
        } else {
            ports.detachAll(links);
        }
    }

    private int mtu() {
        return shared.now().desired().mtu();
    }

    @Override
    public Optional<PodNetworkStatus> podNetworkStatus(SetUp request) {
        PodWiring wiring = wirings.of(request.record(), mtu());
        if (!isAttached(wiring.hostInterface())) {
            return Optional.empty();
        }
        return inspection
                .read(wiring.podInterface(), request.namespace())
                .map(found -> new PodNetworkStatus(
                        wiring.podInterface(),
                        found.addresses(),
                        found.gateways(),
                        found.link().mac().orElse(wiring.podMac()),
                        found.link().mtu(),
                        Optional.of(wiring.hostInterface())));
    }

    @Override
    public List<Drift> check(SetUp request) {
        SharedNetwork.State now = shared.now();
        PodWiring wiring = wirings.of(request.record(), mtu());
        List<Drift> drifts = new ArrayList<>(shared.check());
        drifts.addAll(inspection.check(wiring, now.bridge(), request.namespace()));
        drifts.addAll(shaper.check(wiring));
        drifts.addAll(filter.check(wiring.port()));
        return drifts;
    }

    /** What a pod has alone: the rules are put back by themselves, the bridge by a start of the node. */
    @Override
    public List<Drift> repair(SetUp request) {
        BridgeDevice.Present bridge = shared.now().bridge();
        PodWiring wiring = wirings.of(request.record(), mtu());
        Optional<Link> host = kernel.route().links().find(wiring.hostInterface());
        Optional<PortInspection.Found> found = inspection.read(wiring.podInterface(), request.namespace());
        boolean onBridge = kernel.route().links().find(bridge.index()).isPresent();
        if (host.isPresent() && found.isPresent() && onBridge) {
            // As in set-up: before the port is up.
            rules.repairPod(wiring.port());
            ports.repair(wiring, host.get(), found.get(), bridge, request.namespace());
            shaper.repair(wiring);
        }
        return check(request);
    }

    @Override
    public List<String> gc(Set<AttachmentId> valid) {
        Objects.requireNonNull(valid, "valid");
        List<String> removed = new ArrayList<>();
        Set<String> kept = new HashSet<>();
        valid.forEach(id -> {
            kept.add(LinkNames.hostPort(id));
            kept.add(LinkNames.shaper(id));
        });
        List<String> stale = kernel.route().links().list().stream()
                .filter(link -> link.group() == LinkNames.GROUP_LIVE)
                .filter(link -> link.masterIndex() == shared.now().bridge().index() || isOurShaper(link))
                .map(Link::name)
                .filter(name -> !kept.contains(name))
                .toList();
        if (!stale.isEmpty()) {
            ports.detachAll(stale);
            stale.forEach(name -> removed.add("link " + name));
            reaper.wake();
        }
        filter.gc(valid).forEach(id -> removed.add("rules of " + id));
        node.ipam().gc(valid).forEach(id -> removed.add("lease of " + id));
        ports.forgetOthers(
                        shared.now().podCidrs(), wirings.leased(), shared.now().bridge())
                .forEach(address -> removed.add("neighbour " + address));
        return removed;
    }

    /** Other networks of this machine have shapers too; before they had a mark, there was one network. */
    private boolean isOurShaper(Link link) {
        return link.name().startsWith(LinkNames.SHAPER_PREFIX)
                && (link.alias().equals(options.mark()) || (link.alias().isEmpty() && !options.keepBridge()));
    }

    @Override
    public Condition status() {
        return shared.status();
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> capabilities = EnumSet.of(Capability.IPS, Capability.PORT_MAPPINGS, Capability.BANDWIDTH);
        if (options.antiSpoofing()) {
            capabilities.add(Capability.ANTI_SPOOFING);
        }
        return capabilities;
    }

    @Override
    public Plan plan(AttachmentRecord record) {
        PodWiring wiring = node.ipam()
                .lease(record.id())
                .map(lease -> wirings.of(record, lease.assignments(), mtu()))
                .orElseGet(() -> wirings.foreseen(record, mtu()));
        if (!record.spec().hostPorts().isEmpty()) {
            filter.requireHostPorts(wiring.port());
        }
        List<Plan.Step> steps = new ArrayList<>(PodPlan.of(wiring, record, options));
        steps.addAll(filter.plan(wiring.port()));
        return new Plan(steps);
    }

    @Override
    public void quiesce(Duration timeout) {
        reaper.quiesce(timeout);
    }

    @Override
    public void removeShared() {
        shared.remove(reaper);
    }

    @Override
    public void close() {
        watch.close();
        reaper.close();
        kernel.close();
    }
}
