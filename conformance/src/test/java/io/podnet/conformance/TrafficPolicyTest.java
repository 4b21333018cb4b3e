package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.api.ServiceSpecBuilder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kubernetes' test/e2e/network/service.go and loadbalancer.go: traffic policies, external addresses and load balancers.
 * The balancer is a route: the machine outside sends an address to one node.
 */
@ParameterizedClass
@EnumSource(Configuration.class)
class TrafficPolicyTest {
    private static final String NAME = "web";

    @RegisterExtension
    final Scene scene;

    TrafficPolicyTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    private IpAddress nodeA() {
        return scene.a().ip(scene.family());
    }

    private IpAddress nodeB() {
        return scene.b().ip(scene.family());
    }

    @Test
    @DisplayName("Services should respect internalTrafficPolicy=Local Pod to Pod")
    void internalLocalPod() throws Exception {
        TestPod server = scene.server(NAME, "pod1", scene.a());
        TestPod near = scene.pod("near", scene.a());
        TestPod far = scene.pod("far", scene.b());
        Service service = scene.apply(scene.service(NAME).internalTrafficPolicy(TrafficPolicy.LOCAL));
        Spread.requireAll(near.client(), Protocol.TCP, scene.clusterIp(service), Scene.PORT, List.of(server));
        assertThat(far.client().briefly(Protocol.UDP, scene.clusterIp(service), Scene.PORT))
                .isEqualTo(Answer.TIMED_OUT);
    }

    @Test
    @DisplayName("Services should respect internalTrafficPolicy=Local Pod (hostNetwork: true) to Pod")
    void internalLocalHost() throws Exception {
        TestPod server = scene.server(NAME, "pod1", scene.a());
        Service service = scene.apply(scene.service(NAME).internalTrafficPolicy(TrafficPolicy.LOCAL));
        Spread.requireAll(scene.a().client(), Protocol.TCP, scene.clusterIp(service), Scene.PORT, List.of(server));
        assertThat(scene.b().client().briefly(Protocol.UDP, scene.clusterIp(service), Scene.PORT))
                .isEqualTo(Answer.TIMED_OUT);
    }

    @Test
    @DisplayName("Services should support externalTrafficPolicy=Local for type=NodePort")
    void externalLocalNodePort() throws Exception {
        nodePortsAreLocal();
    }

    @Test
    @DisplayName("LoadBalancers ExternalTrafficPolicy: Local should work for type=NodePort")
    void loadBalancersNodePort() throws Exception {
        nodePortsAreLocal();
    }

    private void nodePortsAreLocal() throws Exception {
        TestPod server = scene.server(NAME, "pod1", scene.a());
        Service service = scene.apply(
                scene.service(NAME).type(Service.Type.NODE_PORT).externalTrafficPolicy(TrafficPolicy.LOCAL));
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            int nodePort = Scene.nodePort(service, protocol);
            assertThat(scene.outside().ask(protocol, nodeA(), nodePort))
                    .isEqualTo(Answer.of(server.name(), scene.of(Lab.OUTSIDE)));
            assertThat(scene.outsideToo().ask(protocol, nodeA(), nodePort))
                    .isEqualTo(Answer.of(server.name(), scene.of(Lab.OUTSIDE_TOO)));
            // Dropped, not refused: a balancer that lags behind should try again.
            assertThat(scene.outside().briefly(protocol, nodeB(), nodePort)).isEqualTo(Answer.TIMED_OUT);
        }
    }

    private ServiceSpecBuilder loadBalancer(TrafficPolicy external, List<Cidr> sourceRanges, OptionalInt healthCheck) {
        return scene.service(NAME)
                .type(Service.Type.LOAD_BALANCER)
                .externalTrafficPolicy(external)
                .loadBalancer(new Service.LoadBalancer(
                        List.of(
                                new Service.Ingress(scene.of(Lab.EXTERNAL_AT_A), false),
                                new Service.Ingress(scene.of(Lab.EXTERNAL_AT_B), false)),
                        sourceRanges,
                        healthCheck));
    }

    @Test
    @DisplayName("LoadBalancers ExternalTrafficPolicy: Local should work for type=LoadBalancer")
    void externalLocalLoadBalancer() throws Exception {
        TestPod server = scene.server(NAME, "pod1", scene.a());
        scene.apply(loadBalancer(TrafficPolicy.LOCAL, List.of(), OptionalInt.empty()));
        assertThat(scene.outside().tcp(scene.of(Lab.EXTERNAL_AT_A), Scene.PORT))
                .isEqualTo(Answer.of(server.name(), scene.of(Lab.OUTSIDE)));
        assertThat(scene.outside().briefly(Protocol.UDP, scene.of(Lab.EXTERNAL_AT_B), Scene.PORT))
                .isEqualTo(Answer.TIMED_OUT);
    }

    @Test
    @DisplayName("LoadBalancers ExternalTrafficPolicy: Local should only target nodes with endpoints")
    void onlyNodesWithEndpoints() throws Exception {
        TestPod server = scene.server(NAME, "pod1", scene.a());
        Service service = scene.apply(loadBalancer(TrafficPolicy.LOCAL, List.of(), OptionalInt.empty()));
        int healthCheck = service.loadBalancer().healthCheckNodePort().orElseThrow();
        HealthProbe probe = new HealthProbe(scene.outside());
        probe.await(nodeA(), healthCheck, "HTTP/1.1 200", "X-Load-Balancing-Endpoint-Weight: 1");
        probe.await(nodeB(), healthCheck, "HTTP/1.1 503", "X-Load-Balancing-Endpoint-Weight: 0");
        server.close();
        scene.server(NAME, "pod2", scene.b());
        scene.settle();
        probe.await(nodeA(), healthCheck, "HTTP/1.1 503", "X-Load-Balancing-Endpoint-Weight: 0");
        probe.await(nodeB(), healthCheck, "HTTP/1.1 200", "X-Load-Balancing-Endpoint-Weight: 1");
    }

    @Test
    @DisplayName("LoadBalancers ExternalTrafficPolicy: Local should work from pods")
    void fromPods() throws Exception {
        TestPod server = scene.server(NAME, "pod1", scene.a());
        TestPod far = scene.pod("far", scene.b());
        scene.apply(loadBalancer(TrafficPolicy.LOCAL, List.of(), OptionalInt.empty()));
        // As though the traffic had gone out to the balancer and come in where an endpoint is.
        assertThat(far.client().tcp(scene.of(Lab.EXTERNAL_AT_A), Scene.PORT))
                .isEqualTo(Answer.of(server.name(), far.ip(scene.family())));
        assertThat(scene.b().client().tcp(scene.of(Lab.EXTERNAL_AT_A), Scene.PORT))
                .isEqualTo(Answer.of(server.name(), nodeB()));
    }

    @Test
    @DisplayName("LoadBalancers ExternalTrafficPolicy: Local should handle updates to ExternalTrafficPolicy field")
    void externalPolicyChanges() throws Exception {
        TestPod server = scene.server(NAME, "pod1", scene.a());
        Service service = scene.apply(loadBalancer(TrafficPolicy.LOCAL, List.of(), OptionalInt.empty()));
        int nodePort = Scene.nodePort(service, Protocol.TCP);
        int udpNodePort = Scene.nodePort(service, Protocol.UDP);
        assertThat(scene.outside().briefly(Protocol.UDP, nodeB(), udpNodePort)).isEqualTo(Answer.TIMED_OUT);
        scene.apply(loadBalancer(TrafficPolicy.CLUSTER, List.of(), OptionalInt.empty()));
        for (IpAddress ip : List.of(scene.of(Lab.EXTERNAL_AT_A), scene.of(Lab.EXTERNAL_AT_B))) {
            Answer answer = scene.outside().tcp(ip, Scene.PORT);
            assertThat(answer.server()).isEqualTo(server.name());
            assertThat(answer.source()).as("masqueraded").isNotEqualTo(Optional.of(scene.of(Lab.OUTSIDE)));
        }
        assertThat(scene.outside().tcp(nodeB(), nodePort)).isEqualTo(Answer.of(server.name(), nodeB()));
        scene.apply(loadBalancer(TrafficPolicy.LOCAL, List.of(), OptionalInt.empty()));
        assertThat(scene.outside().tcp(scene.of(Lab.EXTERNAL_AT_A), Scene.PORT))
                .isEqualTo(Answer.of(server.name(), scene.of(Lab.OUTSIDE)));
        assertThat(scene.outside().briefly(Protocol.UDP, nodeB(), udpNodePort)).isEqualTo(Answer.TIMED_OUT);
    }

    @Test
    @DisplayName("LoadBalancers should only allow access from service loadbalancer source ranges [Slow]")
    void sourceRanges() throws Exception {
        TestPod server = scene.server(NAME, "pod1", scene.b());
        TestPod pod = scene.pod("client", scene.a());
        IpAddress ip = scene.of(Lab.EXTERNAL_AT_A);
        Cidr outside = single(scene.of(Lab.OUTSIDE));
        Service service = scene.apply(loadBalancer(TrafficPolicy.CLUSTER, List.of(outside), OptionalInt.empty()));
        assertThat(scene.outside().tcp(ip, Scene.PORT).server()).isEqualTo(server.name());
        for (Client stranger : List.of(scene.outsideToo(), pod.client())) {
            assertThat(stranger.briefly(Protocol.UDP, ip, Scene.PORT)).isEqualTo(Answer.TIMED_OUT);
            // The ranges are the balancer's only.
            assertThat(stranger.tcp(scene.clusterIp(service), Scene.PORT).server())
                    .isEqualTo(server.name());
            assertThat(stranger.tcp(nodeA(), Scene.nodePort(service, Protocol.TCP))
                            .server())
                    .isEqualTo(server.name());
        }
        scene.apply(
                loadBalancer(TrafficPolicy.CLUSTER, List.of(single(scene.of(Lab.OUTSIDE_TOO))), OptionalInt.empty()));
        assertThat(scene.outside().briefly(Protocol.UDP, ip, Scene.PORT)).isEqualTo(Answer.TIMED_OUT);
        assertThat(scene.outsideToo().tcp(ip, Scene.PORT).server()).isEqualTo(server.name());
        scene.apply(loadBalancer(TrafficPolicy.CLUSTER, List.of(single(pod.ip(scene.family()))), OptionalInt.empty()));
        assertThat(pod.client().tcp(ip, Scene.PORT).server()).isEqualTo(server.name());
        assertThat(scene.outsideToo().briefly(Protocol.UDP, ip, Scene.PORT)).isEqualTo(Answer.TIMED_OUT);
        scene.apply(loadBalancer(TrafficPolicy.CLUSTER, List.of(), OptionalInt.empty()));
        assertThat(scene.outside().tcp(ip, Scene.PORT).server()).isEqualTo(server.name());
    }

    private static Cidr single(IpAddress ip) {
        return new Cidr(ip, ip.family().bits());
    }

    @Test
    @DisplayName(
            "Services should be possible to connect to a service via ExternalIP when the external IP is not assigned to a node")
    void externalIp() throws Exception {
        List<TestPod> endpoints = scene.threeServers(NAME);
        TestPod pod = scene.pod("client", scene.a());
        Service service = scene.apply(scene.service(NAME).externalIp(scene.of(Lab.EXTERNAL_AT_A)));
        for (Client client : List.of(pod.client(), scene.a().client(), scene.b().client(), scene.outside())) {
            Spread.requireAll(client, Protocol.TCP, scene.of(Lab.EXTERNAL_AT_A), Scene.PORT, endpoints);
            Spread.requireAll(client, Protocol.UDP, scene.of(Lab.EXTERNAL_AT_A), Scene.PORT, endpoints);
        }
        assertThat(pod.client().tcp(scene.clusterIp(service), Scene.PORT).isAnswered())
                .isTrue();
        assertThat(scene.outside().tcp(scene.of(Lab.EXTERNAL_AT_A), Scene.PORT).source())
                .as("masqueraded")
                .isNotEqualTo(Optional.of(scene.of(Lab.OUTSIDE)));
    }
}
