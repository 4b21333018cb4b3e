package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Protocol;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Kubernetes' test/e2e/common/network/networking.go. What it calls http is any TCP here. */
@ParameterizedClass
@EnumSource(Configuration.class)
class GranularChecksPodsTest {
    @RegisterExtension
    final Scene scene;

    GranularChecksPodsTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    @Test
    @DisplayName("Networking Granular Checks: Pods should function for intra-pod communication: http")
    void intraPodHttp() throws Exception {
        podsReachPods(Protocol.TCP);
    }

    @Test
    @DisplayName("Networking Granular Checks: Pods should function for intra-pod communication: udp")
    void intraPodUdp() throws Exception {
        podsReachPods(Protocol.UDP);
    }

    private void podsReachPods(Protocol protocol) throws IOException {
        TestPod client = scene.pod("client", scene.a());
        for (TestPod server : scene.threeServers("netserver")) {
            assertThat(client.client().ask(protocol, server.ip(scene.family()), Scene.TARGET_PORT))
                    .isEqualTo(Answer.of(server.name(), client.ip(scene.family())));
        }
    }

    @Test
    @DisplayName("Networking Granular Checks: Pods should function for node-pod communication: http [LinuxOnly]")
    void nodePodHttp() throws Exception {
        nodesReachPods(Protocol.TCP);
    }

    @Test
    @DisplayName("Networking Granular Checks: Pods should function for node-pod communication: udp [LinuxOnly]")
    void nodePodUdp() throws Exception {
        nodesReachPods(Protocol.UDP);
    }

    private void nodesReachPods(Protocol protocol) throws IOException {
        for (TestPod server : scene.threeServers("netserver")) {
            Answer answer = scene.a().client().ask(protocol, server.ip(scene.family()), Scene.TARGET_PORT);
            assertThat(answer)
                    .isEqualTo(Answer.of(
                            server.name(),
                            server.node() == scene.a()
                                    ? server.gateway(scene.family())
                                    : scene.a().ip(scene.family())));
        }
    }
}
