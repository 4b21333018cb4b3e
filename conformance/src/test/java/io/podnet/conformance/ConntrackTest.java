package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.api.ServiceSpecBuilder;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kubernetes' test/e2e/network/conntrack.go, and the tests of its kind in loadbalancer.go. Clients send all the time, a
 * hundred times as often as theirs, so that any moment in which a flow could go wrong is met.
 */
@ParameterizedClass
@EnumSource(Configuration.class)
class ConntrackTest {
    private static final String NAME = "svc-udp";

    @RegisterExtension
    final Scene scene;

    ConntrackTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    private ServiceSpecBuilder udp() {
        return scene.bareService(NAME).port("udp", Protocol.UDP, Scene.PORT, String.valueOf(Scene.TARGET_PORT));
    }

    /** From nobody to one server to another: the client is answered by whoever is there, or is told that nobody is. */
    private void survivesServers(Client client, IpAddress ip, int port, LabNode first, LabNode second)
            throws Exception {
        try (UdpFlow flow = new UdpFlow(client, ip, port)) {
            flow.await("refusal", Answer.REFUSED::equals);
            TestPod one = scene.server(NAME, "pod-server-1", first);
            scene.settle();
            flow.awaitServer("pod-server-1");
            scene.server(NAME, "pod-server-2", second);
            one.close();
            scene.settle();
            flow.awaitServer("pod-server-2");
        }
    }

    @Test
    @DisplayName("Conntrack should be able to preserve UDP traffic when server pod cycles for a NodePort service")
    void nodePort() throws Exception {
        Service service = scene.apply(udp().type(Service.Type.NODE_PORT));
        TestPod client = scene.pod("pod-client", scene.a());
        survivesServers(
                client.client(),
                scene.b().ip(scene.family()),
                Scene.nodePort(service, Protocol.UDP),
                scene.b(),
                scene.b());
    }

    @Test
    @DisplayName("Conntrack should be able to preserve UDP traffic when server pod cycles for a ClusterIP service")
    void clusterIp() throws Exception {
        Service service = scene.apply(udp());
        TestPod client = scene.pod("pod-client", scene.a());
        survivesServers(client.client(), scene.clusterIp(service), Scene.PORT, scene.b(), scene.b());
    }

    @Test
    @DisplayName(
            "Conntrack should be able to preserve UDP traffic when server pod cycles for a ClusterIP service and client is hostNetwork")
    void hostNetwork() throws Exception {
        Service service = scene.apply(udp());
        survivesServers(scene.a().client(), scene.clusterIp(service), Scene.PORT, scene.b(), scene.b());
    }

    @Test
    @DisplayName(
            "Conntrack should be able to preserve UDP traffic when server pod cycles for a ClusterIP service with InternalTrafficPolicy set to Local")
    void internalLocal() throws Exception {
        Service service = scene.apply(udp().internalTrafficPolicy(TrafficPolicy.LOCAL));
        TestPod client = scene.pod("pod-client", scene.a());
        survivesServers(client.client(), scene.clusterIp(service), Scene.PORT, scene.a(), scene.a());
    }

    private void loadBalancer(LabNode first, LabNode second) throws Exception {
        scene.apply(udp().type(Service.Type.LOAD_BALANCER)
                .loadBalancer(new Service.LoadBalancer(
                        List.of(new Service.Ingress(scene.of(Lab.EXTERNAL_AT_A), false)),
                        List.of(),
                        OptionalInt.empty())));
        survivesServers(scene.outside(), scene.of(Lab.EXTERNAL_AT_A), Scene.PORT, first, second);
    }

    @Test
    @DisplayName(
            "LoadBalancers should be able to preserve UDP traffic when server pod cycles for a LoadBalancer service on the same nodes")
    void loadBalancerSameNode() throws Exception {
        loadBalancer(scene.a(), scene.a());
    }

    @Test
    @DisplayName(
            "LoadBalancers should be able to preserve UDP traffic when server pod cycles for a LoadBalancer service on different nodes")
    void loadBalancerDifferentNodes() throws Exception {
        loadBalancer(scene.a(), scene.b());
    }

    @Test
    @DisplayName("Conntrack should be able to preserve UDP traffic when initial unready endpoints get ready")
    void unreadyGetsReady() throws Exception {
        IpAddress clusterIp = scene.clusterIp(scene.apply(udp()));
        TestPod client = scene.pod("pod-client", scene.a());
        try (UdpFlow flow = new UdpFlow(client.client(), clusterIp, Scene.PORT)) {
            flow.await("refusal", Answer.REFUSED::equals);
            TestPod server = scene.server(NAME, "pod-server-1", scene.b());
            server.setReady(false);
            scene.settle();
            flow.await("refusal", Answer.REFUSED::equals);
            server.setReady(true);
            scene.settle();
            flow.awaitServer("pod-server-1");
        }
    }

    @Test
    @DisplayName("Conntrack should drop INVALID conntrack entries [Privileged]")
    void dropsInvalid() throws Exception {
        TestPod server = scene.pod("boom-server", scene.b(), spec -> spec.label("app", "boom-server"));
        IpAddress clusterIp =
                scene.clusterIp(scene.apply(scene.bareService("boom-server").port(9000, 9000)));
        TestPod client = scene.pod("startup-script", scene.a());
        try (BoomServer boom = new BoomServer(server, scene.family(), 9000)) {
            // A stray segment that got through would come from the pod's own address, and be answered with a reset.
            assertThat(boom.resetsAfterStraySegment(client.client(), clusterIp)).isZero();
        }
    }
}
