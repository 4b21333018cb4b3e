package io.podnet.cni.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Bandwidth;
import io.podnet.api.Condition;
import io.podnet.api.HostPort;
import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.cni.runtime.Attachment;
import io.podnet.cni.runtime.CniRuntime;
import io.podnet.cni.runtime.ConfigDirectory;
import io.podnet.cni.spec.CniArgs;
import io.podnet.cni.spec.CniResult;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.cni.spec.RuntimeConfig;
import io.podnet.cni.spec.ValidAttachment;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference plugins of Debian 12 on the real kernel: chains of them, packets through what they make, and nothing after. */
class DebianPluginsTest {
    private static final String CHAIN = """
            {"cniVersion": "VERSION", "name": "chain", "plugins": [
              {"type": "bridge", "bridge": "cni0", "isGateway": true, "isDefaultGateway": true, "ipMasq": true,
               "hairpinMode": true, "capabilities": {"ips": true},
               "ipam": {"type": "host-local", "dataDir": "DATA/leases",
                        "ranges": [[{"subnet": "10.22.0.0/24"}]]}},
              {"type": "firewall", "backend": "iptables"},
              {"type": "portmap", "snat": true, "capabilities": {"portMappings": true}},
              {"type": "bandwidth", "capabilities": {"bandwidth": true}},
              {"type": "tuning", "mtu": 1400, "dataDir": "DATA/tuning", "sysctl": {"net.ipv4.conf.all.log_martians": "1"}}
            ]}""";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "0.4.0"})
    void aChainOfAllOfThemCarriesTrafficAndLeavesNothing(String version) throws Exception {
        try (CniLab lab = new CniLab(directory)) {
            lab.network("10-chain.conflist", CHAIN.replace("VERSION", version));
            try (Podnet node = lab.builder("chain").removePodsOnClose(true).start()) {
                assertThat(node.status()).isEqualTo(Condition.READY);
                // The bridge and the chains that all pods share are made by the first pod and stay.
                node.setUp(PodSpec.of("default", "first")
                        .hostPort(new HostPort(Optional.empty(), 9999, 1, Protocol.TCP))
                        .build());
                node.tearDown(io.podnet.api.PodId.parse("default/first"));
                String before = lab.state();
                assertThat(lab.files()).isEmpty();

                PodNetwork web = node.setUp(PodSpec.of("default", "web")
                        .hostPort(new HostPort(Optional.empty(), 8080, 80, Protocol.TCP))
                        .requestedIp(IpAddress.parse("10.22.0.77"))
                        .annotation(Bandwidth.INGRESS_ANNOTATION, "50M")
                        .annotation(Bandwidth.EGRESS_ANNOTATION, "20M")
                        .build());
                PodNetwork client = node.setUp(limited("client"));

                assertThat(web.ips()).containsExactly(IpAddress.parse("10.22.0.77"));
                assertThat(web.status().mtu()).isEqualTo(1400);
                assertThat(web.status().hostInterfaceName().orElseThrow()).startsWith("veth");
                assertThat(web.status().gateways()).containsExactly(IpAddress.parse("10.22.0.1"));
                assertThat(Exchanges.sourceSeen(
                                web.sandbox(),
                                80,
                                client.sandbox()::openSocketChannel,
                                web.ips().get(0),
                                80))
                        .isEqualTo(client.ips().get(0).toString());
                assertThat(Exchanges.sourceSeen(
                                web.sandbox(), 80, () -> lab.outside().socket(), IpAddress.parse(CniLab.NODE_IP), 8080))
                        .isEqualTo(CniLab.OUTSIDE_IP);
                assertThat(lab.run("tc", "qdisc", "show"))
                        .contains("rate 50Mbit")
                        .contains("rate 20Mbit");
                assertThat(node.check(client.id())).isEmpty();
                // This version's portmap looks for the rules of an IPv4 container in the IPv6 table too.
                assertThat(node.check(web.id())).singleElement().asString().contains("portmap", "ipv6 dnat");
                lab.run("ip", "link", "set", client.status().hostInterfaceName().orElseThrow(), "nomaster");
                assertThat(node.check(client.id())).singleElement().asString().contains("bridge");

                node.tearDownAll(List.of(web.id(), client.id()));
                assertThat(lab.state()).isEqualTo(before);
                assertThat(lab.files()).isEmpty();
            }
        }
    }

    /** This version's bandwidth plugin crashes on CHECK of a container without limits. */
    private static PodSpec limited(String name) {
        return PodSpec.of("default", name)
                .annotation(Bandwidth.INGRESS_ANNOTATION, "1G")
                .annotation(Bandwidth.EGRESS_ANNOTATION, "1G")
                .build();
    }

    /** Without portmap, whose CHECK in this version looks for IPv4 rules in the IPv6 table. */
    @Test
    void bothFamiliesCarryTraffic() throws Exception {
        try (CniLab lab = new CniLab(directory)) {
            lab.network("10-dual.conflist", """
                    {"cniVersion": "1.0.0", "name": "dual", "plugins": [
                      {"type": "bridge", "bridge": "cni0", "isDefaultGateway": true, "ipMasq": true,
                       "ipam": {"type": "host-local", "dataDir": "DATA/leases",
                                "ranges": [[{"subnet": "10.22.0.0/24"}], [{"subnet": "fd00:22::/64"}]]}},
                      {"type": "firewall", "backend": "iptables"}
                    ]}""");
            try (Podnet node = lab.builder("dual").removePodsOnClose(true).start()) {
                PodNetwork server = node.setUp(PodSpec.of("default", "server").build());
                PodNetwork client = node.setUp(PodSpec.of("default", "client").build());
                assertThat(server.ips()).hasSize(2);
                assertThat(server.status().gateways())
                        .containsExactly(IpAddress.parse("10.22.0.1"), IpAddress.parse("fd00:22::1"));
                for (int i = 0; i < 2; i++) {
                    assertThat(Exchanges.sourceSeen(
                                    server.sandbox(),
                                    80,
                                    client.sandbox()::openSocketChannel,
                                    server.ips().get(i),
                                    80))
                            .isEqualTo(client.ips().get(i).toInetAddress().getHostAddress());
                }
                assertThat(node.check(server.id())).isEmpty();
            }
            assertThat(lab.files()).isEmpty();
            assertThat(lab.run("iptables-save")).doesNotContain("10.22.0.");
            assertThat(lab.run("ip6tables-save")).doesNotContain("fd00:22::");
        }
    }

    @Test
    void podsAreAdoptedByTheNextProcessAndTornDownWithTheirOwnConfiguration() throws Exception {
        try (CniLab lab = new CniLab(directory)) {
            lab.network("10-chain.conflist", CHAIN.replace("VERSION", "1.0.0"));
            io.podnet.api.PodId id;
            try (Podnet node = lab.builder("chain").start()) {
                id = node.setUp(limited("web")).id();
            }
            // What the pod was made with is not configured any more.
            lab.network(
                    "10-chain.conflist",
                    "{\"cniVersion\":\"1.0.0\",\"name\":\"chain\",\"plugins\":[{\"type\":\"loopback\"}]}");
            try (Podnet node = lab.builder("chain").start()) {
                assertThat(node.pod(id)).isPresent();
                assertThat(node.check(id)).isEmpty();
                node.tearDown(id);
                assertThat(lab.files()).isEmpty();
                assertThat(lab.run("ip", "-o", "link", "show", "type", "veth")).doesNotContain("veth");
            }
        }
    }

    @Test
    void aPodWhoseNamespaceIsGoneGivesItsAddressBack() throws Exception {
        try (CniLab lab = new CniLab(directory)) {
            lab.network("10-chain.conflist", CHAIN.replace("VERSION", "1.0.0"));
            try (Podnet node = lab.builder("chain").start()) {
                PodNetwork web = node.setUp(PodSpec.of("default", "web").build());
                assertThat(lab.files()).anyMatch(file -> file.startsWith("data/leases"));
                lab.run("umount", netns(lab).toString());
                node.tearDown(web.id());
                // The backup of tuning goes only while the namespace is there.
                assertThat(lab.files()).noneMatch(file -> !file.startsWith("data/tuning"));
                assertThat(lab.run("iptables-save", "-t", "filter")).doesNotContain("10.22.0.2");
            }
        }
    }

    private static Path netns(CniLab lab) throws java.io.IOException {
        try (var pins = Files.list(lab.file("netns"))) {
            return pins.findFirst().orElseThrow();
        }
    }

    @Test
    void refusesWhatNoPluginWouldDo() throws Exception {
        try (CniLab lab = new CniLab(directory)) {
            lab.network(
                    "10-lo.conflist",
                    "{\"cniVersion\":\"1.0.0\",\"name\":\"lo\",\"plugins\":[{\"type\":\"loopback\"}]}");
            try (Podnet node = lab.builder("lo").start()) {
                assertThatThrownBy(() -> node.setUp(PodSpec.of("default", "web")
                                .hostPort(new HostPort(Optional.empty(), 8080, 80, Protocol.TCP))
                                .build()))
                        .isInstanceOf(PodnetException.Invalid.class)
                        .hasMessageContaining("portMappings");
                assertThat(lab.files()).isEmpty();
                // The interface that the facade asks for does not come about.
                assertThatThrownBy(() -> node.setUp(PodSpec.of("default", "web").build()))
                        .isInstanceOf(PodnetException.PluginFailed.class);
                assertThat(lab.files()).isEmpty();
                assertThat(node.pods()).isEmpty();
            }
            assertThatThrownBy(() -> lab.builder("absent").start())
                    .isInstanceOf(PodnetException.NotFound.class)
                    .hasMessageContaining("found: lo");
        }
    }

    @Test
    void loopbackIsAddedCheckedAndDeleted() throws Exception {
        try (CniLab lab = new CniLab(directory);
                NetworkNamespace pod = lab.threads().makeUnpinned()) {
            lab.network("lo.conf", "{\"cniVersion\":\"0.4.0\",\"name\":\"lo\",\"type\":\"loopback\"}");
            NetworkConfigList list = new ConfigDirectory(lab.configurations(), true).find("lo");
            CniRuntime runtime = lab.runtime();
            Attachment attachment =
                    new Attachment("c1", pod.path().toString(), "lo", CniArgs.NONE, RuntimeConfig.EMPTY);
            CniResult result = runtime.add(list, attachment);
            assertThat(result.ips()).extracting(ip -> ip.address().toString()).contains("127.0.0.1/8");
            runtime.check(list, attachment);
            runtime.del(list, attachment);
            assertThatThrownBy(() -> runtime.check(list, attachment)).isInstanceOf(PodnetException.NotFound.class);
        }
    }

    /** host-local has no GC; its leases say who is left. */
    @Test
    void gcGivesBackWhatPluginsWithoutGcKeep() throws Exception {
        try (CniLab lab = new CniLab(directory);
                NetworkNamespace pod = lab.threads().makeUnpinned()) {
            lab.network("10-chain.conflist", CHAIN.replace("VERSION", "1.0.0"));
            NetworkConfigList list = new ConfigDirectory(lab.configurations(), true).find("chain");
            CniRuntime runtime = lab.runtime();
            for (String id : List.of("kept", "cached", "lost")) {
                runtime.add(
                        list,
                        new Attachment(
                                id,
                                pod.path().toString(),
                                id,
                                CniArgs.parse("IgnoreUnknown=1"),
                                RuntimeConfig.EMPTY.withPortMappings(List.of(
                                        new HostPort(Optional.empty(), 8000 + id.length(), 80, Protocol.TCP)))));
            }
            Files.delete(lab.file("cache/results/chain-lost-lost"));
            assertThat(runtime.gc(list, Set.of(new ValidAttachment("kept", "kept"))))
                    .containsExactlyInAnyOrder(
                            "attachment cached/cached to network chain", "attachment lost/lost to network chain");
            assertThat(lab.files()).hasSize(4).contains("cache/results/chain-kept-kept", "data/leases/chain/10.22.0.2");
            // What was lost is known by its lease alone, so that its rules stay; its address has a new life.
            assertThat(lab.run("iptables-save")).contains("kept").doesNotContain("cached");
        }
    }

    @Test
    void tellsWhatItCanAndWouldDo() throws Exception {
        try (CniLab lab = new CniLab(directory)) {
            lab.network("10-chain.conflist", CHAIN.replace("VERSION", "1.0.0"));
            try (Podnet node = lab.builder("chain").start()) {
                assertThat(node.plan(PodSpec.of("default", "web").build()).steps())
                        .hasSize(5)
                        .first()
                        .asString()
                        .contains("plugin bridge, addresses by host-local");
            }
            lab.network(
                    "10-chain.conflist",
                    "{\"cniVersion\":\"1.1.0\",\"name\":\"chain\",\"plugins\":[{\"type\":\"absent\"}]}");
            try (Podnet node = lab.builder("chain").start()) {
                assertThat(node.status().code()).isEqualTo(Condition.Code.NOT_READY);
                assertThat(node.status().message()).contains("absent");
            }
            assertThatThrownBy(() -> lab.builder("chain")
                            .networkPluginOption("confdir", "/x")
                            .start())
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContaining("confDir");
        }
    }
}
