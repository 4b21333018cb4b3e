package io.podnet.bridge;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Phase;
import io.podnet.api.Plan;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodnetException;
import io.podnet.bridge.firewall.NftablesPacketFilter;
import io.podnet.bridge.firewall.NodeRules;
import io.podnet.bridge.firewall.PacketFilter;
import io.podnet.bridge.firewall.PromiscuousBridge;
import io.podnet.netlink.route.Link;
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
    // Of the bridge's 1024 port numbers one is unusable; from here on status warns.
    private static final int BRIDGE_PORTS = 1023;

    private final NodeContext node;
    private final BridgeOptions options;
    private final NodeKernel kernel;
    private final BridgeDevice bridge;
    private final PodPorts ports;
    private final PodShaper shaper;
    private final PacketFilter filter;
    private final KeptRules rules;
    private final SysctlLedger nodeSettings;
    private final LinkReaper reaper;
    private final RuleWatch watch;
    private volatile Shared shared;

    /**
     * What all pods share.
     *
     * @param podCidrs the node's pod CIDRs
     * @param desired the bridge
     * @param bridge what of it is in the kernel
     */
    private record Shared(List<Cidr> podCidrs, BridgeDevice.Desired desired, BridgeDevice.Present bridge) {}

    private BridgePlugin(NodeContext node, BridgeOptions options, NodeKernel kernel, PacketFilter filter) {
        this.node = node;
        this.options = options;
        this.kernel = kernel;
        this.bridge = new BridgeDevice(kernel.route(), kernel.sysctls(), options);
        this.ports = new PodPorts(kernel.route(), kernel.interfaceSysctls(), kernel.threads(), options);
        this.shaper = new PodShaper(kernel.route(), options.mark());
        this.filter = filter;
        this.rules = new KeptRules(
                options.bridge(),
                node.attachments(),
                kernel.route().links(),
                filter,
                record -> wiringOf(record, 0).port());
        this.nodeSettings = new SysctlLedger(kernel.sysctls(), node.stateDirectory());
        List<Cidr> networks = options.networks(node.podCidrs());
        BridgeDevice.Desired desired = desiredBridge(networks);
        this.shared = options.ensureShared()
                ? ensureShared(networks, desired)
                : new Shared(networks, desired, bridge.present(desired));
        this.reaper = new LinkReaper(kernel.route().links());
        reaper.wake();
        this.watch = new RuleWatch(kernel.generations(), rules::mend);
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

    private BridgeDevice.Desired desiredBridge(List<Cidr> podCidrs) {
        if (podCidrs.isEmpty() && options.subnets().isEmpty()) {
            throw new PodnetException.Invalid("the bridge plugin needs a pod CIDR");
        }
        boolean ipv6 = podCidrs.stream().anyMatch(cidr -> cidr.family() == IpFamily.IPV6);
        return BridgeDevice.Desired.of(options.bridgeAddresses(podCidrs), chooseMtu(ipv6), options.bridge());
    }

    private Shared ensureShared(List<Cidr> podCidrs, BridgeDevice.Desired wanted) {
        BridgeDevice.Present present = bridge.ensure(wanted);
        BridgeDevice.Desired desired = wanted.withMac(present.mac());
        try {
            if (options.gatewayOnBridge()) {
                nodeSettings.set(NodeSettings.forwarding(podCidrs, options.bridge()));
            }
            rules.ensure(nodeRules(podCidrs, desired));
        } catch (PodnetException e) {
            if (present.made()) {
                takeBackShared(e);
            }
            throw e;
        }
        return new Shared(podCidrs, desired, present);
    }

    private void takeBackShared(PodnetException cause) {
        List<PodnetException> failures = new ArrayList<>();
        attempt(failures, rules::remove);
        attempt(failures, bridge::remove);
        attempt(failures, nodeSettings::restore);
        failures.forEach(cause::addSuppressed);
    }

    private boolean isAttached(String hostInterface) {
        return kernel.route()
                .links()
                .find(hostInterface)
                .filter(link -> link.group() == LinkNames.GROUP_LIVE)
                .isPresent();
    }

    private NodeRules nodeRules(List<Cidr> podCidrs, BridgeDevice.Desired desired) {
        return new NodeRules(
                podCidrs,
                options.masquerade(),
                node.nonMasqueradeCidrs(),
                options.antiSpoofing(),
                options.hairpinMode() == HairpinMode.PROMISCUOUS_BRIDGE
                        ? Optional.of(new PromiscuousBridge(desired.mac(), desired.gatewayIps()))
                        : Optional.empty());
    }

    private int chooseMtu(boolean ipv6) {
        return MtuRule.choose(
                node.mtu(),
                kernel.route().links().list().stream()
                        .filter(Link::isUp)
                        .filter(link -> !link.isLoopback() && !link.isPointToPoint())
                        .filter(link -> !link.name().equals(options.bridge()))
                        .filter(link -> link.group() != LinkNames.GROUP_LIVE && link.group() != LinkNames.GROUP_DEAD)
                        .mapToInt(Link::mtu),
                ipv6);
    }

    @Override
    public void podCidrsChanged(List<Cidr> podCidrs) {
        List<Ipam.Lease> leases = node.ipam().list();
        for (Ipam.Lease lease : leases) {
            for (Ipam.Assignment assignment : lease.assignments()) {
                Cidr used = assignment.address().cidr();
                if (!podCidrs.contains(used)) {
                    throw new PodnetException.Conflict("pod CIDR " + used + " is in use by " + lease.owner()
                            + "; tear its pods down before it is taken away");
                }
            }
        }
        BridgeDevice.Desired desired = desiredBridge(podCidrs);
        if (!leases.isEmpty()) {
            // Live pods have the bridge's MAC address as their gateway's permanent neighbour.
            desired = desired.withMac(shared.bridge().mac());
        }
        bridge.retire(shared.desired(), desired);
        shared = ensureShared(podCidrs, desired);
    }

    @Override
    public PodNetworkStatus setUpPod(SetUp request) {
        AttachmentRecord record = request.record();
        Shared now = shared;
        if (!record.spec().hostPorts().isEmpty()) {
            requireHostPorts(record, now);
        }
        // The record is on disk, and whoever finds it without a status releases the lease.
        Ipam.Lease lease = node.telemetry()
                .observe(
                        Phase.SET_UP_ADDRESS,
                        record.spec().id(),
                        () -> node.ipam().assign(record.id(), record.spec().requestedIps()));
        PodWiring wiring =
                PodWiring.of(record, lease.assignments(), now.desired().mtu(), options);
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

    /** Before an address is taken, which would have to cool down after a refusal. */
    private void requireHostPorts(AttachmentRecord record, Shared now) {
        List<Ipam.Assignment> assignments = node.ipam().preview(record.spec().requestedIps());
        filter.requireHostPorts(
                PodWiring.of(record, assignments, now.desired().mtu(), options).port());
    }

    private void takeBack(PodWiring wiring, PodnetException cause) {
        List<PodnetException> failures = new ArrayList<>();
        attempt(failures, () -> filter.removePods(List.of(wiring.port())));
        attempt(failures, () -> shaper.remove(wiring));
        attempt(failures, () -> ports.remove(wiring, shared.bridge()));
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
        Map<AttachmentId, PodWiring> wirings = new LinkedHashMap<>();
        Map<AttachmentId, List<PodnetException>> failures = new HashMap<>();
        for (AttachmentRecord record : records) {
            List<PodnetException> own = failures.computeIfAbsent(record.id(), id -> new ArrayList<>());
            attempt(own, () -> wirings.put(record.id(), leftOf(record)));
        }
        List<PodWiring> known = List.copyOf(wirings.values());
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
            attempt(common, () -> ports.forget(known, shared.bridge()));
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

    /**
     * What an attachment may still have. A teardown that is repeated may have given its addresses back already, and
     * somebody else may have them by now.
     */
    private PodWiring leftOf(AttachmentRecord record) {
        if (node.ipam().lease(record.id()).isPresent()) {
            return wiringOf(record);
        }
        return wiringOf(record).without(leased());
    }

    private Set<IpAddress> leased() {
        Set<IpAddress> leased = new HashSet<>();
        node.ipam()
                .list()
                .forEach(lease -> lease.assignments()
                        .forEach(assignment -> leased.add(assignment.address().address())));
        return leased;
    }

    /** What an attachment had, from its record, or from its lease where set-up did not come to write the record. */
    private PodWiring wiringOf(AttachmentRecord record) {
        return wiringOf(record, shared.desired().mtu());
    }

    private PodWiring wiringOf(AttachmentRecord record, int mtu) {
        List<Ipam.Assignment> assignments = record.status()
                .map(status -> status.addresses().stream()
                        .map(address -> new Ipam.Assignment(address, options.gatewayOf(address)))
                        .toList())
                .or(() -> node.ipam().lease(record.id()).map(Ipam.Lease::assignments))
                .orElse(List.of());
        return PodWiring.of(record, assignments, mtu, options);
    }

    @Override
    public Optional<PodNetworkStatus> podNetworkStatus(SetUp request) {
        PodWiring wiring = wiringOf(request.record());
        if (!isAttached(wiring.hostInterface())) {
            return Optional.empty();
        }
        return ports.read(wiring.podInterface(), request.namespace())
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
        Shared now = shared;
        PodWiring wiring = wiringOf(request.record());
        List<Drift> drifts = new ArrayList<>(bridge.check(now.desired()));
        drifts.addAll(ports.check(wiring, now.bridge(), request.namespace()));
        drifts.addAll(shaper.check(wiring));
        drifts.addAll(filter.check(wiring.port()));
        return drifts;
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
                .filter(link -> link.masterIndex() == shared.bridge().index() || isOurShaper(link))
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
        ports.forgetOthers(shared.podCidrs(), leased(), shared.bridge())
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
        List<Drift> drifts = bridge.check(shared.desired());
        if (!drifts.isEmpty()) {
            return new Condition(Condition.Code.NOT_READY, "BridgeDrifted", drifts.get(0) + "; restart the node");
        }
        Condition pool = node.ipam().status().condition();
        if (pool.code() != Condition.Code.READY) {
            return pool;
        }
        int used = kernel.route().links().listPorts(shared.bridge().index()).size();
        if (used >= BRIDGE_PORTS) {
            return new Condition(
                    Condition.Code.NOT_READY,
                    "BridgeFull",
                    "bridge " + options.bridge() + " has " + used + " ports, the kernel takes no more");
        }
        return NeighbourTable.condition(used);
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
        List<Ipam.Assignment> assignments = node.ipam()
                .lease(record.id())
                .map(Ipam.Lease::assignments)
                .orElseGet(() -> node.ipam().preview(record.spec().requestedIps()));
        PodWiring wiring = PodWiring.of(record, assignments, shared.desired().mtu(), options);
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
        if (options.keepBridge()) {
            rules.remove();
            return;
        }
        List<Link> left = kernel.route().links().listPorts(shared.bridge().index()).stream()
                .filter(link -> link.group() != LinkNames.GROUP_DEAD)
                .toList();
        if (!left.isEmpty()) {
            throw new PodnetException.Conflict("bridge " + options.bridge() + " still has the port "
                    + left.get(0).name() + "; tear its pod down first");
        }
        rules.remove();
        reaper.quiesce(Duration.ofSeconds(10));
        bridge.remove();
        nodeSettings.restore();
    }

    @Override
    public void close() {
        watch.close();
        reaper.close();
        kernel.close();
    }
}
