package io.podnet.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.route.Addresses;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.sysctl.SysctlKey;
import io.podnet.netlink.sysctl.Sysctls;
import io.podnet.testkit.machine.Mesh;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodsOnBridgeTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"10.244.1.0/24", "10.244.1.0/24,fd00:10:244:1::/64", "fd00:10:244:1::/64"})
    void podsAndNodeReachEachOtherWithTheirOwnAddresses(String podCidr) throws Exception {
        try (TestNode test = new TestNode(directory)) {
            List<String> before = test.kernel();
            try (Podnet node =
                    test.builder().podCidr(podCidr).removePodsOnClose(true).start()) {
                PodNetwork a = node.setUp(PodSpec.of("default", "a").build());
                PodNetwork b = node.setUp(PodSpec.of("default", "b").build());
                assertThat(a.ips()).hasSize(podCidr.split(",").length).doesNotContainAnyElementsOf(b.ips());
                assertThat(node.check(a.id())).isEmpty();
                assertThat(node.check(b.id())).isEmpty();
                for (int i = 0; i < a.ips().size(); i++) {
                    IpAddress ipOfA = a.ips().get(i);
                    IpAddress ipOfB = b.ips().get(i);
                    IpAddress gateway = a.status().gateways().get(i);
                    assertThat(Datagrams.sourceSeen(a.sandbox(), b.sandbox(), ipOfB))
                            .isEqualTo(ipOfA);
                    assertThat(Datagrams.sourceSeen(b.sandbox(), a.sandbox(), ipOfA))
                            .isEqualTo(ipOfB);
                    assertThat(Datagrams.sourceSeen(a.sandbox(), test, gateway)).isEqualTo(ipOfA);
                    assertThat(Datagrams.sourceSeen(test, a.sandbox(), ipOfA)).isEqualTo(gateway);
                }
            }
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(test.leftovers()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {576, 1279, 1280})
    void podsWithAnMtuThatIsTooSmallForIpv6SpeakIpv4(int mtu) throws Exception {
        try (TestNode test = new TestNode(directory)) {
            List<String> before = test.kernel();
            for (int start = 0; start < 2; start++) {
                // The second start finds the bridge with its small MTU.
                try (Podnet node =
                        test.builder().mtu(mtu).removePodsOnClose(start == 1).start()) {
                    PodNetwork a = node.setUp(PodSpec.of("default", "a" + start)
                            .annotation("kubernetes.io/egress-bandwidth", "10M")
                            .build());
                    PodNetwork b = node.setUp(PodSpec.of("default", "b" + start).build());
                    assertThat(a.status().mtu()).isEqualTo(mtu);
                    assertThat(node.check(a.id())).isEmpty();
                    assertThat(Datagrams.sourceSeen(
                                    a.sandbox(), b.sandbox(), b.ips().get(0)))
                            .isEqualTo(a.ips().get(0));
                }
            }
            assertThat(test.kernel()).isEqualTo(before);
        }
    }

    @Test
    void anMtuThatIsTooSmallForIpv6IsRefusedWhereItIsWanted() throws Exception {
        try (TestNode test = new TestNode(directory)) {
            List<String> before = test.kernel();
            assertThatThrownBy(() -> test.builder()
                            .podCidr("10.244.1.0/24,fd00:10:244:1::/64")
                            .mtu(1279)
                            .start())
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContaining("1280");
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(test.state()).doesNotExist();
        }
    }

    @Test
    void aThreadThatIsInterruptedSetsUpAndTearsDownAllTheSame() throws Exception {
        try (TestNode test = new TestNode(directory)) {
            List<String> before = test.kernel();
            try (Podnet node = test.builder()
                    .podCidr("10.244.1.0/24")
                    .removePodsOnClose(true)
                    .start()) {
                Thread.currentThread().interrupt();
                PodNetwork a = node.setUp(PodSpec.of("default", "a").build());
                assertThat(node.tearDown(a.id())).isTrue();
                assertThat(Thread.interrupted()).isTrue();
                assertThat(Podnet.records(test.state())).isEmpty();
                assertThat(node.pods()).isEmpty();
            }
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(test.leftovers()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.244.0.0/16", "10.244.0.0/16,fd00:10:244::/64"})
    void twoHundredAndFiftyPodsReachEachOther(String podCidr) throws Exception {
        int count = 250;
        try (TestNode test = new TestNode(directory);
                Podnet node =
                        test.builder().podCidr(podCidr).removePodsOnClose(true).start()) {
            for (int i = 0; i < count; i++) {
                node.setUp(PodSpec.of("default", "pod-" + i).build());
            }
            List<PodNetwork> pods = node.pods();
            Set<IpAddress> unique = new HashSet<>();
            pods.forEach(pod -> unique.addAll(pod.ips()));
            assertThat(unique).hasSize(count * podCidr.split(",").length);
            for (int family = 0; family < podCidr.split(",").length; family++) {
                int index = family;
                Map<IpAddress, Mesh.Opener> ends = new HashMap<>();
                pods.forEach(pod -> ends.put(pod.ips().get(index), pod.sandbox()::openDatagramChannel));
                assertThat(Mesh.missing(ends, 1)).isEmpty();
            }
        }
    }

    @Test
    void refusesASecondPodOfTheSameName() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            PodSpec spec = PodSpec.of("default", "web").build();
            node.setUp(spec);
            assertThatThrownBy(() -> node.setUp(spec))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("default/web");
            assertThat(node.tearDown(new PodId("default", "web"))).isTrue();
            assertThat(node.tearDown(new PodId("default", "web"))).isFalse();
            node.setUp(spec);
        }
    }

    @Test
    void givesTheRequestedAddressAndSaysWhoHasIt() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            IpAddress wanted = IpAddress.parse("10.244.1.77");
            PodNetwork pod =
                    node.setUp(PodSpec.of("default", "a").requestedIp(wanted).build());
            assertThat(pod.ips()).containsExactly(wanted);
            assertThatThrownBy(() -> node.setUp(
                            PodSpec.of("default", "b").requestedIp(wanted).build()))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("10.244.1.77");
            assertThat(node.pods()).hasSize(1);
        }
    }

    @Test
    void aFullPoolChangesNothingAndSaysHowFull() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder()
                        .podCidr("10.244.1.0/30")
                        .removePodsOnClose(true)
                        .start()) {
            node.setUp(PodSpec.of("default", "a").build());
            List<String> before = test.kernel();
            assertThatThrownBy(() -> node.setUp(PodSpec.of("default", "b").build()))
                    .isInstanceOf(PodnetException.PoolExhausted.class)
                    .hasMessageContaining("1 of 1 allocated");
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(Podnet.records(test.state())).hasSize(1);
        }
    }

    @Test
    void plansWithoutDoing() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            List<String> before = test.kernel();
            assertThat(node.plan(PodSpec.of("default", "a").build()).toString())
                    .contains("CREATE link pn")
                    .contains("CREATE address 10.244.1.2/24")
                    .contains("CREATE route default (via 10.244.1.1 dev eth0)");
            assertThat(test.kernel()).isEqualTo(before);
            assertThat(Podnet.records(test.state())).isEmpty();
        }
    }

    @Test
    void checkSeesWrongAndLostNeighbours() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder()
                        .podCidr("10.244.1.0/24,fd00:10:244:1::/64")
                        .removePodsOnClose(true)
                        .start()) {
            PodNetwork pod = node.setUp(PodSpec.of("default", "a").build());
            int bridge = test.route().links().get("cbr0").index();
            MacAddress wrong = MacAddress.parse("02:00:00:00:00:01");
            test.route()
                    .neighbours()
                    .replace(Neighbour.permanent(bridge, pod.ips().get(0), wrong));
            test.route().neighbours().delete(bridge, pod.ips().get(1));
            IpAddress gateway = pod.status().gateways().get(1);
            try (RouteNetlink inside = test.threads().callIn(pod.sandbox().network(), RouteNetlink::open)) {
                int eth0 = inside.links().get("eth0").index();
                inside.neighbours().replace(Neighbour.permanent(eth0, gateway, wrong));
            }
            assertThat(node.check(pod.id()))
                    .extracting(Drift::toString)
                    .satisfiesExactlyInAnyOrder(
                            drift -> assertThat(drift)
                                    .contains("neighbour cbr0", pod.ips().get(0) + " at", "found", wrong.toString()),
                            drift -> assertThat(drift)
                                    .contains("neighbour cbr0", pod.ips().get(1) + " at", "found absent"),
                            drift -> assertThat(drift).contains("neighbour eth0", gateway + " at", wrong.toString()));
        }
    }

    @Test
    void aNamespaceByARelativePathIsFoundFromAnywhere() throws Exception {
        try (TestNode test = new TestNode(directory);
                NamespaceThreads threads = new NamespaceThreads();
                NetworkNamespace given = threads.makeUnpinned();
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            Path here = Path.of("").toAbsolutePath();
            Path relative = here.relativize(given.path());
            PodNetwork pod = node.setUp(PodSpec.of("default", "a").build(), relative);
            assertThat(pod.record().netns())
                    .isAbsolute()
                    .hasToString(here.resolve(relative).toString());
        }
    }

    @Test
    void aRestartTakesPodsBackOntoABridgeThatSomebodyRemoved() throws Exception {
        try (TestNode test = new TestNode(directory)) {
            PodId a = new PodId("default", "a");
            PodId b = new PodId("default", "b");
            try (Podnet node = test.builder().start()) {
                node.setUp(PodSpec.of("default", "a").build());
                node.setUp(PodSpec.of("default", "b").build());
                test.route().links().delete("cbr0");
                assertThat(node.status().reason()).isEqualTo("BridgeDrifted");
            }
            try (Podnet node = test.builder().start()) {
                PodNetwork of = node.pod(a).orElseThrow();
                PodNetwork to = node.pod(b).orElseThrow();
                assertThat(node.check(a)).isEmpty();
                assertThat(Datagrams.sourceSeen(
                                of.sandbox(), to.sandbox(), to.ips().get(0)))
                        .isEqualTo(of.ips().get(0));
                String port = of.status().hostInterfaceName().orElseThrow();
                test.route().links().change(port, LinkAttributes.none().down());
                int bridge = test.route().links().get("cbr0").index();
                test.route().neighbours().delete(bridge, to.ips().get(0));
                assertThatThrownBy(() -> test.builder()
                                .stateDirectory(directory.resolve("other"))
                                .networkPluginOption("bridge", "cbr1")
                                .start())
                        .isInstanceOf(PodnetException.Conflict.class)
                        .hasMessageContaining("give it the option bridge=cbr0");
            }
            try (Podnet node = test.builder().removePodsOnClose(true).start()) {
                assertThat(node.check(a)).isEmpty();
                assertThat(node.check(b)).isEmpty();
            }
        }
    }

    @Test
    void statusAndCheckSeeThatTheNodeForwardsNothing() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            PodId pod = node.setUp(PodSpec.of("default", "a").build()).id();
            SysctlKey forwarding = SysctlKey.of("net", "ipv4", "ip_forward");
            test.threads().callIn(test.namespace(), () -> {
                try (Sysctls inside = Sysctls.open()) {
                    return inside.write(forwarding, "0");
                }
            });
            assertThat(node.status().reason()).isEqualTo("BridgeDrifted");
            assertThat(node.status().message()).contains("ip_forward");
            assertThat(node.check(pod))
                    .singleElement()
                    .extracting(Drift::toString)
                    .asString()
                    .contains("ip_forward", "expected 1, found 0");
        }
    }

    @Test
    void aPlanRefusesWhatSetUpWouldRefuse() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            PodSpec web = PodSpec.of("default", "web")
                    .hostPort(8080, 80, Protocol.TCP)
                    .build();
            node.setUp(web);
            assertThatThrownBy(() -> node.plan(web))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("default/web is set up already");
            assertThatThrownBy(() -> node.plan(PodSpec.of("default", "other")
                            .hostPort(8080, 81, Protocol.TCP)
                            .build()))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("host port tcp 8080 is taken by pod default/web");
        }
    }

    @Test
    void aPodCidrThatTheNodesOwnNetworkIsInIsRefused() throws Exception {
        try (TestNode test = new TestNode(directory)) {
            test.route()
                    .links()
                    .create(new Bridge(), LinkAttributes.named("uplink").up());
            int uplink = test.route().links().get("uplink").index();
            test.route()
                    .batch(List.of(
                            Addresses.creating(AssignedAddress.of(uplink, InterfaceAddress.parse("192.0.2.1/24")))));
            List<String> before = test.kernel();
            for (String podCidr : List.of("192.0.2.0/24", "192.0.0.0/16", "192.0.2.128/25")) {
                assertThatThrownBy(() -> test.builder().podCidr(podCidr).start())
                        .isInstanceOf(PodnetException.Conflict.class)
                        .hasMessageContaining(podCidr)
                        .hasMessageContaining("192.0.2.1/24 on the node's link uplink");
            }
            assertThat(test.kernel()).isEqualTo(before);
            try (Podnet node = test.builder().removePodsOnClose(true).start()) {
                assertThatThrownBy(() -> node.podCidrsChanged(List.of(Cidr.parse("192.0.2.0/24"))))
                        .isInstanceOf(PodnetException.Conflict.class);
                assertThat(node.status().code()).isEqualTo(Condition.Code.READY);
            }
        }
    }

    @Test
    void aSecondPodCidrJoinsUnderLivePodsAndAUsedOneStays() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            PodNetwork old = node.setUp(PodSpec.of("default", "old").build());
            Cidr ipv4 = Cidr.parse("10.244.1.0/24");
            Cidr ipv6 = Cidr.parse("fd00:10:244:1::/64");
            node.podCidrsChanged(List.of(ipv6, ipv4));
            PodNetwork dual = node.setUp(PodSpec.of("default", "dual").build());
            assertThat(dual.ips()).hasSize(2);
            assertThat(Datagrams.sourceSeen(
                            old.sandbox(), dual.sandbox(), dual.ips().get(0)))
                    .isEqualTo(old.ips().get(0));
            assertThat(Datagrams.sourceSeen(
                            dual.sandbox(), test, dual.status().gateways().get(1)))
                    .isEqualTo(dual.ips().get(1));
            assertThat(node.check(old.id())).isEmpty();
            assertThatThrownBy(() -> node.podCidrsChanged(List.of(Cidr.parse("10.244.2.0/24"))))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("is in use by");
            node.tearDownAll(List.of(old.id(), dual.id()));
            node.podCidrsChanged(List.of(Cidr.parse("10.244.2.0/24")));
            PodNetwork moved = node.setUp(PodSpec.of("default", "moved").build());
            assertThat(moved.ips()).containsExactly(IpAddress.parse("10.244.2.2"));
            assertThat(Datagrams.sourceSeen(
                            moved.sandbox(), test, moved.status().gateways().get(0)))
                    .isEqualTo(moved.ips().get(0));
        }
    }
}
