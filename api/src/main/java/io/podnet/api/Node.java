package io.podnet.api;

import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NetworkPath;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.PodSandbox;
import io.podnet.spi.Providers;
import io.podnet.spi.Sandboxes;
import io.podnet.spi.telemetry.Course;
import io.podnet.spi.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The facade's inside: joins sandbox, plugin and records in the one order that survives a crash. The record is durable
 * before the kernel is asked, and goes when nothing is left.
 */
final class Node implements AutoCloseable {
    static final String ATTACHMENTS = "attachments";
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);
    private static final Duration QUIESCE = Duration.ofSeconds(10);
    // Linux __NEW_UTS_LEN.
    private static final int LONGEST_NODENAME = 64;

    private final NodeSettings settings;
    private final AttachmentStore attachments;
    private final Sandboxes sandboxes;
    private final NamespaceRef namespace;
    private final NetworkPlugin plugin;
    private final SwitchableIpam ipam;
    private final NodeServices services;
    private final AttachmentRemoval removal;
    private final Adoption adoption;
    private final Telemetry telemetry;
    private final Opened opened;
    private final String bootId = StateDirectory.bootId();
    private final PodLocks locks = new PodLocks();
    private final PodLedger pods;
    private boolean closed;

    private Node(
            NodeNetwork network,
            StateDirectory state,
            AttachmentStore attachments,
            Sandboxes sandboxes,
            NamespaceRef namespace,
            NodeServices services,
            Opened opened,
            Telemetry telemetry) {
        this.settings = network.settings();
        this.attachments = attachments;
        this.sandboxes = sandboxes;
        this.namespace = namespace;
        this.plugin = network.plugin();
        this.ipam = network.ipam();
        this.services = services;
        this.removal = new AttachmentRemoval(plugin, sandboxes, attachments, state.root(), telemetry);
        this.adoption = new Adoption(settings.networkPlugin(), bootId, sandboxes, plugin, removal);
        this.pods = new PodLedger(attachments, removal, services);
        this.telemetry = telemetry;
        this.opened = opened;
    }

    static Node start(NodeSettings given, NodeParts parts, Path stateDirectory) {
        Opened opened = new Opened();
        try {
            Sandboxes sandboxes = opened.add(
                    Providers.required(parts.sandboxes(), parts.sandboxes().create()));
            Sandboxes.HeldNamespace namespace = opened.add(sandboxes.nodeNamespace(given.nodeNamespace()));
            StateDirectory state = opened.add(StateDirectory.open(stateDirectory));
            Optional<ClusterStore> store =
                    given.clusterStore().open(parts.stores(), given.clusterName(), given.nodeName(), opened);
            AttachmentStore attachments =
                    parts.attachments().apply(FileAttachmentStore.open(state.directory(ATTACHMENTS)));
            Adoption.requirePlugin(given.networkPlugin(), attachments.list());
            NodeNetwork network = NodeNetwork.open(given, parts, state, namespace, attachments, store, opened);
            NodeSettings settings = network.settings();
            try {
                NodeNames names = opened.add(NodeNames.open(settings, parts, state, namespace));
                NodeServices services = opened.add(NodeServices.open(settings, parts, state, namespace, names, store));
                Node node = new Node(
                        network, state, attachments, sandboxes, namespace, services, opened, parts.telemetry());
                node.recoverOrRelease();
                services.start(node.pods.running());
                state.keep();
                return node;
            } catch (RuntimeException e) {
                AttachmentRemoval.takeBackShared(network.plugin(), attachments, e);
                throw e;
            }
        } catch (RuntimeException | Error e) {
            opened.closeAll(e);
            throw e;
        }
    }

    private void recoverOrRelease() {
        try {
            recover();
        } catch (PodnetException e) {
            pods.release();
            throw e;
        }
    }

    /** Adopts what runs, finishes or takes back what does not. */
    private void recover() {
        for (AttachmentRecord record : attachments.list()) {
            Optional<PodNetwork> adopted = adopt(record);
            if (adopted.isPresent()) {
                pods.runs(adopted.get());
                ipam.leaseAgain(record, adopted.get().ips());
                continue;
            }
            try {
                LOG.atInfo()
                        .addKeyValue("namespace", record.spec().id().namespace())
                        .addKeyValue("pod", record.spec().id().name())
                        .log("taking back what an earlier process left in phase {}", record.phase());
                pods.sweep(record);
            } catch (PodnetException e) {
                LOG.atWarn()
                        .addKeyValue("namespace", record.spec().id().namespace())
                        .addKeyValue("pod", record.spec().id().name())
                        .log("a pod of an earlier process could not be taken back: {}", e.toString());
            }
        }
        plugin.gc(validAttachments());
    }

    private Optional<PodNetwork> adopt(AttachmentRecord record) {
        return adoption.find(record)
                .map(open -> network(
                        record,
                        record.status().orElseThrow(),
                        open,
                        services.names().attachAgain(record.spec(), open.network())));
    }

    private Set<AttachmentId> validAttachments() {
        Set<AttachmentId> valid = new HashSet<>();
        attachments.list().forEach(record -> valid.add(record.id()));
        return valid;
    }

    private String nodename(PodSpec spec) {
        String name = spec.nodename(settings.clusterDomain());
        if (name.length() > LONGEST_NODENAME) {
            throw new PodnetException.Invalid("pod " + spec.id() + " wants its domain name " + name
                    + " for its host name, but it has " + name.length() + " characters and the kernel takes "
                    + LONGEST_NODENAME + "; shorten hostname or subdomain, or leave setHostnameAsFQDN away");
        }
        return name;
    }

    private AttachmentRecord newRecord(PodSpec spec, Optional<Path> netns) {
        String sandboxId = String.format("%012x", ThreadLocalRandom.current().nextLong(1L << 48));
        return new AttachmentRecord(
                new AttachmentId(sandboxId, settings.interfaceName()),
                spec,
                settings.networkPlugin(),
                netns.orElseGet(() -> settings.netnsDirectory().resolve("podnet-" + sandboxId)),
                0,
                netns.isEmpty(),
                bootId,
                Instant.now(),
                PodPhase.PENDING,
                "",
                Optional.empty());
    }

    PodNetwork setUp(PodSpec spec, Optional<Path> netns) {
        return locks.forPod(spec.id(), () -> setUpLocked(spec, netns));
    }

    private PodNetwork setUpLocked(PodSpec spec, Optional<Path> netns) {
        requireOpen();
        return telemetry.observe(Phase.POD_SET_UP, spec.id(), () -> setUpNew(spec, netns));
    }

    private PodNetwork setUpNew(PodSpec spec, Optional<Path> netns) {
        String nodename = nodename(spec);
        pods.makeRoom(spec.id());
        AttachmentRecord record = newRecord(spec, netns);
        PodSandbox sandbox = null;
        Course course = telemetry.course(spec.id());
        try {
            course.enter(Phase.SET_UP_JOURNAL);
            // A write that fails may have reached the disk all the same, so it is taken back like everything after it.
            attachments.write(record);
            course.enter(Phase.SET_UP_NAMESPACE);
            sandbox = netns.isEmpty()
                    ? sandboxes.begin(removal.pins(record, nodename))
                    : sandboxes.join(netns.get(), removal.directory(record));
            record = record.withNetnsInode(sandbox.network().inode());
            if (netns.isPresent()) {
                // The path may come to name another namespace; only the inode tells.
                attachments.write(record);
            }
            course.enter(Phase.SET_UP_NETWORK);
            PodNetworkStatus status = plugin.setUpPod(new NetworkPlugin.SetUp(record, sandbox.network()));
            course.enter(Phase.SET_UP_PINS);
            sandbox.settle();
            // The kernel's locks are free for a while: a record ends this pod, and another begins the next.
            sandboxes.anticipate();
            course.enter(Phase.SET_UP_NAMES);
            Optional<NameResolver.ResolvConf> resolvConf = services.names().attach(spec, sandbox.network());
            course.enter(Phase.SET_UP_READINESS);
            record = record.running(status);
            attachments.write(record);
            PodNetwork pod = network(record, status, sandbox, resolvConf);
            pods.runs(pod);
            services.pods().up(spec, pod.ips());
            course.succeeded();
            return pod;
        } catch (RuntimeException | Error e) {
            course.failed(e);
            services.names().detach(spec.id());
            if (sandbox != null) {
                sandbox.close();
            }
            pods.takeBack(record, e);
            throw e;
        }
    }

    private PodNetwork network(
            AttachmentRecord record,
            PodNetworkStatus status,
            PodSandbox sandbox,
            Optional<NameResolver.ResolvConf> resolvConf) {
        return new PodNetwork(
                record,
                status,
                sandbox,
                () -> PodFiles.write(
                        sandbox.directory(),
                        record.spec(),
                        status.ips(),
                        settings.clusterDomain(),
                        resolvConf.orElseGet(() -> PodFiles.resolvConf(record.spec(), settings.resolvConf()))));
    }

    boolean tearDown(PodId pod) {
        return locks.forPod(pod, () -> {
            requireOpen();
            return remove(pods.records(List.of(pod))) > 0;
        });
    }

    private int remove(List<AttachmentRecord> records) {
        if (!records.isEmpty()) {
            pods.remove(records);
        }
        return records.size();
    }

    boolean drain(PodId pod) {
        requireOpen();
        // The thread's interrupt is kept until the end, since it would end what the plugin waits for.
        return services.withdrawing(pod, () -> tearDown(pod));
    }

    void tearDownAll(Collection<PodId> ids) {
        locks.alone(() -> {
            requireOpen();
            return remove(pods.records(ids));
        });
    }

    ServiceDesk services() {
        return services.desk();
    }

    void namespaces(Collection<String> names) {
        requireOpen();
        names.forEach(name -> Names.dnsLabel("namespace", name));
        services.desk().namespaces(names);
    }

    PodEndpoints endpoints() {
        requireOpen();
        return services.pods();
    }

    List<IpAddress> addresses() {
        requireOpen();
        return sandboxes.addresses(namespace);
    }

    Optional<PodNetwork> pod(PodId pod) {
        return pods.find(pod);
    }

    List<PodNetwork> pods() {
        return pods.running();
    }

    Plan plan(PodSpec spec) {
        requireOpen();
        nodename(spec);
        pods.requireNew(spec.id());
        return plugin.plan(newRecord(spec, Optional.empty()));
    }

    List<Drift> check(PodId pod) {
        return locks.forPod(pod, () -> plugin.check(running(pod)));
    }

    List<Drift> repair(PodId pod) {
        return locks.forPod(pod, () -> plugin.repair(running(pod)));
    }

    private NetworkPlugin.SetUp running(PodId pod) {
        requireOpen();
        PodNetwork running = pods.get(pod);
        return new NetworkPlugin.SetUp(running.record(), running.bareSandbox().network());
    }

    List<String> gc() {
        return locks.alone(() -> {
            requireOpen();
            return plugin.gc(validAttachments());
        });
    }

    List<String> gc(Set<PodId> valid) {
        Set<PodId> stale = pods.all();
        stale.removeAll(valid);
        tearDownAll(stale);
        List<String> removed = new ArrayList<>();
        stale.stream().sorted().forEach(pod -> removed.add("pod " + pod));
        removed.addAll(gc());
        return removed;
    }

    Condition status() {
        requireOpen();
        Condition network = plugin.status();
        Condition names = services.names().status();
        return names.code().compareTo(network.code()) > 0 ? names : network;
    }

    List<NetworkPath> paths() {
        requireOpen();
        return plugin.paths();
    }

    CompletableFuture<Set<String>> programmed(PodId pod) {
        requireOpen();
        return plugin.programmed(pods.get(pod).record());
    }

    void podCidrsChanged(List<Cidr> podCidrs) {
        List<AddressRangeSet> ranges = PodnetBuilder.rangesOf(podCidrs);
        locks.alone(() -> {
            requireOpen();
            plugin.podCidrsChanged(
                    podCidrs.stream().sorted(Comparator.comparing(Cidr::family)).toList());
            ipam.ranges(ranges);
            return podCidrs;
        });
    }

    void quiesce() {
        requireOpen();
        plugin.quiesce(QUIESCE);
    }

    void removeAll() {
        Set<PodId> all = pods.all();
        tearDownAll(all);
        locks.alone(() -> {
            try {
                services.removeAll();
            } finally {
                plugin.removeShared();
                plugin.quiesce(QUIESCE);
            }
            return all;
        });
    }

    private void requireOpen() {
        if (closed) {
            throw new PodnetException.Invalid("this Podnet is closed");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        PodnetException failure = null;
        if (settings.removePodsOnClose()) {
            try {
                removeAll();
            } catch (PodnetException e) {
                failure = e;
            }
        }
        locks.alone(() -> {
            closed = true;
            pods.release();
            return closed;
        });
        Throwable collected = failure == null ? new PodnetException.StateFailure("closing failed", null) : failure;
        opened.closeAll(collected);
        if (failure != null) {
            throw failure;
        }
        if (collected.getSuppressed().length > 0) {
            throw (PodnetException) collected;
        }
    }
}
