package io.podnet.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.testkit.machine.Mesh;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossNodeTest {
    private static final int NODES = 3;
    private static final int PODS = 3;

    @TempDir
    Path directory;

    static PodnetBuilder builder(UnderlayLab.LabNode node, String backend, boolean dual) {
        String cluster = dual ? "10.244.0.0/16,fd00:10:244::/48" : "10.244.0.0/16";
        PodnetBuilder builder = node.builder().networkPluginOption("backend", backend);
        return backend.equals("neighbour")
                ? builder.podCidr(cluster).ipam("cluster")
                : builder.networkPluginOption("clusterCidr", cluster);
    }

    @ParameterizedTest
    @CsvSource({
        "vxlan,false",
        "vxlan,true",
        "host-gw,false",
        "host-gw,true",
        "direct-routing,true",
        "neighbour,false",
        "neighbour,true"
    })
    void allPairsReachEachOtherWithTheirOwnAddresses(String backend, boolean dual) throws Exception {
        List<Podnet> started = new ArrayList<>();
        try (UnderlayLab lab = new UnderlayLab(directory)) {
            try {
                Map<IpAddress, Mesh.Opener> ends = new HashMap<>();
                for (int i = 1; i <= NODES; i++) {
                    started.add(builder(lab.node(i), backend, dual)
                            .removePodsOnClose(true)
                            .start());
                }
                for (Podnet node : started) {
                    for (int i = 0; i < PODS; i++) {
                        PodNetwork pod =
                                node.setUp(PodSpec.of("default", "pod-" + i).build());
                        pod.ips().forEach(ip -> ends.put(ip, pod.sandbox()::openDatagramChannel));
                        assertThat(node.programmed(pod.id()).get(20, TimeUnit.SECONDS))
                                .hasSize(NODES - 1);
                    }
                }
                assertThat(started.get(0)
                                .plan(PodSpec.of("default", "next").build())
                                .toString()
                                .contains("throw in table"))
                        .isEqualTo(backend.equals("neighbour"));
                assertThat(ends).hasSize(NODES * PODS * (dual ? 2 : 1));
                assertThat(Mesh.missing(ends, 1)).isEmpty();
                int mtu = started.get(0).pods().get(0).status().mtu();
                assertThat(mtu).isEqualTo(backend.equals("host-gw") ? 1500 : dual ? 1430 : 1450);
                assertThat(Mesh.missing(ends, mtu - 48)).isEmpty();
                for (Podnet node : started) {
                    assertThat(node.paths()).hasSize((NODES - 1) * (dual ? 2 : 1));
                    assertThat(node.paths())
                            .allSatisfy(path -> assertThat(path.way())
                                    .isEqualTo(backend.equals("direct-routing") ? "host-gw" : backend));
                    assertThat(node.check(node.pods().get(0).id())).isEmpty();
                    Waiting.until(
                            "paths of " + backend + " are proved: " + node.paths(),
                            () -> node.paths().stream()
                                    .allMatch(path -> path.condition().equals(Condition.READY)));
                    assertThat(node.status()).isEqualTo(Condition.READY);
                }
            } finally {
                started.forEach(Podnet::close);
            }
        }
    }
}
