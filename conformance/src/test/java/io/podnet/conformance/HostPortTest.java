package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kubernetes' test/e2e/network/hostport.go. Its first pod is at 127.0.0.1, which would need route_localnet and so open
 * the node's loopback to its network (CVE-2020-8558); here it is at the node's second address.
 */
@ParameterizedClass
@EnumSource(Configuration.class)
class HostPortTest {
    private static final int HOST_PORT = 54323;

    @RegisterExtension
    final Scene scene;

    HostPortTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    private TestPod pod(String name, IpAddress hostIp, Protocol protocol) throws IOException {
        TestPod pod = scene.pod(
                name,
                scene.a(),
                spec -> spec.hostPort(new HostPort(Optional.of(hostIp), HOST_PORT, Scene.TARGET_PORT, protocol)));
        return pod.serve(protocol, Scene.TARGET_PORT);
    }

    @Test
    @DisplayName(
            "HostPort validates that there is no conflict between pods with same hostPort but different hostIP and protocol [LinuxOnly]")
    void noConflict() throws Exception {
        IpAddress nodeIp = scene.a().ip(scene.family());
        IpAddress second = scene.of(Lab.SECOND_OF_A);
        pod("pod1", second, Protocol.TCP);
        pod("pod2", nodeIp, Protocol.TCP);
        pod("pod3", nodeIp, Protocol.UDP);
        TestPod near = scene.pod("near", scene.a());
        TestPod far = scene.pod("far", scene.b());
        for (Client client :
                List.of(scene.a().client(), scene.b().client(), scene.outside(), near.client(), far.client())) {
            assertThat(client.tcp(second, HOST_PORT).server()).isEqualTo("pod1");
            assertThat(client.tcp(nodeIp, HOST_PORT).server()).isEqualTo("pod2");
            assertThat(client.udp(nodeIp, HOST_PORT).server()).isEqualTo("pod3");
        }
        assertThat(scene.outside().tcp(nodeIp, HOST_PORT).source()).contains(scene.of(Lab.OUTSIDE));
    }
}
