package com.example.podnet;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.IpFamily;
import io.podnet.api.Plan;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.Sysctls;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.Ipam;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NodeContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Pods on a veth pair of their own each, routed by the node: no bridge, no proxy ARP, nothing shared. A pod has its address as
 * a /32 and sends everything to the host end, whose MAC it knows. Nothing is remembered: the record, the lease and the host
 * ends' aliases tell all.
 */
final class PtpPlugin implements NetworkPlugin {
    private static final int MTU = 1500;

    private final NodeContext node;
    private final NamespaceThreads threads;
    private final RouteNetlink route;
    private final PtpWires wires;
    private boolean closed;

    private PtpPlugin(NodeContext node, NamespaceThreads threads, RouteNetlink route) {
        this.node = node;
        this.threads = threads;
        this.route = route;
        this.wires = new PtpWires(threads, route);
    }

    static PtpPlugin start(NodeContext node) {
        refuseOthers(node.podCidrs());
        NamespaceThreads threads = new NamespaceThreads();
        try {
            RouteNetlink route = threads.callIn(node.namespace(), () -> RouteNetlink.open());
            Sysctls.in(threads, node.namespace()).write(SysctlKey.parse("net.ipv4.ip_forward"), "1");
            return new PtpPlugin(node, threads, route);
        } catch (RuntimeException e) {
            threads.close();
            throw e;
        }
    }

    private static void refuseOthers(List<Cidr> podCidrs) {
        if (podCidrs.stream().anyMatch(cidr -> cidr.family() != IpFamily.IPV4)) {
            throw new PodnetException.Unsupported("the plugin 'ptp' is for IPv4, not for " + podCidrs);
        }
    }

    private PtpLink linkOf(AttachmentRecord record, List<Ipam.Assignment> assignments) {
        return PtpLink.of(record, assignments, node.mtu() == 0 ? MTU : node.mtu());
    }

    private Optional<PtpLink> leased(AttachmentRecord record) {
        return node.ipam().lease(record.id()).map(lease -> linkOf(record, lease.assignments()));
    }

    @Override
    public void podCidrsChanged(List<Cidr> podCidrs) {
        refuseOthers(podCidrs);
        for (Ipam.Lease lease : node.ipam().list()) {
            for (Ipam.Assignment assignment : lease.assignments()) {
                if (!podCidrs.contains(assignment.address().cidr())) {
                    throw new PodnetException.Conflict("pod CIDR "
                            + assignment.address().cidr() + " is in use by " + lease.owner() + "; tear it down first");
                }
            }
        }
    }

    @Override
    public PodNetworkStatus setUpPod(SetUp request) {
        AttachmentRecord record = request.record();
        Ipam.Lease lease = node.ipam().reserve(record.id(), record.spec().requestedIps());
        try {
            PtpLink link = linkOf(record, lease.assignments());
            wires.make(link, request.namespace());
            node.ipam().commit(record.id());
            return link.status();
        } catch (PodnetException e) {
            try {
                tearDownPod(record);
            } catch (PodnetException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    @Override
    public void tearDownPod(AttachmentRecord record) {
        List<PodnetException> failures = new ArrayList<>();
        attempt(failures, () -> route.links().delete(PtpLink.hostName(record.id())));
        if (failures.isEmpty()) {
            // The next holder of the address must not find this one's route.
            attempt(failures, () -> node.ipam().release(record.id()));
        }
        if (!failures.isEmpty()) {
            throw new PodnetException.Incomplete(
                    "teardown of " + record.id() + ": " + failures.get(0).getMessage(), failures);
        }
    }

    private static void attempt(List<PodnetException> failures, Runnable step) {
        try {
            step.run();
        } catch (PodnetException e) {
            failures.add(e);
        }
    }

    @Override
    public Optional<PodNetworkStatus> podNetworkStatus(SetUp request) {
        return wires.read(request.record().id(), request.namespace());
    }

    @Override
    public List<Drift> check(SetUp request) {
        Optional<PtpLink> link = leased(request.record());
        return link.isEmpty()
                ? List.of(new Drift("lease", request.record().id().toString(), "present", "absent"))
                : wires.check(link.get(), request.namespace());
    }

    private List<Link> hostEnds() {
        return route.links().list().stream()
                .filter(link -> link.alias().startsWith(PtpLink.MARK))
                .toList();
    }

    @Override
    public List<String> gc(Set<AttachmentId> valid) {
        Set<String> kept = valid.stream().map(PtpLink::alias).collect(Collectors.toSet());
        List<String> removed = new ArrayList<>();
        for (Link link : hostEnds()) {
            if (!kept.contains(link.alias()) && route.links().delete(link.name())) {
                removed.add("link " + link.name());
            }
        }
        node.ipam().gc(valid).forEach(owner -> removed.add("lease of " + owner));
        return removed;
    }

    @Override
    public Condition status() {
        return node.ipam().status().condition();
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.IPS);
    }

    @Override
    public Plan plan(AttachmentRecord record) {
        PtpLink link = leased(record)
                .orElseGet(
                        () -> linkOf(record, node.ipam().preview(record.spec().requestedIps())));
        return new Plan(List.of(
                create("link", link.hostName(), "veth, peer " + link.id().ifName() + " in the pod, mtu " + link.mtu()),
                create("route", link.podAddress().toString(), "dev " + link.hostName()),
                create(
                        "address",
                        link.podAddress().toString(),
                        "dev " + link.id().ifName()),
                create("neighbour", link.gateway().toString(), "permanent, " + link.hostMac()),
                create(
                        "route",
                        "default",
                        "via " + link.gateway() + " dev " + link.id().ifName())));
    }

    private static Plan.Step create(String kind, String name, String detail) {
        return new Plan.Step(Plan.Action.CREATE, kind, name, detail);
    }

    /** Links are deleted one by one, each before the call returns. */
    @Override
    public void quiesce(Duration timeout) {}

    @Override
    public void removeShared() {
        Set<String> left = new TreeSet<>();
        hostEnds().forEach(link -> left.add(link.name()));
        if (!left.isEmpty()) {
            throw new PodnetException.Conflict("pods are attached by " + left + "; tear them down first");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            route.close();
            threads.close();
        }
    }
}
