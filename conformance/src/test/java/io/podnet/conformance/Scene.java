package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.IpFamilyPolicy;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;
import io.podnet.api.ServiceSpecBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One test's part of a lab: a Kubernetes namespace with pods and services, which go when the test ends. Nodes are shared
 * by all tests of a kind of tools.
 */
final class Scene implements BeforeEachCallback, AfterEachCallback {
    /** Where servers listen, TCP and UDP. */
    static final int TARGET_PORT = 8080;
    /** The services' port. */
    static final int PORT = 80;

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String ELSEWHERE = "-on-";

    private final Configuration configuration;
    private final List<TestPod> pods = new ArrayList<>();
    private final Set<ServiceId> services = new LinkedHashSet<>();
    private Lab lab;
    private String namespace;

    Scene(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        lab = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Lab.class))
                .computeIfAbsent(
                        configuration.backend(),
                        backend -> {
                            try {
                                return new Lab(backend);
                            } catch (IOException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Lab.class);
        namespace = lab.newNamespace();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (ServiceId service : services) {
            lab.nodes().forEach(node -> remove(node, service));
        }
        for (TestPod pod : pods) {
            pod.close();
        }
    }

    private static void remove(LabNode node, ServiceId service) {
        node.services()
                .get(service)
                .ifPresent(status -> status.endpointSlices().stream()
                        .map(EndpointSlice::name)
                        .forEach(slice -> node.services().removeEndpointSlice(service, slice)));
        node.services().remove(service);
    }

    IpFamily family() {
        return configuration.family();
    }

    Configuration configuration() {
        return configuration;
    }

    LabNode a() {
        return lab.a();
    }

    LabNode b() {
        return lab.b();
    }

    /** A node that shares the zone of b. */
    LabNode c() throws IOException, InterruptedException {
        return lab.c();
    }

    /** A client on the machine that is no node. */
    Client outside() {
        return lab.outside().client().from(Lab.OUTSIDE.get(family()));
    }

    Client outsideToo() {
        return lab.outside().client().from(Lab.OUTSIDE_TOO.get(family()));
    }

    IpAddress of(Map<IpFamily, IpAddress> addresses) {
        return addresses.get(family());
    }

    Servers servers() {
        return lab.servers();
    }

    /** A pod that serves nothing and that no service selects. */
    TestPod pod(String name, LabNode node) {
        return pod(name, node, spec -> spec);
    }

    TestPod pod(String name, LabNode node, UnaryOperator<PodSpec.Builder> more) {
        PodNetwork network =
                node.podnet().setUp(more.apply(PodSpec.of(namespace, name)).build());
        TestPod pod = new TestPod(node, network, lab.servers());
        pods.add(pod);
        return pod;
    }

    /** A pod with the label {@code app}, where servers of its name listen. */
    TestPod server(String app, String name, LabNode node) throws IOException {
        TestPod pod = pod(name, node, spec -> spec.label("app", app));
        pod.serve(Protocol.TCP, TARGET_PORT).serve(Protocol.UDP, TARGET_PORT);
        return pod;
    }

    /** Two servers on node a and one on b. */
    List<TestPod> threeServers(String app) throws IOException {
        return List.of(server(app, app + "-1", a()), server(app, app + "-2", a()), server(app, app + "-3", b()));
    }

    /** A service of both families, without ports yet, that selects the label {@code app} of its own name. */
    ServiceSpecBuilder bareService(String name) {
        return ServiceSpec.of(namespace, name).selector("app", name).ipFamilyPolicy(IpFamilyPolicy.REQUIRE_DUAL_STACK);
    }

    ServiceSpecBuilder service(String name) {
        return bareService(name)
                .port("tcp", Protocol.TCP, PORT, String.valueOf(TARGET_PORT))
                .port("udp", Protocol.UDP, PORT, String.valueOf(TARGET_PORT));
    }

    /** Brings a service to all nodes and waits until their kernels have it. */
    Service apply(ServiceSpecBuilder spec) {
        return apply(spec.build());
    }

    Service apply(ServiceSpec spec) {
        Service service = applyOnly(spec);
        settle();
        return service;
    }

    Service applyOnly(ServiceSpec spec) {
        services.add(spec.id());
        // The first node decides on addresses and ports, the way an API server does.
        Service service = a().services().apply(spec);
        lab.nodes().stream().skip(1).forEach(node -> node.services().apply(spec.withService(service)));
        return service;
    }

    void delete(Service service) {
        lab.nodes().forEach(node -> remove(node, service.id()));
        services.remove(service.id());
    }

    /** Tells each node the endpoints on the others, and waits until both kernels have everything. */
    void settle() {
        for (ServiceId service : services) {
            for (LabNode from : lab.nodes()) {
                lab.nodes().stream().filter(to -> to != from).forEach(to -> copyEndpoints(service, from, to));
            }
        }
        for (ServiceId service : services) {
            for (LabNode node : lab.nodes()) {
                assertThat(node.services().awaitProgrammed(service, BOUND))
                        .as(() -> service + " on node " + node.name() + ": "
                                + node.services().get(service))
                        .isTrue();
            }
        }
    }

    private static void copyEndpoints(ServiceId service, LabNode from, LabNode to) {
        Map<String, EndpointSlice> wanted = slices(service, from).stream()
                .filter(slice -> !slice.name().contains(ELSEWHERE))
                .map(slice -> new EndpointSlice(
                        slice.name() + ELSEWHERE + from.name(),
                        slice.service(),
                        slice.addressType(),
                        slice.endpoints(),
                        slice.ports()))
                .collect(Collectors.toMap(EndpointSlice::name, slice -> slice));
        for (EndpointSlice present : slices(service, to)) {
            if (!present.name().endsWith(ELSEWHERE + from.name())) {
                continue;
            }
            EndpointSlice slice = wanted.get(present.name());
            if (slice == null) {
                to.services().removeEndpointSlice(service, present.name());
            } else if (slice.equals(present)) {
                wanted.remove(present.name());
            }
        }
        wanted.values().forEach(slice -> to.services().applyEndpointSlice(slice));
    }

    private static List<EndpointSlice> slices(ServiceId service, LabNode node) {
        return node.services().get(service).orElseThrow().endpointSlices();
    }

    IpAddress clusterIp(Service service) {
        return service.clusterIps().stream()
                .filter(ip -> ip.family() == family())
                .findFirst()
                .orElseThrow();
    }

    static int nodePort(Service service, Protocol protocol) {
        return service.ports().stream()
                .filter(port -> port.protocol() == protocol)
                .findFirst()
                .orElseThrow()
                .nodePort()
                .orElseThrow();
    }

    /** Waits for what nothing announces, such as that a service is gone from the kernel. */
    static void eventually(String what, BooleanSupplier check) throws InterruptedException {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!check.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + BOUND.toSeconds() + " s: " + what);
            }
            Thread.sleep(20);
        }
    }
}
