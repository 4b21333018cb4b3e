package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.spi.NameChanges;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceChanges.SliceId;
import io.podnet.spi.ServiceProxyProvider;
import io.podnet.spi.StoreKey;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services of several nodes over one store, with proxies and resolvers that write down what they are told. */
final class ClusterFeedTest {
    private static final ServiceId WEB = new ServiceId("default", "web");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final NamespaceRef NAMESPACE = new OwnNamespace();

    @TempDir
    Path directory;

    private final MemoryHub hub = new MemoryHub();
    private final List<TestNode> nodes = new ArrayList<>();

    /** A node's services without its pods' networks. */
    private final class TestNode {
        private final MemoryStore store;
        private final StateDirectory state;
        private final RecordingResolver resolver = new RecordingResolver();
        private final NodeServices services;
        private boolean ended;

        TestNode(String name) {
            store = hub.connect(name);
            state = StateDirectory.open(directory.resolve(name));
            state.keep();
            List<Cidr> cidrs = List.of(Cidr.parse("10.96.0.0/24"));
            ProgrammedGenerations generations = new ProgrammedGenerations();
            ProxyHolder holder = new ProxyHolder(
                    Optional.of("recording"),
                    Providers.discover(ServiceProxyProvider.class, ClusterFeedTest.class.getClassLoader()),
                    state,
                    (path, settings) -> new ServiceProxyProvider.Context(
                            name, Optional.empty(), NAMESPACE, List.of(), cidrs, List.of(), path, settings),
                    Map.of(),
                    generations);
            services = NodeServices.join(
                    name,
                    List.of(IpFamily.IPV4),
                    new ServiceSettings(Optional.of("recording"), cidrs, List.of(), Optional.empty(), Map.of(), true),
                    holder,
                    generations,
                    new NodeNames(Optional.of(resolver)),
                    () -> {
                        throw new AssertionError("with a store nothing is allocated on the node's disk");
                    },
                    Optional.of(store));
            nodes.add(this);
        }

        TestNode start() {
            services.start(List.of());
            return this;
        }

        ServiceDesk desk() {
            return services.desk();
        }

        void pod(String name, String ip) {
            services.pods().up(PodSpec.of("default", name).label("app", "web").build(), List.of(IpAddress.parse(ip)));
        }

        void end() {
            if (!ended) {
                ended = true;
                services.close();
                store.close();
                state.close();
            }
        }

        Optional<RecordingProxy> proxy() {
            return Optional.ofNullable(RecordingProxyProvider.MADE.get(
                    state.root().resolve("service-proxy").resolve("recording")));
        }

        /** What the proxy knows after all steps, by service: addresses of ready endpoints. */
        Map<ServiceId, Set<String>> programmed() {
            Map<ServiceId, Set<String>> there = new TreeMap<>();
            Map<SliceId, EndpointSlice> slices = new HashMap<>();
            List<ServiceChanges> steps =
                    List.copyOf(proxy().map(made -> made.steps).orElse(List.of()));
            for (ServiceChanges step : steps) {
                if (step.complete()) {
                    there.clear();
                    slices.clear();
                }
                step.services().forEach(service -> there.put(service.id(), new TreeSet<>()));
                step.removedServices().forEach(there::remove);
                step.endpointSlices().forEach(slice -> slices.put(new SliceId(slice.service(), slice.name()), slice));
                step.removedEndpointSlices().forEach(slices::remove);
            }
            slices.values()
                    .forEach(slice -> slice.endpoints().stream()
                            .filter(EndpointSlice.Endpoint::ready)
                            .forEach(endpoint -> Objects.requireNonNull(
                                            there.getOrDefault(slice.service(), new TreeSet<>()))
                                    .add(endpoint.addresses().get(0).toString())));
            return there;
        }

        Map<String, String> names() {
            Map<String, String> pods = new TreeMap<>();
            for (NameChanges step : List.copyOf(resolver.steps)) {
                if (step.services().complete()) {
                    pods.clear();
                }
                step.pods()
                        .forEach(pod -> pods.put(
                                pod.spec().id().name(), pod.ips().get(0).toString()));
                step.removedPods().forEach(pod -> pods.remove(pod.name()));
            }
            return pods;
        }
    }

    @AfterEach
    void end() {
        nodes.forEach(TestNode::end);
    }

    private static ServiceSpecBuilder web() {
        return ServiceSpec.of("default", "web").selector("app", "web").port(80, 8080);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void awaitEndpoints(TestNode node, String... ips) throws InterruptedException {
        await(Set.of(ips) + "", () -> Map.of(WEB, Set.of(ips)).equals(node.programmed()));
    }

    @Test
    void aServiceOfOneNodeHasThePodsOfAllOnAll() throws Exception {
        TestNode a = new TestNode("node-a").start();
        TestNode b = new TestNode("node-b").start();
        a.pod("p", "10.244.1.2");
        b.pod("q", "10.244.2.2");
        Service service = a.desk().apply(web().build());
        awaitEndpoints(a, "10.244.1.2", "10.244.2.2");
        awaitEndpoints(b, "10.244.1.2", "10.244.2.2");
        await("names", () -> b.names().equals(Map.of("p", "10.244.1.2", "q", "10.244.2.2")));
        assertThat(b.desk().get(WEB).orElseThrow().service()).isEqualTo(service);
        assertThat(b.desk().awaitProgrammed(WEB, PATIENCE)).isTrue();

        b.services.pods().setReady(new PodId("default", "q"), false);
        awaitEndpoints(a, "10.244.1.2");
        a.services.gone(List.of(new PodId("default", "p")));
        b.services.pods().setReady(new PodId("default", "q"), true);
        awaitEndpoints(a, "10.244.2.2");
        awaitEndpoints(b, "10.244.2.2");
        await("the name is gone", () -> b.names().equals(Map.of("q", "10.244.2.2")));

        assertThat(b.desk().remove(WEB)).isTrue();
        await("gone", () -> a.programmed().isEmpty() && b.programmed().isEmpty());
        assertThat(a.store.list(StoreKey.of("allocations")).entries()).isEmpty();
    }

    @Test
    void aPodThatMovesHasTheNameOfItsNewNode() throws Exception {
        TestNode a = new TestNode("node-a").start();
        TestNode b = new TestNode("node-b").start();
        TestNode c = new TestNode("node-c").start();
        a.pod("p", "10.244.1.2");
        await("on a", () -> c.names().equals(Map.of("p", "10.244.1.2")));
        b.pod("p", "10.244.2.2");
        a.services.gone(List.of(new PodId("default", "p")));
        await(
                "on b",
                () -> c.names().equals(Map.of("p", "10.244.2.2")) && a.names().equals(Map.of("p", "10.244.2.2")));
        assertThat(b.names()).isEqualTo(Map.of("p", "10.244.2.2"));
    }

    @Test
    void clusterIpsAreUniqueAndGoWithTheLastWhoWantsTheService() throws Exception {
        TestNode a = new TestNode("node-a").start();
        TestNode b = new TestNode("node-b").start();
        Set<IpAddress> ips = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            TestNode node = i % 2 == 0 ? a : b;
            Service service = node.desk()
                    .apply(ServiceSpec.of("default", "s" + i)
                            .selector("app", "s" + i)
                            .type(Service.Type.NODE_PORT)
                            .port(80, 8080)
                            .build());
            ips.add(service.clusterIps().get(0));
            ports.add(service.ports().get(0).nodePort().orElseThrow());
        }
        assertThat(ips).hasSize(60);
        assertThat(ports).hasSize(60);
        IpAddress taken = ips.iterator().next();
        assertThatThrownBy(() -> b.desk().apply(web().clusterIp(taken).build()))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining(taken.toString())
                .hasMessageContaining("belongs to service default/s");
        assertThat(a.store.get(StoreKey.of("services", "service", "default", "web")))
                .isEmpty();

        // Both want it; it stays until neither does.
        ServiceSpec spec = web().build();
        Service first = a.desk().replaceAll(List.of(spec), List.of()).services().get(WEB);
        assertThat(b.desk().replaceAll(List.of(spec), List.of()).services().get(WEB))
                .isEqualTo(first);
        await("only web", () -> a.programmed().keySet().equals(Set.of(WEB)));
        a.desk().replaceAll(List.of(), List.of());
        assertThat(b.store.get(StoreKey.of("services", "service", "default", "web")))
                .isPresent();
        b.desk().replaceAll(List.of(), List.of());
        await("none", () -> a.programmed().isEmpty() && b.programmed().isEmpty());
        assertThat(a.store.list(StoreKey.of("allocations")).entries()).isEmpty();
        assertThat(a.store.list(StoreKey.of("services", "service")).entries()).isEmpty();
    }

    @Test
    void aStoreThatIsAwayChangesNothingAndWhatHappenedMeanwhileIsToldLater() throws Exception {
        TestNode a = new TestNode("node-a").start();
        TestNode b = new TestNode("node-b").start();
        a.pod("p", "10.244.1.2");
        a.desk().apply(web().build());
        awaitEndpoints(b, "10.244.1.2");
        int steps = b.proxy().orElseThrow().steps.size();
        a.store.cut();
        b.store.cut();
        a.pod("r", "10.244.1.3");
        awaitEndpoints(a, "10.244.1.2", "10.244.1.3");
        assertThatThrownBy(() -> a.desk()
                        .apply(ServiceSpec.of("default", "db").port(80, 80).build()))
                .isInstanceOf(PodnetException.TimedOut.class);
        ServicesResult refused = a.desk().replaceAll(List.of(), List.of());
        assertThat(refused.refused()).isEmpty();
        assertThat(a.programmed()).containsKey(WEB);
        assertThat(b.proxy().orElseThrow().steps).hasSize(steps);
        b.store.heal();
        a.store.heal();
        awaitEndpoints(b, "10.244.1.2", "10.244.1.3");
    }

    @Test
    void whatANodeLeftStaysUntilItsNextProcessKnowsMore() throws Exception {
        TestNode a = new TestNode("node-a").start();
        TestNode b = new TestNode("node-b").start();
        a.pod("p", "10.244.1.2");
        a.pod("q", "10.244.1.3");
        a.desk().apply(web().build());
        awaitEndpoints(b, "10.244.1.2", "10.244.1.3");
        a.end();
        int steps = b.proxy().orElseThrow().steps.size();
        // The next process finds one pod again.
        TestNode again = new TestNode("node-a");
        again.pod("p", "10.244.1.2");
        again.start();
        awaitEndpoints(b, "10.244.1.2");
        awaitEndpoints(again, "10.244.1.2");
        assertThat(b.proxy().orElseThrow().steps)
                .as("the pod that stayed never went")
                .hasSize(steps + 1);
    }

    @Test
    void whatSomebodyElseChangedOfANodeIsPutRight() throws Exception {
        TestNode a = new TestNode("node-a").start();
        TestNode b = new TestNode("node-b").start();
        a.pod("p", "10.244.1.2");
        a.desk().apply(web().build());
        awaitEndpoints(b, "10.244.1.2");
        hub.killSessions("services.node-a");
        await(
                "again there",
                () -> !b.store
                        .list(StoreKey.of("services", "endpoints", "node-a"))
                        .entries()
                        .isEmpty());
        awaitEndpoints(b, "10.244.1.2");
    }

    @Test
    void aNodeThatRemovesAllLeavesNothingToTheOthers() throws Exception {
        TestNode a = new TestNode("node-a").start();
        TestNode b = new TestNode("node-b").start();
        a.pod("p", "10.244.1.2");
        b.pod("q", "10.244.2.2");
        b.desk().apply(web().build());
        awaitEndpoints(b, "10.244.1.2", "10.244.2.2");
        await("a has it", () -> a.proxy().isPresent());
        a.services.gone(List.of(new PodId("default", "p")));
        a.services.removeAll();
        assertThat(a.proxy().orElseThrow().cleaned).isTrue();
        awaitEndpoints(b, "10.244.2.2");
        assertThat(b.store.list(StoreKey.of("services", "endpoints", "node-a")).entries())
                .isEmpty();
        assertThat(b.store.list(StoreKey.of("pods", "node-a")).entries()).isEmpty();
    }

    @Test
    void aHundredAndOnePodsOfANodeAreTwoEntriesAndAHandMadeSliceIsSeenByAll() throws Exception {
        TestNode a = new TestNode("node-a").start();
        TestNode b = new TestNode("node-b").start();
        a.desk().apply(web().build());
        for (int i = 0; i < 101; i++) {
            a.pod("p" + i, "10.244.1." + (i + 2));
        }
        await("all", () -> b.programmed().getOrDefault(WEB, Set.of()).size() == 101);
        assertThat(b.store.list(StoreKey.of("services", "endpoints", "node-a")).entries())
                .hasSize(2);

        b.desk().apply(ServiceSpec.of("default", "db").port(80, 8080).build());
        ServiceId db = new ServiceId("default", "db");
        b.desk()
                .applyEndpointSlice(new EndpointSlice(
                        "db-1",
                        db,
                        IpFamily.IPV4,
                        List.of(new EndpointSlice.Endpoint(
                                List.of(IpAddress.parse("192.0.2.7")),
                                true,
                                true,
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                Optional.empty())),
                        List.of(new EndpointSlice.Port("", Protocol.TCP, java.util.OptionalInt.of(80)))));
        await("the slice", () -> a.programmed().getOrDefault(db, Set.of()).equals(Set.of("192.0.2.7")));
        assertThat(a.desk().removeEndpointSlice(db, "db-1")).isTrue();
        await("no slice", () -> b.programmed().getOrDefault(db, Set.of("?")).isEmpty());
    }
}
