package io.podnet.overlay;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.model.NetworkSettings;
import io.podnet.overlay.model.Row;
import io.podnet.overlay.node.NodeRecord;
import io.podnet.overlay.subnet.SubnetRange;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes with kernels in memory, on one store. */
final class SimulatedNodes implements AutoCloseable {
    final MemoryHub hub = new MemoryHub();
    final Map<String, FakeKernel> kernels = new HashMap<>();
    final Map<String, MemoryStore> stores = new HashMap<>();
    final List<OverlayNode> nodes = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    private final NetworkSettings settings;

    SimulatedNodes(Backend backend, String clusterCidrs) {
        List<Cidr> ranges = new ArrayList<>();
        for (String range : clusterCidrs.split(",", -1)) {
            ranges.add(Cidr.parse(range));
        }
        this.settings = new NetworkSettings(backend, ranges, 1, 8477, "pnvx", 28_782);
    }

    /** Starts a node that compares everything only when it has a reason. */
    OverlayNode start(int number, String... podCidrs) {
        return start(number, Duration.ofHours(1), podCidrs);
    }

    /** Starts two nodes of one subnet each; gives the first one's kernel, once it knows the way to the second. */
    FakeKernel startTwo() throws Exception {
        start(1, "10.244.1.0/24");
        start(2, "10.244.2.0/24");
        return knowingNode2();
    }

    /** Gives node-1's kernel, once it knows the way to node-2. */
    FakeKernel knowingNode2() throws Exception {
        FakeKernel kernel = kernels.get("node-1");
        Waiting.until(
                "node-2 is routed to", () -> kernel.rows(Row.Neighbour.class).size() == 1);
        return kernel;
    }

    OverlayNode start(int number, Duration refresh, String... podCidrs) {
        List<Cidr> cidrs = new ArrayList<>();
        for (String cidr : podCidrs) {
            cidrs.add(Cidr.parse(cidr));
        }
        List<IpAddress> tunnelIps = settings.backend() == Backend.NEIGHBOUR
                ? List.of()
                : cidrs.stream().map(Cidr::network).toList();
        List<SubnetRange> ranges = settings.backend() == Backend.NEIGHBOUR
                ? List.of()
                : cidrs.stream()
                        .map(cidr -> new SubnetRange(
                                settings.clusterCidr(cidr.family()).orElseThrow(), cidr.prefixLength()))
                        .toList();
        String name = "node-" + number;
        FakeKernel kernel = kernels.computeIfAbsent(
                name, key -> new FakeKernel("192.0.2." + number + "/24", "fd00:b::" + number + "/64"));
        MemoryStore store = stores.computeIfAbsent(name, hub::connect);
        OverlayNode node = OverlayNode.start(
                new OverlayNode.Parts(
                        name,
                        settings,
                        cidrs,
                        tunnelIps,
                        ranges,
                        refresh,
                        Duration.ofSeconds(30),
                        Duration.ofDays(1),
                        Set.of(NodeRecord.ACKNOWLEDGES)),
                store,
                kernel,
                (kind, object, detail) -> {
                    synchronized (events) {
                        events.add(name + " " + kind + " " + object);
                    }
                });
        nodes.add(node);
        return node;
    }

    List<String> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    @Override
    public void close() {
        nodes.forEach(OverlayNode::close);
    }
}
