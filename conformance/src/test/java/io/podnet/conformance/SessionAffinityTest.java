package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceSpecBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Session affinity from Kubernetes' test/e2e/network/service.go. */
@ParameterizedClass
@EnumSource(Configuration.class)
class SessionAffinityTest {
    private static final int LONG_SECONDS = 10_800;
    private static final int SHORT_SECONDS = 1;
    /** A third of these goes elsewhere where nothing binds: none once in 10^19. */
    private static final int REQUESTS = 40;

    @RegisterExtension
    final Scene scene;

    SessionAffinityTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    @FunctionalInterface
    private interface Requests {
        Answer once();
    }

    private ServiceSpecBuilder service(Service.Type type) {
        return scene.service("affinity").type(type);
    }

    private Requests requests(Service service) {
        TestPod client = scene.pod("client", scene.a());
        if (service.type() == Service.Type.CLUSTER_IP) {
            IpAddress clusterIp = scene.clusterIp(service);
            return () -> client.client().tcp(clusterIp, Scene.PORT);
        }
        IpAddress nodeIp = scene.a().ip(scene.family());
        int nodePort = Scene.nodePort(service, Protocol.TCP);
        return () -> client.client().tcp(nodeIp, nodePort);
    }

    private static Set<String> servers(Requests requests) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < REQUESTS; i++) {
            Answer answer = requests.once();
            assertThat(answer.isAnswered()).as(answer::toString).isTrue();
            seen.add(answer.server());
        }
        return seen;
    }

    private void holds(Service.Type type) throws Exception {
        scene.threeServers("affinity");
        Service service = scene.apply(service(type).sessionAffinity(LONG_SECONDS));
        assertThat(servers(requests(service))).hasSize(1);
        if (type == Service.Type.NODE_PORT) {
            IpAddress nodeIp = scene.a().ip(scene.family());
            int nodePort = Scene.nodePort(service, Protocol.TCP);
            for (Client client : List.of(scene.outside(), scene.outsideToo())) {
                assertThat(servers(() -> client.tcp(nodeIp, nodePort))).hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("Services should have session affinity work for service with type clusterIP [LinuxOnly]")
    void clusterIp() throws Exception {
        holds(Service.Type.CLUSTER_IP);
    }

    @Test
    @DisplayName("Services should have session affinity work for NodePort service [LinuxOnly]")
    void nodePort() throws Exception {
        holds(Service.Type.NODE_PORT);
    }

    private void switches(Service.Type type) throws Exception {
        scene.threeServers("affinity");
        Service service = scene.apply(service(type));
        Requests requests = requests(service);
        assertThat(servers(requests)).hasSizeGreaterThan(1);
        scene.apply(service(type).sessionAffinity(LONG_SECONDS));
        assertThat(servers(requests)).hasSize(1);
        scene.apply(service(type));
        assertThat(servers(requests)).hasSizeGreaterThan(1);
    }

    @Test
    @DisplayName("Services should be able to switch session affinity for service with type clusterIP [LinuxOnly]")
    void switchClusterIp() throws Exception {
        switches(Service.Type.CLUSTER_IP);
    }

    @Test
    @DisplayName("Services should be able to switch session affinity for NodePort service [LinuxOnly]")
    void switchNodePort() throws Exception {
        switches(Service.Type.NODE_PORT);
    }

    private void expires(Service.Type type) throws Exception {
        scene.threeServers("affinity");
        Service service = scene.apply(service(type).sessionAffinity(SHORT_SECONDS));
        Requests requests = requests(service);
        String first = requests.once().server();
        long begin = System.nanoTime();
        // Each request begins the time anew, so that affinity outlives its length while there are any.
        while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(SHORT_SECONDS * 1500L)) {
            long before = System.nanoTime();
            Thread.sleep(100);
            String next = requests.once().server();
            if (System.nanoTime() - before > TimeUnit.MILLISECONDS.toNanos(SHORT_SECONDS * 900L)) {
                // This machine was away for so long that the time may have passed.
                first = next;
            }
            assertThat(next).isEqualTo(first);
        }
        String bound = first;
        // After a silence every endpoint is as likely as at first: the same 30 times once in 10^14.
        for (int i = 0; i < 30; i++) {
            Thread.sleep(SHORT_SECONDS * 1000L + 100);
            if (!requests.once().server().equals(bound)) {
                return;
            }
        }
        throw new AssertionError("affinity to " + bound + " does not end");
    }

    @Test
    @DisplayName("Services should have session affinity timeout work for service with type clusterIP [LinuxOnly]")
    void expiryClusterIp() throws Exception {
        expires(Service.Type.CLUSTER_IP);
    }

    @Test
    @DisplayName("Services should have session affinity timeout work for NodePort service [LinuxOnly]")
    void expiryNodePort() throws Exception {
        expires(Service.Type.NODE_PORT);
    }
}
