package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceSpecBuilder;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Kubernetes' test/e2e/network/service.go: services whose endpoints are none, not ready, or going. */
@ParameterizedClass
@EnumSource(Configuration.class)
class NoReadyEndpointsTest {
    private static final String NAME = "web";

    @RegisterExtension
    final Scene scene;

    NoReadyEndpointsTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    private void isRefused(Service service, Protocol... protocols) {
        TestPod pod = scene.pod("refused-client", scene.a());
        for (Protocol protocol : protocols) {
            for (Client client : List.of(pod.client(), scene.a().client())) {
                assertThat(client.ask(protocol, scene.clusterIp(service), Scene.PORT))
                        .isEqualTo(Answer.REFUSED);
                assertThat(client.ask(protocol, scene.a().ip(scene.family()), Scene.nodePort(service, protocol)))
                        .isEqualTo(Answer.REFUSED);
            }
            assertThat(scene.outside().ask(protocol, scene.clusterIp(service), Scene.PORT))
                    .isEqualTo(Answer.REFUSED);
            assertThat(scene.outside().ask(protocol, scene.b().ip(scene.family()), Scene.nodePort(service, protocol)))
                    .isEqualTo(Answer.REFUSED);
        }
    }

    @Test
    @DisplayName("Services should be rejected when no endpoints exist")
    void noEndpoints() {
        Service service = scene.apply(scene.service(NAME).type(Service.Type.NODE_PORT));
        isRefused(service, Protocol.TCP, Protocol.UDP);
    }

    @Test
    @DisplayName("Services should be rejected for evicted pods (no endpoints exist)")
    void evicted() throws Exception {
        TestPod server = scene.server(NAME, "evicted", scene.a());
        Service service = scene.apply(scene.service(NAME).type(Service.Type.NODE_PORT));
        assertThat(scene.a().client().tcp(scene.clusterIp(service), Scene.PORT).server())
                .isEqualTo("evicted");
        server.evict();
        scene.settle();
        isRefused(service, Protocol.UDP);
    }

    private enum Policy {
        INTERNAL_LOCAL,
        EXTERNAL_LOCAL,
        INTERNAL_CLUSTER,
        EXTERNAL_CLUSTER
    }

    private void fallsBackToTerminating(Policy policy) throws Exception {
        boolean external = policy == Policy.EXTERNAL_LOCAL || policy == Policy.EXTERNAL_CLUSTER;
        TestPod here = scene.server(NAME, "here", scene.a());
        TestPod there = scene.server(NAME, "there", scene.b());
        TestPod pod = scene.pod("client", scene.a());
        ServiceSpecBuilder spec = scene.service(NAME).type(Service.Type.NODE_PORT);
        if (policy == Policy.INTERNAL_LOCAL) {
            spec.internalTrafficPolicy(Service.TrafficPolicy.LOCAL);
        } else if (policy == Policy.EXTERNAL_LOCAL) {
            spec.externalTrafficPolicy(Service.TrafficPolicy.LOCAL);
        }
        Service service = scene.apply(spec);
        Client client = external ? scene.outside() : pod.client();
        IpAddress ip = external ? scene.a().ip(scene.family()) : scene.clusterIp(service);
        int port = external ? Scene.nodePort(service, Protocol.TCP) : Scene.PORT;
        int udpPort = external ? Scene.nodePort(service, Protocol.UDP) : Scene.PORT;
        boolean local = policy == Policy.INTERNAL_LOCAL || policy == Policy.EXTERNAL_LOCAL;
        Spread.requireAll(client, Protocol.TCP, ip, port, local ? List.of(here) : List.of(here, there));
        here.terminate();
        scene.settle();
        // The other node's ready endpoint is preferred, unless the policy keeps traffic here.
        Spread.requireAll(client, Protocol.TCP, ip, port, local ? List.of(here) : List.of(there));
        there.terminate();
        scene.settle();
        Spread.requireAll(client, Protocol.TCP, ip, port, local ? List.of(here) : List.of(here, there));
        here.setReady(false);
        scene.settle();
        // Who no longer serves is never used: nothing is here any more, and something is elsewhere.
        if (local) {
            assertThat(client.briefly(Protocol.UDP, ip, udpPort)).isEqualTo(Answer.TIMED_OUT);
        } else {
            Spread.requireAll(client, Protocol.TCP, ip, port, List.of(there));
        }
    }

    @Test
    @DisplayName(
            "Services should fallback to local terminating endpoints when there are no ready endpoints with internalTrafficPolicy=Local")
    void internalLocal() throws Exception {
        fallsBackToTerminating(Policy.INTERNAL_LOCAL);
    }

    @Test
    @DisplayName(
            "Services should fallback to local terminating endpoints when there are no ready endpoints with externalTrafficPolicy=Local")
    void externalLocal() throws Exception {
        fallsBackToTerminating(Policy.EXTERNAL_LOCAL);
    }

    @Test
    @DisplayName(
            "Services should fallback to terminating endpoints when there are no ready endpoints with internalTrafficPolicy=Cluster")
    void internalCluster() throws Exception {
        fallsBackToTerminating(Policy.INTERNAL_CLUSTER);
    }

    @Test
    @DisplayName(
            "Services should fallback to terminating endpoints when there are no ready endpoints with externalTrafficPolicy=Cluster")
    void externalCluster() throws Exception {
        fallsBackToTerminating(Policy.EXTERNAL_CLUSTER);
    }

    private Service unreadyAndTerminating(boolean publish) throws Exception {
        TestPod unready = scene.server(NAME, "unready", scene.a());
        unready.setReady(false);
        Service service =
                scene.apply(scene.service(NAME).type(Service.Type.NODE_PORT).publishNotReadyAddresses(publish));
        assertThat(scene.pod("client", scene.b()).client().briefly(Protocol.TCP, scene.clusterIp(service), Scene.PORT))
                .extracting(Answer::server)
                .isEqualTo(publish ? "unready" : "");
        unready.terminate();
        scene.settle();
        return service;
    }

    @Test
    @DisplayName(
            "Services should be able to connect to terminating and unready endpoints if PublishNotReadyAddresses is true")
    void published() throws Exception {
        Service service = unreadyAndTerminating(true);
        int nodePort = Scene.nodePort(service, Protocol.TCP);
        for (Client client : List.of(scene.a().client(), scene.b().client(), scene.outside())) {
            assertThat(client.tcp(scene.clusterIp(service), Scene.PORT).server())
                    .isEqualTo("unready");
            assertThat(client.tcp(scene.b().ip(scene.family()), nodePort).server())
                    .isEqualTo("unready");
        }
    }

    @Test
    @DisplayName(
            "Services should not be able to connect to terminating and unready endpoints if PublishNotReadyAddresses is false")
    void notPublished() throws Exception {
        isRefused(unreadyAndTerminating(false), Protocol.UDP);
    }
}
