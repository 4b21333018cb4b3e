package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Kubernetes' test/e2e/network/networking.go: what happens when somebody else takes the rules away. */
@ParameterizedClass
@EnumSource(Configuration.class)
class RulesTest {
    @RegisterExtension
    final Scene scene;

    RulesTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    @Test
    @DisplayName("Networking should recreate its iptables rules if they are deleted [Disruptive]")
    void rulesComeBack() throws Exception {
        List<TestPod> endpoints = scene.threeServers("iptables-flush-test");
        TestPod client = scene.pod("client", scene.a());
        IpAddress clusterIp = scene.clusterIp(scene.apply(scene.service("iptables-flush-test")));
        Spread.requireAll(client.client(), Protocol.TCP, clusterIp, Scene.PORT, endpoints);
        for (IpFamily family : IpFamily.values()) {
            deleteKubeChains(family);
        }
        // One more change must not hide what was lost.
        scene.apply(scene.service("other"));
        Scene.eventually(
                "all endpoints answer again",
                () -> client.client()
                        .briefly(Protocol.TCP, clusterIp, Scene.PORT)
                        .isAnswered());
        Spread.requireEven(client.client(), Protocol.TCP, clusterIp, Scene.PORT, endpoints);
        Scene.eventually("no drift", () -> scene.a().services().check().isEmpty());
    }

    /** Takes everything of ours away in one go, and shows that it was there. */
    private void deleteKubeChains(IpFamily family) throws IOException, InterruptedException {
        Configuration.Backend backend = scene.configuration().backend();
        for (String table : List.of("nat", "filter")) {
            List<String> jumps = new ArrayList<>();
            List<String> chains = new ArrayList<>();
            for (String line : scene.a()
                    .machine()
                    .run(backend.saveCommand(family), "-t", table)
                    .lines()
                    .toList()) {
                if (line.startsWith(":KUBE-")) {
                    chains.add(line.substring(1, line.indexOf(' ')));
                } else if (!line.startsWith("-A KUBE-") && line.contains("-j KUBE-")) {
                    jumps.add("-D" + line.substring(2));
                }
            }
            assertThat(jumps).isNotEmpty();
            assertThat(chains).isNotEmpty();
            StringBuilder text = new StringBuilder("*" + table + "\n");
            jumps.forEach(jump -> text.append(jump).append('\n'));
            chains.forEach(chain -> text.append("-F ").append(chain).append('\n'));
            chains.forEach(chain -> text.append("-X ").append(chain).append('\n'));
            scene.a()
                    .machine()
                    .feed(text.append("COMMIT\n").toString(), backend.command(family) + "-restore", "--noflush");
        }
    }
}
