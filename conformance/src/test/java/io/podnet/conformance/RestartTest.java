package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.IpFamilyPolicy;
import io.podnet.api.PodSpec;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceSpec;
import io.podnet.netlink.namespace.NamespaceThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What Kubernetes has no names for: a process ends and another takes over, beside rules that are somebody else's. */
@ParameterizedClass
@EnumSource(Configuration.class)
class RestartTest {
    private final Configuration.Backend backend;
    private final IpFamily family;

    RestartTest(Configuration configuration) {
        backend = configuration.backend();
        family = configuration.family();
    }

    @Test
    @DisplayName("A restart cuts no flow, changes no rule, and nobody else's rules ever change")
    void restart() throws Exception {
        try (NamespaceThreads threads = new NamespaceThreads();
                Servers servers = new Servers();
                Machine machine = new Machine(threads)) {
            for (IpFamily each : IpFamily.values()) {
                machine.feed(
                        "*filter\n:FOREIGN - [0:0]\n-A INPUT -j FOREIGN\n-A FOREIGN -m comment --comment \"KUBE-SVC-like\" -j RETURN\nCOMMIT\n"
                                + "*nat\n:KUBE-OF-OTHERS - [0:0]\n-A KUBE-OF-OTHERS -j RETURN\n-A PREROUTING -j KUBE-OF-OTHERS\nCOMMIT\n",
                        backend.command(each) + "-restore");
            }
            List<String> foreign = rules(machine);
            try (LabNode node =
                    new LabNode("solo", machine, Map.of(), "10.244.1.0/24,fd00:10:244:1::/64", backend.option())) {
                liveThroughARestart(node, servers, foreign);
            }
        }
    }

    private void liveThroughARestart(LabNode node, Servers servers, List<String> foreign) throws Exception {
        Machine machine = node.machine();
        PodSpec spec = PodSpec.of("default", "server").label("app", "web").build();
        TestPod server = new TestPod(node, node.podnet().setUp(spec), servers);
        server.serve(Protocol.UDP, Scene.TARGET_PORT);
        TestPod client = new TestPod(
                node, node.podnet().setUp(PodSpec.of("default", "client").build()), servers);
        ServiceSpec service = ServiceSpec.of("default", "web")
                .selector("app", "web")
                .ipFamilyPolicy(IpFamilyPolicy.REQUIRE_DUAL_STACK)
                .type(Service.Type.LOAD_BALANCER)
                .loadBalancer(new Service.LoadBalancer(
                        List.of(new Service.Ingress(Lab.EXTERNAL_AT_A.get(family), false)),
                        List.of(),
                        OptionalInt.empty()))
                .port("udp", Protocol.UDP, Scene.PORT, String.valueOf(Scene.TARGET_PORT))
                .build();
        Service applied = node.services().apply(service);
        assertThat(node.services().awaitProgrammed(applied.id(), Duration.ofSeconds(30)))
                .isTrue();
        List<String> before = rules(machine);
        assertThat(before).containsAll(foreign).hasSizeGreaterThan(foreign.size());
        IpAddress clusterIp = applied.clusterIps().stream()
                .filter(ip -> ip.family() == family)
                .findFirst()
                .orElseThrow();
        List<String> tracked;
        try (UdpFlow flow = new UdpFlow(client.client(), clusterIp, Scene.PORT)) {
            flow.awaitServer("server");
            tracked = flowIds(machine, clusterIp);
            assertThat(tracked).hasSize(1);
            node.restart();
            node.services().replaceAll(List.of(service), List.of());
            assertThat(node.services().awaitProgrammed(applied.id(), Duration.ofSeconds(30)))
                    .isTrue();
            assertThat(node.services().check()).isEmpty();
            assertThat(rules(machine)).isEqualTo(before);
            assertThat(flowIds(machine, clusterIp)).isEqualTo(tracked);
        }
        node.podnet().removeAll();
        assertThat(rules(machine)).isEqualTo(foreign);
        assertThat(flowIds(machine, clusterIp)).doesNotContainAnyElementsOf(tracked);
    }

    /** Every rule and chain of both families, without counters. */
    private List<String> rules(Machine machine) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (IpFamily each : IpFamily.values()) {
            for (String table : List.of("nat", "filter")) {
                machine.run(backend.saveCommand(each), "-t", table)
                        .lines()
                        // Built-in chains come to be listed when first used, and stay.
                        .filter(line -> line.startsWith("-A") || line.matches(":\\S+ - .*"))
                        .map(line -> each + " " + table + " " + line.replaceAll(" \\[\\d+:\\d+]$", ""))
                        .sorted()
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    /** The kernel's own numbers of translated flows to an address. */
    private static List<String> flowIds(Machine machine, IpAddress destination)
            throws IOException, InterruptedException {
        String family = destination.family() == IpFamily.IPV4 ? "ipv4" : "ipv6";
        return machine.run("conntrack", "-L", "-f", family, "-p", "udp", "-d", destination.toString(), "-o", "id")
                .lines()
                .filter(line -> line.contains("dport=" + Scene.PORT + " "))
                .map(line -> line.replaceAll(".*\\bid=(\\d+).*", "$1"))
                .toList();
    }
}
