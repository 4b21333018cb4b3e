package io.podnet.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.Protocol;
import io.podnet.api.ServiceId;
import io.podnet.api.ServiceSpec;
import io.podnet.api.ServiceSpecBuilder;
import io.podnet.spi.ServiceChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EndpointsControllerTest {
    private static final ServiceId WEB = new ServiceId("default", "web");

    private final EndpointsController controller = new EndpointsController();

    private static ServiceSpecBuilder web() {
        return ServiceSpec.of("default", "web").selector("app", "web");
    }

    private static SelectedService selected(ServiceSpecBuilder builder, IpFamily... families) {
        return new SelectedService(
                builder.build().service(), families.length == 0 ? List.of(IpFamily.IPV4) : List.of(families));
    }

    private static PodSpec.Builder pod(String name) {
        return PodSpec.of("default", name).label("app", "web");
    }

    private static EndpointPod ready(PodSpec.Builder spec, String... ips) {
        return state(spec, true, false, false, ips);
    }

    private static EndpointPod state(
            PodSpec.Builder spec, boolean ready, boolean terminating, boolean terminal, String... ips) {
        return new EndpointPod(
                spec.build(),
                List.of(ips).stream().map(IpAddress::parse).toList(),
                Optional.of("node-a"),
                Optional.of("zone-1"),
                ready,
                terminating,
                terminal);
    }

    private List<EndpointSlice> slices() {
        return controller.step().map(ServiceChanges::endpointSlices).orElse(List.of());
    }

    private EndpointSlice.Endpoint onlyEndpoint() {
        assertThat(slices()).hasSize(1);
        assertThat(controller.slices(WEB)).hasSize(1);
        assertThat(controller.slices(WEB).get(0).endpoints()).hasSize(1);
        return controller.slices(WEB).get(0).endpoints().get(0);
    }

    @Test
    void readyPodsWithTheLabelsAreEndpoints() {
        controller.put(selected(web().port(80, 8080)));
        controller.put(ready(pod("b").label("more", "labels"), "10.0.0.2"));
        controller.put(ready(pod("a"), "10.0.0.1"));
        controller.put(ready(PodSpec.of("default", "other").label("app", "db"), "10.0.0.3"));
        controller.put(ready(PodSpec.of("elsewhere", "a").label("app", "web"), "10.0.0.4"));

        EndpointSlice slice = slices().get(0);

        assertThat(slice.service()).isEqualTo(WEB);
        assertThat(slice.addressType()).isEqualTo(IpFamily.IPV4);
        assertThat(slice.ports()).containsExactly(new EndpointSlice.Port("", Protocol.TCP, OptionalInt.of(8080)));
        assertThat(slice.endpoints())
                .map(endpoint -> endpoint.target().orElseThrow().name())
                .containsExactly("a", "b");
        assertThat(slice.endpoints().get(0))
                .isEqualTo(new EndpointSlice.Endpoint(
                        List.of(IpAddress.parse("10.0.0.1")),
                        true,
                        true,
                        false,
                        Optional.empty(),
                        Optional.of("node-a"),
                        Optional.of("zone-1"),
                        List.of(),
                        List.of(),
                        Optional.of(new PodId("default", "a"))));
    }

    @Test
    void aPodThatIsNotReadyIsListedAsSuch() {
        controller.put(selected(web().port(80, 80)));
        controller.put(state(pod("a"), false, false, false, "10.0.0.1"));

        EndpointSlice.Endpoint endpoint = onlyEndpoint();

        assertThat(endpoint.ready()).isFalse();
        assertThat(endpoint.serving()).isFalse();
        assertThat(endpoint.terminating()).isFalse();
    }

    @Test
    void aTerminatingPodServesButIsNotReady() {
        controller.put(selected(web().port(80, 80)));
        controller.put(state(pod("a"), true, true, false, "10.0.0.1"));

        EndpointSlice.Endpoint endpoint = onlyEndpoint();

        assertThat(endpoint.ready()).isFalse();
        assertThat(endpoint.serving()).isTrue();
        assertThat(endpoint.terminating()).isTrue();
    }

    @Test
    void notReadyAddressesArePublishedOnRequestEvenOfTerminatingPods() {
        controller.put(selected(web().port(80, 80).publishNotReadyAddresses(true)));
        controller.put(state(pod("a"), false, true, false, "10.0.0.1"));

        EndpointSlice.Endpoint endpoint = onlyEndpoint();

        assertThat(endpoint.ready()).isTrue();
        assertThat(endpoint.serving()).isFalse();
        assertThat(endpoint.terminating()).isTrue();
    }

    @Test
    void podsThatEndedOrHaveNoAddressAreNoEndpoints() {
        controller.put(selected(web().port(80, 80).publishNotReadyAddresses(true)));
        controller.put(state(pod("a"), false, false, true, "10.0.0.1"));
        controller.put(ready(pod("b")));

        assertThat(slices()).isEmpty();
    }

    @Test
    void aNamedTargetPortIsEachPodsOwn() {
        controller.put(selected(web().port("http", Protocol.TCP, 80, "web").port("dns", Protocol.UDP, 53, "web")));
        controller.put(ready(pod("a").containerPort("web", 8080, Protocol.TCP), "10.0.0.1"));
        controller.put(ready(pod("b").containerPort("web", 9090, Protocol.TCP), "10.0.0.2"));
        controller.put(ready(
                pod("c").containerPort("web", 8080, Protocol.TCP).containerPort("web", 5353, Protocol.UDP),
                "10.0.0.3"));
        controller.put(ready(pod("d").containerPort("other", 8080, Protocol.TCP), "10.0.0.4"));

        Map<String, String> portsByPod = new TreeMap<>();
        for (EndpointSlice slice : slices()) {
            slice.endpoints()
                    .forEach(endpoint -> portsByPod.put(
                            endpoint.target().orElseThrow().name(),
                            slice.ports().stream()
                                    .map(port -> port.name() + "=" + port.port().orElseThrow())
                                    .toList()
                                    .toString()));
        }

        assertThat(portsByPod)
                .isEqualTo(Map.of("a", "[http=8080]", "b", "[http=9090]", "c", "[http=8080, dns=5353]", "d", "[]"));
        assertThat(controller.slices(WEB)).map(EndpointSlice::name).doesNotHaveDuplicates();
    }

    @Test
    void eachFamilyHasItsSlice() {
        controller.put(selected(web().port(80, 80), IpFamily.IPV6, IpFamily.IPV4));
        controller.put(ready(pod("a"), "10.0.0.1", "fd00::1"));
        controller.put(ready(pod("b"), "10.0.0.2"));

        assertThat(slices())
                .extracting(
                        EndpointSlice::addressType, slice -> slice.endpoints().size())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(IpFamily.IPV4, 2),
                        org.assertj.core.groups.Tuple.tuple(IpFamily.IPV6, 1));
    }

    @Test
    void aHostnameCountsOnlyInTheServiceOfItsSubdomain() {
        controller.put(selected(web().headless().port(80, 80)));
        controller.put(ready(pod("a").hostname("one").subdomain("web"), "10.0.0.1"));
        controller.put(ready(pod("b").hostname("two").subdomain("other"), "10.0.0.2"));
        controller.put(ready(pod("c").subdomain("web"), "10.0.0.3"));

        assertThat(slices().get(0).endpoints())
                .map(EndpointSlice.Endpoint::hostname)
                .containsExactly(Optional.of("one"), Optional.empty(), Optional.empty());
    }

    @Test
    void trafficDistributionBecomesHintsOfReadyEndpoints() {
        controller.put(selected(web().port(80, 80).trafficDistribution("PreferSameNode")));
        controller.put(ready(pod("a"), "10.0.0.1"));
        controller.put(state(pod("b"), false, false, false, "10.0.0.2"));

        List<EndpointSlice.Endpoint> endpoints = slices().get(0).endpoints();
        assertThat(endpoints.get(0).hintNodes()).containsExactly("node-a");
        assertThat(endpoints.get(0).hintZones()).containsExactly("zone-1");
        assertThat(endpoints.get(1).hintNodes()).isEmpty();
        assertThat(endpoints.get(1).hintZones()).isEmpty();

        controller.put(selected(web().port(80, 80).trafficDistribution("PreferClose")));
        EndpointSlice.Endpoint close = slices().get(0).endpoints().get(0);
        assertThat(close.hintNodes()).isEmpty();
        assertThat(close.hintZones()).containsExactly("zone-1");
    }

    @Test
    void aServiceWithoutSelectorHasWhatSomebodyElseMakes() {
        controller.put(selected(ServiceSpec.of("default", "web").port(80, 80)));
        controller.put(ready(pod("a"), "10.0.0.1"));
        assertThat(slices()).isEmpty();

        EndpointSlice made = new EndpointSlice("made", WEB, IpFamily.IPV4, List.of(), List.of());
        controller.put(made);
        assertThat(slices()).containsExactly(made);

        controller.removeService(WEB);
        assertThat(controller.step().orElseThrow().removedServices()).containsExactly(WEB);
        assertThat(controller.slices(WEB)).containsExactly(made);
        assertThat(controller.removeSlice(WEB, "made")).isTrue();
        assertThat(controller.removeSlice(WEB, "made")).isFalse();
        assertThat(controller.step().orElseThrow().removedEndpointSlices())
                .containsExactly(new ServiceChanges.SliceId(WEB, "made"));
    }

    @Test
    void aPodsChangeTouchesTheServicesThatSelectItOnly() {
        controller.put(selected(web().port(80, 80)));
        controller.put(
                selected(ServiceSpec.of("default", "db").selector("app", "db").port(80, 80)));
        controller.put(selected(web().port(80, 80).selector("tier", "front")));
        controller.put(ready(PodSpec.of("default", "db").label("app", "db"), "10.0.0.9"));
        controller.step();

        controller.put(ready(pod("a").label("tier", "front"), "10.0.0.1"));
        ServiceChanges step = controller.step().orElseThrow();
        assertThat(step.complete()).isFalse();
        assertThat(step.services()).isEmpty();
        assertThat(step.endpointSlices()).map(EndpointSlice::service).containsExactly(WEB);

        controller.put(ready(pod("a").label("tier", "front"), "10.0.0.1"));
        assertThat(controller.step()).as("nothing changed").isEmpty();

        // Its label goes: the service it had forgets it.
        controller.put(ready(pod("a"), "10.0.0.1"));
        assertThat(controller.step().orElseThrow().removedEndpointSlices()).hasSize(1);
    }

    @Test
    void whatComesAndGoesBetweenTwoStepsIsNoStep() {
        controller.put(selected(web().port(80, 80)));
        controller.put(ready(pod("a"), "10.0.0.1"));
        controller.step();

        controller.removePod(new PodId("default", "a"));
        controller.put(ready(pod("a"), "10.0.0.1"));
        assertThat(controller.step()).isEmpty();
    }

    @Test
    void aPreviewTakesNothing() {
        controller.put(ready(pod("a"), "10.0.0.1"));
        ServiceChanges preview =
                controller.preview(selected(web().port(80, 80))).orElseThrow();
        assertThat(preview.services()).hasSize(1);
        assertThat(preview.endpointSlices()).hasSize(1);
        assertThat(controller.step()).isEmpty();
        assertThat(controller.services()).isEmpty();
    }

    /** The steps, applied one after the other, are the complete picture, and that does not depend on the way to it. */
    @Test
    void manyRandomStepsAddUpToTheCompletePicture() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<ServiceId, Object> services = new TreeMap<>();
        Map<String, EndpointSlice> slices = new TreeMap<>();
        Map<String, EndpointPod> pods = new TreeMap<>();
        Map<String, SelectedService> wanted = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            String name = "x" + random.nextInt(20);
            switch (random.nextInt(5)) {
                case 0 -> {
                    SelectedService service = selected(ServiceSpec.of("default", name)
                            .selector("k" + random.nextInt(2), "v" + random.nextInt(3))
                            .port(80, 8000 + random.nextInt(2)));
                    wanted.put(name, service);
                    controller.put(service);
                }
                case 1 -> {
                    wanted.remove(name);
                    controller.removeService(new ServiceId("default", name));
                }
                case 2 -> {
                    pods.remove(name);
                    controller.removePod(new PodId("default", name));
                }
                default -> {
                    PodSpec.Builder spec = PodSpec.of("default", name)
                            .label("k0", "v" + random.nextInt(3))
                            .label("k1", "v" + random.nextInt(3));
                    EndpointPod pod = state(
                            spec,
                            random.nextBoolean(),
                            random.nextInt(4) == 0,
                            random.nextInt(9) == 0,
                            "10.0.0." + (1 + random.nextInt(200)));
                    pods.put(name, pod);
                    controller.put(pod);
                }
            }
            if (random.nextInt(3) == 0) {
                controller.step().ifPresent(step -> {
                    step.services().forEach(service -> services.put(service.id(), service));
                    step.removedServices().forEach(services::remove);
                    step.endpointSlices().forEach(slice -> slices.put(slice.service() + "/" + slice.name(), slice));
                    step.removedEndpointSlices().forEach(id -> slices.remove(id.service() + "/" + id.name()));
                });
                ServiceChanges complete = controller.complete();
                assertThat(complete.services()).as("seed %s", seed).isEqualTo(new ArrayList<>(services.values()));
                assertThat(complete.endpointSlices())
                        .as("seed %s", seed)
                        .containsExactlyInAnyOrderElementsOf(slices.values());
            }
        }
        controller.step();
        EndpointsController fresh = new EndpointsController();
        wanted.values().forEach(fresh::put);
        pods.values().forEach(fresh::put);
        fresh.step();
        assertThat(controller.complete()).as("seed %s", seed).isEqualTo(fresh.complete());
    }
}
