package io.podnet.testkit.contract;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodPhase;
import io.podnet.api.PodSpec;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.NodeContext;
import io.podnet.store.memory.MemoryHub;
import io.podnet.testkit.machine.KernelPicture;
import io.podnet.testkit.machine.Machine;
import io.podnet.testkit.machine.Machines;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A node with an uplink to a machine outside, the plugin under test on it, and what outlives the plugin's process. */
final class PluginNode implements AutoCloseable {
    static final IpAddress NODE = IpAddress.parse("192.0.2.1");
    static final IpAddress OUTSIDE = IpAddress.parse("192.0.2.2");
    private static final Duration FREED = Duration.ofSeconds(20);

    final MemoryIpam ipam;
    final MemoryRecords records = new MemoryRecords();
    private final NetworkPluginProvider provider;
    private final Map<String, String> options;
    private final Path state;
    private final ClusterStore store = new MemoryHub().connect("node-a");
    private final Machines machines = new Machines();
    private final Machine node;
    private final Machine outside;
    private final List<Cidr> podCidrs;
    private Optional<NetworkPlugin> running = Optional.empty();
    private int pods;

    PluginNode(NetworkPluginProvider provider, Map<String, String> options, Path state, String... podCidrs) {
        this.provider = provider;
        this.options = options;
        this.state = state;
        this.podCidrs = Arrays.stream(podCidrs).map(Cidr::parse).toList();
        this.ipam = new MemoryIpam(this.podCidrs);
        this.node = machines.make("node");
        this.outside = machines.make("outside");
        machines.connect(node, "uplink0", outside, "eth0");
        node.addAddress("uplink0", NODE + "/24");
        outside.addAddress("eth0", OUTSIDE + "/24");
        node.addRoute("0.0.0.0/0", OUTSIDE);
        for (Cidr cidr : this.podCidrs) {
            if (cidr.family() == NODE.family()) {
                outside.addRoute(cidr.toString(), NODE);
            }
        }
    }

    NetworkPlugin create() {
        return create(0, Map.of());
    }

    NetworkPlugin create(int mtu, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(options);
        all.putAll(more);
        // Pods reach everybody with their own address: what masquerade does is no part of the interface.
        List<Cidr> everything = List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));
        return provider.create(new NodeContext(
                "node-a", node.namespace(), podCidrs, everything, mtu, ipam, records, state, Optional.of(store), all));
    }

    /** Begins the plugin's process. */
    NetworkPlugin start() {
        NetworkPlugin plugin = create();
        running = Optional.of(plugin);
        return plugin;
    }

    /** Ends the plugin's process and begins another. */
    NetworkPlugin restart() {
        plugin().close();
        return start();
    }

    NetworkPlugin plugin() {
        return running.orElseThrow();
    }

    Machine node() {
        return node;
    }

    Machine outside() {
        return outside;
    }

    List<String> kernel() {
        return KernelPicture.of(node);
    }

    /** The same when the kernel has freed what was torn down. */
    List<String> settledKernel() {
        plugin().quiesce(FREED);
        return kernel();
    }

    /** A pod that is not set up. */
    PluginPod pod() {
        return pod(spec());
    }

    PodSpec.Builder podSpec() {
        return PodSpec.of("default", "pod-" + ++pods);
    }

    PodSpec spec() {
        return podSpec().build();
    }

    /** A pod that is not set up; its record is written as the node writes it. */
    PluginPod pod(PodSpec spec) {
        Machine machine = machines.make(spec.id().name());
        AttachmentRecord record = new AttachmentRecord(
                new AttachmentId("contract-" + spec.id().name(), "eth0"),
                spec,
                provider.name(),
                machine.namespace().path(),
                machine.namespace().inode(),
                false,
                "contract",
                Instant.now(),
                PodPhase.PENDING,
                "",
                Optional.empty());
        records.write(record);
        return new PluginPod(machine, record);
    }

    PluginPod setUp() {
        return setUp(pod());
    }

    PluginPod setUp(PluginPod pod) {
        PodNetworkStatus status = plugin().setUpPod(pod.request());
        written(pod, status);
        return pod;
    }

    void written(PluginPod pod, PodNetworkStatus status) {
        pod.record(pod.record().running(status));
        records.write(pod.record());
    }

    void tearDown(PluginPod pod) {
        plugin().tearDownPod(pod.record());
        records.remove(pod.id());
    }

    @Override
    public void close() {
        running.ifPresent(NetworkPlugin::close);
        store.close();
        machines.close();
    }

    /** Does something with each pod on four threads, and fails where one failed. */
    static void atOnce(List<PluginPod> pods, Consumer<PluginPod> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> futures = new ArrayList<>();
            pods.forEach(pod -> futures.add(executor.submit(() -> work.accept(pod))));
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
