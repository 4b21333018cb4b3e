package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.allocation.LocalServiceAllocator;
import io.podnet.endpoints.SelectedService;
import io.podnet.spi.NameResolver;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceChanges.SliceId;
import io.podnet.spi.ServiceProxy.ServiceProxyListener;
import io.podnet.spi.ServiceProxyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceDeskTest {
    private static final ServiceId WEB = new ServiceId("default", "web");
    private static final NamespaceRef NODE = new OwnNamespace();

    @TempDir
    Path directory;

    private final RecordingResolver names = new RecordingResolver();
    private Optional<NameResolver> resolver = Optional.empty();
    private StateDirectory state = null;
    private ServiceDesk desk = null;
    private PodEndpoints pods = null;

    @BeforeEach
    void start() {
        start(Optional.of("recording"), Map.of());
    }

    private void start(Optional<String> proxy, Map<String, String> options) {
        if (state != null) {
            desk.close();
            state.close();
        }
        state = StateDirectory.open(directory.resolve("state"));
        state.keep();
        List<Cidr> cidrs = List.of(Cidr.parse("10.96.0.0/16"));
        ProgrammedGenerations generations = new ProgrammedGenerations();
        ProxyHolder holder = new ProxyHolder(
                proxy,
                Providers.discover(ServiceProxyProvider.class, ServiceDeskTest.class.getClassLoader()),
                state,
                (path, settings) -> new ServiceProxyProvider.Context(
                        "node-a", Optional.empty(), NODE, List.of(), cidrs, List.of(), path, settings),
                options,
                generations);
        desk = new ServiceDesk(
                cidrs,
                new LocalServiceAllocator(
                        cidrs, List.of(), FileAllocationStore.open(state.directory("services")), new Random(3)),
                holder,
                generations,
                new NodeNames(resolver));
        pods = new PodEndpoints(desk, "node-a", Optional.empty(), true, Optional.empty());
        desk.start();
    }

    @AfterEach
    void stop() {
        desk.close();
        state.close();
    }

    private Path proxyDirectory() {
        return directory.resolve("state/service-proxy/recording");
    }

    private RecordingProxy proxy() {
        return Objects.requireNonNull(RecordingProxyProvider.MADE.get(
                state.root().resolve("service-proxy").resolve("recording")));
    }

    private boolean proxyWasMade() {
        return RecordingProxyProvider.MADE.containsKey(
                state.root().resolve("service-proxy").resolve("recording"));
    }

    private void forgetProxy() {
        RecordingProxyProvider.MADE.clear();
    }

    private static ServiceSpecBuilder web() {
        return ServiceSpec.of("default", "web").selector("app", "web").port(80, 8080);
    }

    private void pod(String name, String ip) {
        pods.up(PodSpec.of("default", name).label("app", "web").build(), List.of(IpAddress.parse(ip)));
    }

    private static EndpointSlice slice(String ip) {
        return slice(IpFamily.IPV4, ip, 80);
    }

    private static EndpointSlice slice(IpFamily family, String ip, int port) {
        return new EndpointSlice(
                "web-1",
                WEB,
                family,
                List.of(new EndpointSlice.Endpoint(
                        List.of(IpAddress.parse(ip)),
                        true,
                        true,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty())),
                List.of(new EndpointSlice.Port("", Protocol.TCP, OptionalInt.of(port))));
    }

    @Test
    void withoutServicesNoProxyIsMade() {
        pod("a", "10.244.1.2");
        assertThat(desk.apply(web().headless().build()).clusterIps()).isEmpty();
        assertThat(proxyWasMade()).isFalse();
        assertThat(proxyDirectory()).doesNotExist();
        assertThat(desk.status()).isEqualTo(Condition.READY);
        assertThat(desk.get(WEB).orElseThrow().programmed()).isTrue();
        assertThat(desk.awaitProgrammed(WEB, Duration.ZERO)).isTrue();
    }

    @Test
    void theFirstStepIsCompleteAndTheNextIsWhatChanged() {
        pod("a", "10.244.1.2");
        Service service = desk.apply(web().build());
        ServiceChanges first = proxy().last();
        assertThat(first.complete()).isTrue();
        assertThat(first.services()).containsExactly(service);
        assertThat(first.endpointSlices().get(0).endpoints()).hasSize(1);
        assertThat(service.clusterIps().get(0).toString()).startsWith("10.96.");

        pod("b", "10.244.1.3");
        assertThat(proxy().last().complete()).isFalse();
        assertThat(proxy().last().services()).isEmpty();
        assertThat(proxy().last().endpointSlices().get(0).endpoints()).hasSize(2);

        assertThat(desk.remove(WEB)).isTrue();
        assertThat(proxy().last().removedServices()).containsExactly(WEB);
        assertThat(proxy().last().removedEndpointSlices()).hasSize(1);
        assertThat(desk.remove(WEB)).isFalse();
        assertThat(proxy().steps).hasSize(3);
    }

    @Test
    void podsFlowByThemselves() {
        desk.apply(web().build());
        pod("a", "10.244.1.2");
        PodId a = new PodId("default", "a");
        pods.setReady(a, false);
        assertThat(endpoint().ready()).isFalse();
        pods.setReady(a, true);
        assertThat(endpoint().ready()).isTrue();
        pods.terminating(a);
        assertThat(endpoint().ready()).isFalse();
        assertThat(endpoint().serving()).isTrue();
        assertThat(endpoint().terminating()).isTrue();
        int steps = proxy().steps.size();
        pods.terminating(a);
        assertThat(proxy().steps).as("no change, no step").hasSize(steps);
        pods.ended(a);
        assertThat(desk.get(WEB).orElseThrow().endpointSlices()).isEmpty();
        pods.gone(List.of(a, new PodId("default", "unknown")));
        assertThatThrownBy(() -> pods.setReady(a, true)).isInstanceOf(PodnetException.NotFound.class);
    }

    private EndpointSlice.Endpoint endpoint() {
        return proxy().last().endpointSlices().get(0).endpoints().get(0);
    }

    @Test
    void aServiceIsProgrammedWhenTheKernelHasItsNewestState() {
        List<Long> heard = new ArrayList<>();
        desk.addListener(new ServiceProxyListener() {
            @Override
            public void onProgrammed(long generation) {
                heard.add(generation);
            }
        });
        desk.apply(web().build());
        assertThat(desk.get(WEB).orElseThrow().programmed()).isFalse();
        proxy().listeners
                .forEach(listener -> listener.onFailure(1, new PodnetException.TimedOut("the xtables lock is held")));
        assertThat(desk.get(WEB).orElseThrow().message()).isEqualTo("the xtables lock is held");
        proxy().programmed();
        assertThat(desk.get(WEB).orElseThrow().programmed()).isTrue();
        assertThat(desk.get(WEB).orElseThrow().message()).isEmpty();
        pod("a", "10.244.1.2");
        ServiceStatus status = desk.get(WEB).orElseThrow();
        assertThat(status.programmed()).isFalse();
        assertThat(status.generation()).isEqualTo(2);
        proxy().programmed();
        assertThat(desk.list()).allMatch(ServiceStatus::programmed);
        assertThat(heard).containsExactly(1L, 2L);
        assertThatThrownBy(() -> desk.awaitProgrammed(new ServiceId("a", "b"), Duration.ZERO))
                .isInstanceOf(PodnetException.NotFound.class);
    }

    @Test
    void aRefusedServiceChangesNothing() {
        Service before = desk.apply(web().type(Service.Type.NODE_PORT).build());
        proxy().refuses = true;
        assertThatThrownBy(() -> desk.apply(web().label("new", "one").build())).hasMessage("refused by policy");
        assertThatThrownBy(() -> desk.apply(ServiceSpec.of("default", "other")
                        .port(80, 80)
                        .clusterIp(IpAddress.parse("10.96.0.9"))
                        .build()))
                .hasMessage("refused by policy");
        proxy().refuses = false;
        assertThat(desk.list()).map(ServiceStatus::service).containsExactly(before);
        desk.apply(ServiceSpec.of("default", "third")
                .port(80, 80)
                .clusterIp(IpAddress.parse("10.96.0.9"))
                .build());
        assertThat(proxy().last().services()).map(Service::id).containsExactly(new ServiceId("default", "third"));
    }

    @Test
    void whatTheProxyRefusedOfPodsComesWithTheNextStepInFull() {
        desk.apply(web().build());
        proxy().refuses = true;
        pod("a", "10.244.1.2");
        proxy().refuses = false;
        pod("b", "10.244.1.3");
        assertThat(proxy().last().complete()).isTrue();
        assertThat(proxy().last().endpointSlices().get(0).endpoints()).hasSize(2);
    }

    @Test
    void aMissingToolRefusesTheServiceAndLeavesNothing() {
        start(Optional.of("recording"), Map.of("broken", "1"));
        assertThatThrownBy(() -> desk.apply(web().build())).hasMessageContaining("the tool is missing");
        assertThat(desk.list()).isEmpty();
        assertThat(proxyDirectory()).doesNotExist();
        ServicesResult result = desk.replaceAll(List.of(web().build()), List.of());
        assertThat(result.services()).containsKey(WEB);
        assertThat(desk.get(WEB).orElseThrow().message()).contains("the tool is missing");
        assertThat(desk.status().code()).isEqualTo(Condition.Code.NOT_READY);
    }

    @Test
    void afterARestartRulesStayUntilTheServicesAreKnown() {
        Service before = desk.apply(web().type(Service.Type.NODE_PORT).build());
        forgetProxy();
        start(Optional.of("recording"), Map.of());
        pod("a", "10.244.1.2");
        assertThat(proxyWasMade()).as("nobody is told anything yet").isFalse();

        Service other = new ServiceSpecBuilder(new ServiceId("default", "other"))
                .port(80, 80)
                .build()
                .service();
        ServicesResult result =
                desk.replaceAll(List.of(web().type(Service.Type.NODE_PORT).build(), ServiceSpec.of(other)), List.of());
        assertThat(result.services()).containsEntry(WEB, before);
        assertThat(proxy().steps).hasSize(1);
        assertThat(proxy().last().complete()).isTrue();
        assertThat(proxy().last().services()).hasSize(2);
        assertThat(proxy().last().endpointSlices()).hasSize(1);
    }

    @Test
    void aRestartWithoutServicesSweepsWhatIsLeft() {
        desk.apply(web().build());
        desk.remove(WEB);
        forgetProxy();
        start(Optional.of("recording"), Map.of());
        assertThat(proxy().last()).isEqualTo(ServiceChanges.complete(List.of(), List.of()));
    }

    @Test
    void aRestartWithAnotherProxyCleansUpAfterTheFormer() {
        desk.apply(web().build());
        forgetProxy();
        start(Optional.empty(), Map.of());
        assertThat(proxy().cleaned).isTrue();
        assertThat(proxy().closed).isTrue();
        assertThat(proxyDirectory()).doesNotExist();
        assertThat(desk.apply(web().build()).clusterIps()).hasSize(1);
        assertThat(desk.get(WEB).orElseThrow().programmed()).isFalse();
        assertThatThrownBy(() -> desk.proxy()).isInstanceOf(PodnetException.Unsupported.class);
    }

    @Test
    void replacingAllRemovesTheOthersAndStopsAtNobodysFault() {
        desk.apply(web().build());
        ServiceId good = new ServiceId("default", "good");
        ServiceId bad = new ServiceId("default", "bad");
        ServicesResult result = desk.replaceAll(
                List.of(
                        ServiceSpec.of("default", "bad")
                                .port(80, 80)
                                .clusterIp(IpAddress.parse("10.97.0.1"))
                                .build(),
                        ServiceSpec.of("default", "good").port(80, 80).build()),
                List.of(slice("127.0.0.1")));
        assertThat(result.services()).containsOnlyKeys(good);
        assertThat(result.refused()).containsOnlyKeys(bad);
        assertThat(result.refusedSlices()).containsOnlyKeys(new SliceId(WEB, "web-1"));
        assertThat(desk.list()).map(status -> status.service().id()).containsExactly(good);
        assertThat(desk.get(WEB)).isEmpty();
    }

    @Test
    void endpointsByHandMustBeReachable() {
        ServiceSpec service = ServiceSpec.of("default", "web").port(80, 80).build();
        desk.apply(service);
        for (String ip : List.of("127.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0", "10.96.0.1", "fd00::1")) {
            assertThatThrownBy(() -> desk.applyEndpointSlice(slice(ip)))
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContaining(ip);
        }
        for (EndpointSlice refusedByProxies : List.of(
                slice("255.255.255.255"),
                slice(IpFamily.IPV6, "::ffff:127.0.0.1", 80),
                slice(IpFamily.IPV4, "192.0.2.1", 0),
                slice(IpFamily.IPV4, "192.0.2.1", 65_536))) {
            assertThatThrownBy(() -> desk.applyEndpointSlice(refusedByProxies))
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContaining("web-1");
            assertThat(desk.replaceAll(List.of(service), List.of(refusedByProxies))
                            .refusedSlices())
                    .hasSize(1);
        }
        assertThat(proxy().steps).allMatch(step -> step.endpointSlices().isEmpty());
        desk.applyEndpointSlice(slice("192.0.2.1"));
        assertThat(proxy().last().endpointSlices()).hasSize(1);
        assertThat(desk.removeEndpointSlice(WEB, "web-1")).isTrue();
        assertThat(proxy().last().removedEndpointSlices()).hasSize(1);
    }

    @Test
    void aPodsUselessAddressKeepsNoOtherPodFromServing() {
        desk.apply(web().build());
        pods.up(
                PodSpec.of("default", "odd").label("app", "web").build(),
                List.of(IpAddress.parse("169.254.7.7"), IpAddress.parse("10.96.0.77"), IpAddress.parse("fd00::7")));
        pod("a", "10.244.1.2");
        assertThat(proxy().last().endpointSlices())
                .flatMap(EndpointSlice::endpoints)
                .flatMap(EndpointSlice.Endpoint::addresses)
                .containsExactly(IpAddress.parse("10.244.1.2"));
    }

    @Test
    void removeAllTakesTheRulesAndTheAllocations() throws IOException {
        desk.apply(web().build());
        RecordingProxy first = proxy();
        desk.removeAll();
        assertThat(first.cleaned).isTrue();
        assertThat(first.closed).isTrue();
        assertThat(proxyDirectory()).doesNotExist();
        assertThat(desk.list()).isEmpty();
        try (var files = Files.list(directory.resolve("state/services"))) {
            assertThat(files).isEmpty();
        }
        desk.apply(web().build());
        assertThat(proxy()).isNotSameAs(first);
        assertThat(proxy().last().complete()).isTrue();
    }

    @Test
    void aPlanTakesNothing() {
        assertThat(desk.plan(web().build()).steps()).hasSize(1);
        assertThat(desk.list()).isEmpty();
        assertThat(proxy().steps).isEmpty();
        desk.apply(ServiceSpec.of("default", "other").port(80, 80).build());
        assertThat(desk.plan(web().build()).steps()).hasSize(1);
        proxy().refuses = true;
        pod("a", "10.244.1.2");
        desk.controller()
                .put(new SelectedService(
                        ServiceSpec.of("default", "odd").port(80, 80).build().service(), List.of(IpFamily.IPV4)));
        desk.podsChanged();
        assertThat(desk.plan(web().build()).steps())
                .as("what the proxy did not take is planned too")
                .hasSize(3);
    }

    @Test
    void theResolverIsToldTheSameAndPodsAndNamespacesToo() {
        resolver = Optional.of(names);
        start(Optional.of("recording"), Map.of());
        assertThat(names.last().services().complete()).as("at once").isTrue();
        assertThat(names.last().namespaces()).isEmpty();

        pod("a", "10.244.1.2");
        assertThat(names.last().services().complete()).isFalse();
        assertThat(names.last().pods())
                .map(pod -> pod.spec().id() + " " + pod.ips())
                .containsExactly("default/a [10.244.1.2]");
        assertThat(names.last().namespaces()).containsExactly("default");

        desk.apply(web().build());
        assertThat(names.last().services().services()).isEqualTo(proxy().last().services());
        assertThat(names.last().services().endpointSlices())
                .isEqualTo(proxy().last().endpointSlices());
        assertThat(names.last().pods()).isEmpty();

        desk.namespaces(List.of("empty"));
        assertThat(names.last().namespaces()).containsExactlyInAnyOrder("default", "empty");
        int before = names.steps.size();
        desk.namespaces(List.of("empty"));
        assertThat(names.steps).as("nothing new, nothing told").hasSize(before);

        PodId a = new PodId("default", "a");
        pods.ended(a);
        assertThat(names.last().removedPods()).as("it ended").containsExactly(a);
        desk.remove(WEB);
        assertThat(names.last().services().removedServices()).containsExactly(WEB);
        assertThat(names.last().removedPods()).isEmpty();
        assertThat(names.last().namespaces()).as("with a pod that ended").containsExactlyInAnyOrder("default", "empty");
        pods.gone(List.of(a));
        assertThat(names.last().namespaces()).containsExactly("empty");
    }

    @Test
    void aServiceThatTheResolverRefusesIsTakenBackAndTheNextStepIsComplete() {
        resolver = Optional.of(names);
        start(Optional.of("recording"), Map.of());
        names.refuses = true;
        assertThatThrownBy(() -> desk.apply(web().build())).isInstanceOf(PodnetException.Invalid.class);
        assertThat(desk.list()).isEmpty();
        assertThat(proxyWasMade()).isFalse();
        names.refuses = false;
        pod("a", "10.244.1.2");
        assertThat(names.last().services().complete()).isTrue();
        assertThat(names.last().pods()).hasSize(1);
        assertThat(names.last().services().services()).isEmpty();
    }

    @Test
    void namesOfAnEarlierProcessAreNotDeniedBeforeTheCallerSaidWhichStay() {
        desk.apply(web().build());
        resolver = Optional.of(names);
        start(Optional.of("recording"), Map.of());
        pod("a", "10.244.1.2");
        assertThat(names.steps).isEmpty();
        desk.replaceAll(List.of(web().build()), List.of());
        assertThat(names.steps).hasSize(1);
        assertThat(names.last().services().services()).hasSize(1);
        assertThat(names.last().pods()).hasSize(1);
        desk.removeAll();
        assertThat(names.last().services().complete()).isTrue();
        assertThat(names.last().services().services()).isEmpty();
    }
}
