package io.podnet.cni.host;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.NamespaceRef;
import io.podnet.api.Plan;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodPhase;
import io.podnet.api.PodnetException;
import io.podnet.cni.process.PluginRunner;
import io.podnet.cni.runtime.Attachment;
import io.podnet.cni.runtime.CachedAttachment;
import io.podnet.cni.runtime.CniRuntime;
import io.podnet.cni.runtime.ResultCache;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.RuntimeConfig;
import io.podnet.cni.spec.ValidAttachment;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NodeContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One CNI network for all pods of a node. The configuration is read again for each pod, so that an edited one counts from the
 * next pod on; a pod is torn down with the one that it was set up with.
 */
final class CniPlugin implements NetworkPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(CniPlugin.class);

    private final NodeContext node;
    private final CniOptions options;
    private final NamespaceThreads threads;
    private final RouteNetlink route;
    private final PodInterface pods;
    private final CniRuntime runtime;
    private volatile NetworkConfigList network;
    private volatile List<Cidr> podCidrs;

    private CniPlugin(NodeContext node, CniOptions options, NamespaceThreads threads, RouteNetlink route) {
        this.node = node;
        this.options = options;
        this.threads = threads;
        this.route = route;
        this.pods = new PodInterface(threads, route);
        this.network = options.network().map(options.configurations()::find).orElseGet(options.configurations()::first);
        this.podCidrs = node.podCidrs();
        this.runtime = new CniRuntime(
                new PluginRunner(Optional.of(node.namespace()), options.path(), options.limits(), node.telemetry()),
                new ResultCache(options.cacheDirectory()
                        .orElseGet(() -> node.stateDirectory().resolve("cache"))));
    }

    static CniPlugin start(NodeContext node) {
        CniOptions options = CniOptions.parse(node.options());
        NamespaceThreads threads = new NamespaceThreads();
        RouteNetlink route = null;
        try {
            route = threads.callIn(node.namespace(), () -> RouteNetlink.open());
            return new CniPlugin(node, options, threads, route);
        } catch (RuntimeException e) {
            if (route != null) {
                route.close();
            }
            threads.close();
            throw e;
        }
    }

    /** The configuration as it is now. */
    private NetworkConfigList current() {
        NetworkConfigList now = options.configurations().find(network.name());
        network = now;
        return now;
    }

    @Override
    public void podCidrsChanged(List<Cidr> changed) {
        for (AttachmentRecord record : node.attachments().list()) {
            record.status().map(PodNetworkStatus::addresses).orElse(List.of()).stream()
                    .map(InterfaceAddress::address)
                    .filter(ip -> podCidrs.stream().anyMatch(cidr -> cidr.contains(ip))
                            && changed.stream().noneMatch(cidr -> cidr.contains(ip)))
                    .findFirst()
                    .ifPresent(ip -> {
                        throw new PodnetException.Conflict("address " + ip + " of pod "
                                + record.spec().id() + " is in none of the pod CIDRs " + changed
                                + "; tear the pod down before its CIDR is taken away");
                    });
        }
        podCidrs = List.copyOf(changed);
    }

    @Override
    public PodNetworkStatus setUpPod(SetUp request) {
        AttachmentRecord record = request.record();
        NetworkConfigList now = current();
        Attachment attachment = PodArguments.of(record, now, podCidrs);
        // Asked for its path, a namespace that is still being pinned waits until it is.
        Path reached = request.namespace().path();
        if (!leadsTo(record, request.namespace().inode())) {
            throw new PodnetException.Invalid(
                    record.netns() + " (" + reached + ") does not lead to the network namespace of pod "
                            + record.spec().id() + "; plugins find it by that path");
        }
        CniResult result = runtime.add(now, attachment);
        try {
            return read(record, result, request.namespace())
                    .orElseThrow(() -> new PodnetException.PluginFailed(
                            "the plugins of network " + now.name() + " say that they succeeded, but pod "
                                    + record.spec().id() + " has no interface " + attachment.ifName(),
                            0));
        } catch (PodnetException e) {
            try {
                runtime.del(now, attachment);
            } catch (PodnetException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private Optional<PodNetworkStatus> read(AttachmentRecord record, CniResult result, NamespaceRef namespace) {
        return pods.read(record.id().ifName(), result, namespace);
    }

    private static boolean leadsTo(AttachmentRecord record, long inode) {
        try (NetworkNamespace found = NetworkNamespace.open(record.netns())) {
            return inode == 0 || found.inode() == inode;
        } catch (PodnetException.NotFound | PodnetException.Invalid gone) {
            return false;
        }
    }

    @Override
    public void tearDownPod(AttachmentRecord record) {
        List<CachedAttachment> kept = kept(record.id());
        String netns = leadsTo(record, record.netnsInode()) ? record.netns().toString() : "";
        if (kept.isEmpty() && record.phase() == PodPhase.PENDING) {
            return; // What is about to be done is kept before it is done.
        }
        List<PodnetException> failures = new ArrayList<>();
        for (CachedAttachment entry : kept) {
            Attachment added = entry.attachment();
            attempt(
                    failures,
                    CniRuntime.listOf(entry, network),
                    new Attachment(added.containerId(), netns, added.ifName(), added.args(), added.capabilityArgs()));
        }
        if (kept.isEmpty()) {
            attempt(
                    failures,
                    network,
                    new Attachment(
                            record.id().sandboxId(), netns, record.id().ifName(), CniArgs.NONE, RuntimeConfig.EMPTY));
        }
        if (!failures.isEmpty()) {
            throw new PodnetException.Incomplete(
                    "teardown of " + record.id() + ": " + failures.get(0).getMessage(), failures);
        }
    }

    private void attempt(List<PodnetException> failures, NetworkConfigList list, Attachment attachment) {
        try {
            runtime.del(list, attachment);
        } catch (PodnetException e) {
            failures.add(e);
        }
    }

    /** What is kept of an attachment, in whatever network it is: the node's may have been another one then. */
    private List<CachedAttachment> kept(AttachmentId id) {
        Attachment wanted = new Attachment(id.sandboxId(), "", id.ifName(), CniArgs.NONE, RuntimeConfig.EMPTY);
        Optional<CachedAttachment> direct = runtime.cache().read(network.name(), wanted);
        if (direct.isPresent()) {
            return List.of(direct.get());
        }
        return runtime.cache().list().stream()
                .filter(entry -> entry.attachment().containerId().equals(id.sandboxId())
                        && entry.attachment().ifName().equals(id.ifName()))
                .toList();
    }

    @Override
    public Optional<PodNetworkStatus> podNetworkStatus(SetUp request) {
        return kept(request.record().id()).stream()
                .findFirst()
                .flatMap(CachedAttachment::result)
                .flatMap(result -> read(request.record(), result, request.namespace()));
    }

    @Override
    public List<Drift> check(SetUp request) {
        AttachmentRecord record = request.record();
        Optional<CachedAttachment> entry = kept(record.id()).stream().findFirst();
        if (entry.isEmpty()) {
            return List.of(new Drift("CNI attachment", record.id().toString(), "a cached result", "absent"));
        }
        try {
            runtime.check(CniRuntime.listOf(entry.get(), network), entry.get().attachment());
            return List.of();
        } catch (PodnetException.PluginFailed e) {
            return List.of(new Drift("CNI attachment", record.id().toString(), "as ADD left it", "" + e.getMessage()));
        } catch (PodnetException.Unsupported e) {
            LOG.atDebug()
                    .addKeyValue("namespace", record.spec().id().namespace())
                    .addKeyValue("pod", record.spec().id().name())
                    .log("the pod cannot be checked: {}", e.getMessage());
            return List.of();
        }
    }

    @Override
    public List<String> gc(Set<AttachmentId> valid) {
        Set<ValidAttachment> attachments = new LinkedHashSet<>();
        valid.forEach(id -> attachments.add(new ValidAttachment(id.sandboxId(), id.ifName())));
        return options.exclusive() ? runtime.gc(network, attachments) : runtime.gcOwn(network, attachments);
    }

    @Override
    public Condition status() {
        try {
            return runtime.status(current());
        } catch (PodnetException e) {
            return new Condition(Condition.Code.NOT_READY, "CniNetworkNotConfigured", "" + e.getMessage());
        }
    }

    @Override
    public Set<Capability> capabilities() {
        Set<String> declared = PodArguments.declared(network);
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        if (declared.contains("portMappings")) {
            capabilities.add(Capability.PORT_MAPPINGS);
        }
        if (declared.contains("bandwidth")) {
            capabilities.add(Capability.BANDWIDTH);
        }
        if (declared.contains("ips")) {
            capabilities.add(Capability.IPS);
        }
        return capabilities;
    }

    @Override
    public Plan plan(AttachmentRecord record) {
        NetworkConfigList now = current();
        PodArguments.of(record, now, podCidrs);
        return new Plan(now.plugins().stream()
                .map(plugin -> new Plan.Step(
                        Plan.Action.CREATE,
                        "CNI attachment",
                        record.id().toString(),
                        "network " + now.name() + ", plugin " + plugin.type()
                                + plugin.ipamType()
                                        .map(ipam -> ", addresses by " + ipam)
                                        .orElse("")))
                .toList());
    }

    @Override
    public void quiesce(Duration timeout) {
        // A plugin's DEL has ended when it returns; what the kernel still frees is nobody's to wait for.
        Objects.requireNonNull(timeout, "timeout");
    }

    @Override
    public void removeShared() {
        runtime.cache().list().stream()
                .filter(entry -> entry.network().equals(network.name()))
                .findFirst()
                .ifPresent(entry -> {
                    throw new PodnetException.Conflict("network " + network.name() + " still has the attachment "
                            + entry.attachment() + "; tear its pod down first");
                });
        LOG.atDebug()
                .addKeyValue("network", network.name())
                .log("what the network's pods shared stays: CNI has no verb that removes it");
    }

    @Override
    public void close() {
        route.close();
        threads.close();
    }
}
