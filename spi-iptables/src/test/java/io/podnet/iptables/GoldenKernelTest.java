package io.podnet.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.iptables.restore.Flavour;
import io.podnet.spi.ServiceChanges;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A handful of kinds of services, as iptables-save shows them: kube-proxy's chains, rule by rule. */
class GoldenKernelTest {
    private static Service service(
            String name,
            String clusterIp,
            Service.Type type,
            OptionalInt nodePort,
            List<String> external,
            Service.LoadBalancer balancer,
            OptionalInt affinity,
            TrafficPolicy policy) {
        return new Service(
                new ServiceId("ns", name),
                Map.of(),
                Map.of(),
                type,
                Map.of(),
                List.of(Lab.ip(clusterIp)),
                List.of(new ServicePort("p", Protocol.TCP, 80, "8080", nodePort, Optional.empty())),
                external.stream().map(Lab::ip).toList(),
                balancer,
                Optional.empty(),
                affinity,
                TrafficPolicy.CLUSTER,
                policy,
                Optional.empty(),
                false);
    }

    private static ServiceChanges kinds(IpFamily family) {
        String ip = family == IpFamily.IPV4 ? "10.96.0." : "fd96::";
        String pod = family == IpFamily.IPV4 ? "10.244.1." : "fd44:1::";
        String out = family == IpFamily.IPV4 ? "192.0.2." : "fdee::";
        Cidr clients = Cidr.parse(family == IpFamily.IPV4 ? "203.0.113.0/24" : "2001:db8::/64");
        Service plain = service(
                "plain",
                ip + 1,
                Service.Type.CLUSTER_IP,
                OptionalInt.empty(),
                List.of(),
                Service.LoadBalancer.NONE,
                OptionalInt.empty(),
                TrafficPolicy.CLUSTER);
        Service sticky = service(
                "sticky",
                ip + 2,
                Service.Type.NODE_PORT,
                OptionalInt.of(30002),
                List.of(out + 2),
                Service.LoadBalancer.NONE,
                OptionalInt.of(10800),
                TrafficPolicy.CLUSTER);
        Service balanced = service(
                "balanced",
                ip + 3,
                Service.Type.LOAD_BALANCER,
                OptionalInt.of(30003),
                List.of(),
                new Service.LoadBalancer(
                        List.of(new Service.Ingress(Lab.ip(out + 3), false)), List.of(clients), OptionalInt.of(30103)),
                OptionalInt.empty(),
                TrafficPolicy.LOCAL);
        Service empty = service(
                "empty",
                ip + 4,
                Service.Type.NODE_PORT,
                OptionalInt.of(30004),
                List.of(out + 4),
                Service.LoadBalancer.NONE,
                OptionalInt.empty(),
                TrafficPolicy.CLUSTER);
        List<EndpointSlice> slices = List.of(
                Lab.slice(plain, "p", List.of(pod + 1, pod + 2, pod + 3)),
                Lab.slice(sticky, "p", List.of(pod + 1, pod + 2)),
                Lab.slice(balanced, "p", List.of(pod + 3)));
        return ServiceChanges.complete(List.of(plain, sticky, balanced, empty), slices);
    }

    private static String golden(IpFamily family) throws IOException {
        String name = "kinds-" + family.name().toLowerCase(Locale.ROOT) + ".rules";
        try (InputStream file = GoldenKernelTest.class.getResourceAsStream(name)) {
            return file == null ? "no " + name : new String(file.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @EnumSource
    void chainsAreThoseOfKubeProxy(Flavour flavour) throws IOException {
        for (IpFamily family : IpFamily.values()) {
            try (Lab lab = new Lab(flavour);
                    IptablesServiceProxy proxy = lab.proxy()) {
                proxy.awaitProgrammed(proxy.apply(kinds(family)), Lab.PATIENCE);
                String tool = lab.iptables(family, "-save");
                StringBuilder rules = new StringBuilder();
                for (String table : List.of("filter", "nat")) {
                    lab.run(tool, "-t", table)
                            .lines()
                            .filter(line -> line.startsWith("*") || line.startsWith("-A "))
                            .forEach(line -> rules.append(line).append('\n'));
                }
                assertThat(rules.toString()).isEqualTo(golden(family));
            }
        }
    }
}
