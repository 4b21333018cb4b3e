package io.podnet.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.allocation.AllocationPlanner;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodnetException;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;
import io.podnet.cluster.ClusterServices;
import io.podnet.cluster.ClusterView;
import io.podnet.cluster.NodeSession;
import io.podnet.cluster.NodeShare;
import io.podnet.cluster.ViewStep;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.StoreKey;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.VirtualClock;
import io.podnet.testkit.store.Faults;
import io.podnet.testkit.store.FaultyStore;
import io.podnet.testkit.store.NodeCrash;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Nodes that make, change and remove services at random while the store and they themselves fail between any two steps. */
final class ClusterServicesStormTest {
    private static final int OPERATIONS = 20_000;
    private static final int NODES = 4;
    private static final int SERVICES = 24;
    // 14 addresses for 24 services.
    private static final Cidr RANGE = Cidr.parse("10.96.0.0/28");
    private static final Faults FAULTS = new Faults(20, 20, 20, 20, 0, 0, 0, 0);

    private final VirtualClock clock = new VirtualClock();
    private final MemoryHub hub = new MemoryHub(clock, Runnable::run, 64);
    private final ClusterStore observer = hub.connect("observer");
    private final Map<ServiceId, Service> seen = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    private record Node(String name, ClusterStore connection, ClusterServices services) {}

    private Node node(int number, Random random, Faults faults) {
        String name = "node-" + number;
        ClusterStore connection = hub.connect(name);
        FaultyStore store = new FaultyStore(connection, random.nextLong(), faults);
        return new Node(
                name,
                connection,
                new ClusterServices(
                        store,
                        new NodeSession(store, name),
                        new AllocationPlanner(List.of(RANGE), List.of(IpFamily.IPV4), random),
                        change -> {}));
    }

    private static ServiceSpec spec(int number, Random random) {
        var builder = ServiceSpec.of("default", "s" + number).port(80, 8080);
        if (random.nextBoolean()) {
            builder.type(Service.Type.NODE_PORT);
        }
        if (random.nextInt(8) == 0) {
            builder.clusterIp(IpAddress.parse("10.96.0." + (1 + random.nextInt(14))));
        }
        return builder.build();
    }

    @Test
    void noAddressIsGivenTwiceAndNoneIsLost() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        new ClusterView("observer", new NodeShare(observer, new NodeSession(observer, "observer")), this::see)
                .watchServices(observer);
        Node[] nodes = new Node[NODES];
        for (int i = 0; i < NODES; i++) {
            nodes[i] = node(i, random, FAULTS);
        }
        for (int i = 0; i < OPERATIONS; i++) {
            int at = random.nextInt(NODES);
            int service = random.nextInt(SERVICES);
            try {
                if (random.nextInt(3) > 0) {
                    nodes[at].services().apply(spec(service, random));
                    count("applied");
                } else {
                    nodes[at].services().remove(new ServiceId("default", "s" + service));
                    count("removed");
                }
            } catch (NodeCrash e) {
                count("crashed");
                nodes[at].connection().close();
                nodes[at] = node(at, random, FAULTS);
            } catch (PodnetException e) {
                count(e.getClass().getSimpleName());
            }
            check(seed, i);
            if (random.nextInt(100) == 0) {
                clock.advance(Duration.ofMinutes(6));
            }
        }
        assertThat(counts)
                .as("seed %s", seed)
                .containsKeys("applied", "removed", "crashed", "Conflict", "LimitReached");

        Node last = node(NODES, random, Faults.NONE);
        for (int i = 0; i < SERVICES; i++) {
            last.services().remove(new ServiceId("default", "s" + i));
        }
        for (int i = 0; i < 14; i++) {
            last.services()
                    .apply(ServiceSpec.of("other", "t" + i).port(80, 8080).build());
        }
        check(seed, OPERATIONS);
        assertThat(seen)
                .as("all addresses are free again, seed %s, %s", seed, counts)
                .hasSize(14);
        for (int i = 0; i < 14; i++) {
            last.services().remove(new ServiceId("other", "t" + i));
        }
        assertThat(observer.list(StoreKey.of("services", "service")).entries())
                .as("seed %s", seed)
                .isEmpty();
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void see(ViewStep step) {
        step.removed().forEach(item -> {
            if (item instanceof ViewStep.OfService gone) {
                seen.remove(gone.selected().service().id());
            }
        });
        step.present().forEach(item -> {
            if (item instanceof ViewStep.OfService there) {
                seen.put(there.selected().service().id(), there.selected().service());
            }
        });
    }

    private void check(long seed, int step) {
        Map<IpAddress, ServiceId> ips = new HashMap<>();
        Map<Integer, ServiceId> numbers = new HashMap<>();
        for (Service service : seen.values()) {
            IpAddress ip = service.clusterIps().get(0);
            assertThat(ips.put(ip, service.id()))
                    .as("%s twice, seed %s, step %s", ip, seed, step)
                    .isNull();
            OptionalInt number = service.ports().get(0).nodePort();
            if (number.isPresent()) {
                assertThat(numbers.put(number.getAsInt(), service.id()))
                        .as("%s twice, seed %s, step %s", number, seed, step)
                        .isNull();
            }
        }
    }
}
