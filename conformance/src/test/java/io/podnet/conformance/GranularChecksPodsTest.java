package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Protocol;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kubernetes' test/e2e/common/network/networking.go. */
@ParameterizedClass
@EnumSource(Configuration.class)
class GranularChecksPodsTest {
    @RegisterExtension
    final Scene scene;

    GranularChecksPodsTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    @ParameterizedTest(name = "Networking Granular Checks: Pods should function for intra-pod communication: {0}")
    @EnumSource
    void podsReachPods(Traffic traffic) throws Exception {
        Protocol protocol = traffic.protocol();
        TestPod client = scene.pod("client", scene.a());
        for (TestPod server : scene.threeServers("netserver")) {
            assertThat(client.client().ask(protocol, server.ip(scene.family()), Scene.TARGET_PORT))
                    .isEqualTo(Answer.of(server.name(), client.ip(scene.family())));
        }
    }

    @ParameterizedTest(
            name = "Networking Granular Checks: Pods should function for node-pod communication: {0} [LinuxOnly]")
    @EnumSource
    void nodesReachPods(Traffic traffic) throws Exception {
        Protocol protocol = traffic.protocol();
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
