package io.podnet.conformance;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kubernetes' test/e2e/network/traffic_distribution.go. A zone without endpoints comes about by taking them away.
 */
@ParameterizedClass
@EnumSource(Configuration.class)
class TrafficDistributionTest {
    private static final String NAME = "traffic-dist-test-service";

    @RegisterExtension
    final Scene scene;

    TrafficDistributionTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    private void prefersNearEndpoints(String distribution) throws Exception {
        TestPod serverA = scene.server(NAME, "server-a", scene.a());
        TestPod serverB = scene.server(NAME, "server-b", scene.b());
        Client clientA = scene.pod("client-a", scene.a()).client();
        Client clientB = scene.pod("client-b", scene.b()).client();
        IpAddress ip = scene.clusterIp(scene.apply(scene.service(NAME).trafficDistribution(distribution)));
        Spread.requireAll(clientA, Protocol.TCP, ip, Scene.PORT, List.of(serverA));
        Spread.requireAll(clientB, Protocol.TCP, ip, Scene.PORT, List.of(serverB));
        Spread.requireAll(scene.b().client(), Protocol.TCP, ip, Scene.PORT, List.of(serverB));
        serverA.setReady(false);
        scene.settle();
        // Nothing near is no reason to reach nothing.
        Spread.requireAll(clientA, Protocol.TCP, ip, Scene.PORT, List.of(serverB));
        Spread.requireAll(clientB, Protocol.TCP, ip, Scene.PORT, List.of(serverB));
        serverA.setReady(true);
        scene.settle();
        Spread.requireAll(clientA, Protocol.TCP, ip, Scene.PORT, List.of(serverA));
        scene.apply(scene.service(NAME));
        Spread.requireAll(clientA, Protocol.TCP, ip, Scene.PORT, List.of(serverA, serverB));
    }

    @Test
    @DisplayName("Traffic Distribution should route traffic to an endpoint in the same zone when using PreferClose")
    void preferClose() throws Exception {
        prefersNearEndpoints("PreferClose");
    }

    @Test
    @DisplayName("Traffic Distribution should route traffic to an endpoint in the same zone when using PreferSameZone")
    void preferSameZone() throws Exception {
        prefersNearEndpoints("PreferSameZone");
    }

    @Test
    @DisplayName(
            "Traffic Distribution should route traffic to an endpoint on the same node when using PreferSameNode and fall back when the endpoint becomes unavailable")
    void preferSameNode() throws Exception {
        prefersNearEndpoints("PreferSameNode");
    }

    /** A zone of one node, with its server, and one of two nodes, of which one has a server. */
    private void prefersTheZoneFromEachOfItsNodes(String distribution) throws Exception {
        TestPod serverA = scene.server(NAME, "server-a", scene.a());
        TestPod serverC = scene.server(NAME, "server-c", scene.c());
        Client clientA = scene.pod("client-a", scene.a()).client();
        Client clientB = scene.pod("client-b", scene.b()).client();
        Client clientC = scene.pod("client-c", scene.c()).client();
        IpAddress ip = scene.clusterIp(scene.apply(scene.service(NAME).trafficDistribution(distribution)));
        Spread.requireAll(clientA, Protocol.TCP, ip, Scene.PORT, List.of(serverA));
        Spread.requireAll(clientB, Protocol.TCP, ip, Scene.PORT, List.of(serverC));
        Spread.requireAll(clientC, Protocol.TCP, ip, Scene.PORT, List.of(serverC));
        TestPod serverB = scene.server(NAME, "server-b", scene.b());
        scene.settle();
        Spread.requireAll(clientA, Protocol.TCP, ip, Scene.PORT, List.of(serverA));
        Spread.requireAll(clientB, Protocol.TCP, ip, Scene.PORT, List.of(serverB, serverC));
        Spread.requireAll(clientC, Protocol.TCP, ip, Scene.PORT, List.of(serverB, serverC));
    }

    @Test
    @DisplayName(
            "Traffic Distribution should route traffic correctly between pods on multiple nodes when using PreferClose")
    void multipleNodesPreferClose() throws Exception {
        prefersTheZoneFromEachOfItsNodes("PreferClose");
    }

    @Test
    @DisplayName(
            "Traffic Distribution should route traffic correctly between pods on multiple nodes when using PreferSameZone")
    void multipleNodesPreferSameZone() throws Exception {
        prefersTheZoneFromEachOfItsNodes("PreferSameZone");
    }
}
