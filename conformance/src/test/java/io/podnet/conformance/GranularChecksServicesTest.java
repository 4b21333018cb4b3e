package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServicePort;
import io.podnet.api.ServiceSpec;
import java.io.Closeable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kubernetes' test/e2e/network/networking.go; its dual-stack twin has the same names. The names
 * with sctp are in {@link SctpTest}.
 */
@ParameterizedClass
@EnumSource(Configuration.class)
class GranularChecksServicesTest {
    @RegisterExtension
    final Scene scene;

    GranularChecksServicesTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    @ParameterizedTest(name = "Networking Granular Checks: Services should function for pod-Service: {0}")
    @EnumSource
    void podsReachServices(Traffic traffic) throws Exception {
        Protocol protocol = traffic.protocol();
        List<TestPod> endpoints = scene.threeServers("netserver");
        TestPod client = scene.pod("client", scene.a());
        Service service = scene.apply(scene.service("netserver").type(Service.Type.NODE_PORT));
        IpAddress clusterIp = scene.clusterIp(service);
        Spread.requireEven(client.client(), protocol, clusterIp, Scene.PORT, endpoints);
        assertThat(client.client().ask(protocol, clusterIp, Scene.PORT).source())
                .contains(client.ip(scene.family()));
        for (LabNode node : List.of(scene.a(), scene.b())) {
            int nodePort = Scene.nodePort(service, protocol);
            Spread.requireEven(client.client(), protocol, node.ip(scene.family()), nodePort, endpoints);
            assertThat(client.client()
                            .ask(protocol, node.ip(scene.family()), nodePort)
                            .source())
                    .as("masqueraded by node " + node.name())
                    .isPresent()
                    .isNotEqualTo(Optional.of(client.ip(scene.family())));
        }
    }

    @ParameterizedTest(name = "Networking Granular Checks: Services should function for node-Service: {0}")
    @EnumSource
    void nodesReachServices(Traffic traffic) throws Exception {
        Protocol protocol = traffic.protocol();
        List<TestPod> endpoints = scene.threeServers("netserver");
        Service service = scene.apply(scene.service("netserver").type(Service.Type.NODE_PORT));
        Client client = scene.a().client();
        IpAddress nodeIp = scene.a().ip(scene.family());
        Spread.requireEven(client, protocol, scene.clusterIp(service), Scene.PORT, endpoints);
        Spread.requireEven(client, protocol, nodeIp, Scene.nodePort(service, protocol), endpoints);
        Set<IpAddress> own = Set.of(nodeIp, endpoints.get(0).gateway(scene.family()));
        for (int i = 0; i < 10; i++) {
            assertThat(own)
                    .contains(client.ask(protocol, scene.clusterIp(service), Scene.PORT)
                            .source()
                            .orElseThrow());
        }
    }

    @ParameterizedTest(name = "Networking Granular Checks: Services should function for endpoint-Service: {0}")
    @EnumSource
    void endpointsReachTheirService(Traffic traffic) throws Exception {
        Protocol protocol = traffic.protocol();
        List<TestPod> endpoints = scene.threeServers("netserver");
        Service service = scene.apply(scene.service("netserver").type(Service.Type.NODE_PORT));
        TestPod endpoint = endpoints.get(0);
        IpAddress nodeIp = scene.a().ip(scene.family());
        Spread.requireEven(endpoint.client(), protocol, scene.clusterIp(service), Scene.PORT, endpoints);
        Spread.requireEven(endpoint.client(), protocol, nodeIp, Scene.nodePort(service, protocol), endpoints);
        Set<String> seen = new HashSet<>();
        while (seen.size() < endpoints.size()) {
            Answer answer = endpoint.client().ask(protocol, scene.clusterIp(service), Scene.PORT);
            // Who reaches itself sees the node; an answer to its own address would never leave the pod.
            IpAddress expected = answer.server().equals(endpoint.name())
                    ? endpoint.gateway(scene.family())
                    : endpoint.ip(scene.family());
            assertThat(answer.source()).as(answer.server()).contains(expected);
            seen.add(answer.server());
        }
    }

    @Test
    @DisplayName(
            "Networking Granular Checks: Services should function for multiple endpoint-Services with same selector")
    void severalServicesOfOneSelector() throws Exception {
        List<TestPod> endpoints = scene.threeServers("netserver");
        Service first = scene.apply(scene.service("netserver").type(Service.Type.NODE_PORT));
        Service second =
                scene.apply(scene.service("second").selector("app", "netserver").type(Service.Type.NODE_PORT));
        Client client = endpoints.get(0).client();
        Spread.requireAll(client, Protocol.TCP, scene.clusterIp(first), Scene.PORT, endpoints);
        Spread.requireAll(client, Protocol.TCP, scene.clusterIp(second), Scene.PORT, endpoints);
        scene.delete(first);
        IpAddress gone = scene.clusterIp(first);
        Scene.eventually(
                "the first service is gone",
                () -> !client.briefly(Protocol.UDP, gone, Scene.PORT).isAnswered());
        Spread.requireAll(client, Protocol.TCP, scene.clusterIp(second), Scene.PORT, endpoints);
        int nodePort = Scene.nodePort(second, Protocol.TCP);
        Spread.requireAll(client, Protocol.TCP, scene.a().ip(scene.family()), nodePort, endpoints);
    }

    @ParameterizedTest(name = "Networking Granular Checks: Services should update endpoints: {0}")
    @EnumSource
    void updateEndpoints(Traffic traffic) throws Exception {
        Protocol protocol = traffic.protocol();
        List<TestPod> endpoints = scene.threeServers("netserver");
        TestPod client = scene.pod("client", scene.a());
        Service service = scene.apply(scene.service("netserver"));
        IpAddress clusterIp = scene.clusterIp(service);
        Spread.requireAll(client.client(), protocol, clusterIp, Scene.PORT, endpoints);
        endpoints.get(0).close();
        scene.settle();
        Spread.requireAll(client.client(), protocol, clusterIp, Scene.PORT, endpoints.subList(1, 3));
        TestPod added = scene.server("netserver", "netserver-4", scene.b());
        scene.settle();
        Spread.requireEven(
                client.client(), protocol, clusterIp, Scene.PORT, List.of(endpoints.get(1), endpoints.get(2), added));
    }

    @ParameterizedTest(name = "Networking Granular Checks: Services should update nodePort: {0} [Slow]")
    @EnumSource
    void updateNodePort(Traffic traffic) throws Exception {
        Protocol protocol = traffic.protocol();
        List<TestPod> endpoints = scene.threeServers("netserver");
        Service service = scene.apply(nodePortService(protocol, 30123));
        Client client = scene.outside();
        IpAddress nodeIp = scene.a().ip(scene.family());
        Spread.requireAll(client, protocol, nodeIp, 30123, endpoints);
        scene.apply(nodePortService(protocol, 30124));
        Spread.requireAll(client, protocol, nodeIp, 30124, endpoints);
        // Nothing else listens there: the node itself refuses.
        assertThat(client.askedAgainWhereLost(protocol, nodeIp, 30123)).isEqualTo(Answer.REFUSED);
        scene.delete(service);
        Scene.eventually(
                "the service is gone",
                () -> client.briefly(protocol, nodeIp, 30124).equals(Answer.REFUSED));
    }

    private ServiceSpec nodePortService(Protocol protocol, int nodePort) {
        return scene.bareService("netserver")
                .type(Service.Type.NODE_PORT)
                .port(new ServicePort(
                        "",
                        protocol,
                        Scene.PORT,
                        String.valueOf(Scene.TARGET_PORT),
                        OptionalInt.of(nodePort),
                        Optional.empty()))
                .build();
    }

    @ParameterizedTest(
            name =
                    "Networking Granular Checks: Services should function for client IP based session affinity: {0} [LinuxOnly]")
    @EnumSource
    void clientIpAffinity(Traffic traffic) throws Exception {
        Protocol protocol = traffic.protocol();
        scene.threeServers("netserver");
        TestPod client = scene.pod("client", scene.a());
        Service service = scene.apply(scene.service("netserver").sessionAffinity(10_800));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            seen.add(client.client()
                    .ask(protocol, scene.clusterIp(service), Scene.PORT)
                    .server());
        }
        assertThat(seen).hasSize(1).doesNotContain("");
    }

    @Test
    @DisplayName("Networking Granular Checks: Services should function for service endpoints using hostNetwork")
    void endpointsInTheHostNetwork() throws Exception {
        IpAddress nodeIp = scene.b().ip(scene.family());
        // A selector that no pod has: somebody else makes the endpoints.
        Service service = scene.applyOnly(
                scene.bareService("host-netserver").port(Scene.PORT, 9090).build());
        EndpointSlice.Endpoint endpoint = new EndpointSlice.Endpoint(
                List.of(nodeIp),
                true,
                true,
                false,
                Optional.empty(),
                Optional.of(scene.b().name()),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
        EndpointSlice slice = new EndpointSlice(
                "host-netserver",
                service.id(),
                scene.family(),
                List.of(endpoint),
                List.of(new EndpointSlice.Port("", Protocol.TCP, OptionalInt.of(9090))));
        scene.a().services().applyEndpointSlice(slice);
        scene.settle();
        TestPod near = scene.pod("near", scene.b());
        TestPod far = scene.pod("far", scene.a());
        try (Closeable server =
                scene.servers().open(scene.b().machine().sockets(), nodeIp, Protocol.TCP, 9090, "on-the-host")) {
            IpAddress clusterIp = scene.clusterIp(service);
            List<String> answers = List.of(
                            near.client(),
                            far.client(),
                            scene.a().client(),
                            scene.b().client())
                    .stream()
                    .map(client -> client.tcp(clusterIp, Scene.PORT).server())
                    .collect(Collectors.toList());
            assertThat(answers).containsOnly("on-the-host");
        }
    }
}
