package io.podnet.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Drift;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.BridgePortAttributes;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Neighbour;
import io.podnet.netlink.route.Route;
import io.podnet.netlink.route.RouteFilter;
import io.podnet.netlink.route.RouteNetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.testkit.machine.Mesh;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody changed of a pod's network is put right when it is asked for, and not before. */
class RepairTest {
    private static final String BOTH = "10.244.1.0/24,fd00:10:244:1::/64";
    private static final PodId A = new PodId("default", "a");
    private static final PodId B = new PodId("default", "b");

    @TempDir
    Path directory;

    private TestNode test;

    @BeforeEach
    void open() throws IOException {
        test = new TestNode(directory);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private Podnet start(String option, String value) {
        return test.builder()
                .podCidr(BOTH)
                .networkPluginOption(option, value)
                .removePodsOnClose(true)
                .start();
    }

    private static PodNetwork setUp(Podnet node, PodId pod) {
        return node.setUp(PodSpec.of(pod.namespace(), pod.name()).build());
    }

    /** Changes made inside a pod. */
    private interface Change {
        void by(RouteNetlink inside, int eth0);
    }

    private void inside(PodNetwork pod, Change change) {
        try (RouteNetlink inside = test.threads().callIn(pod.sandbox().network(), RouteNetlink::open)) {
            change.by(inside, inside.links().get("eth0").index());
        }
    }

    private static void isRepaired(Podnet node, PodNetwork a, PodNetwork b, String what) throws Exception {
        assertThat(node.check(A)).as(what).isNotEmpty();
        assertThat(node.repair(A)).as(what).isEmpty();
        assertThat(node.check(A)).as(what).isEmpty();
        assertThat(node.repair(A)).as(what).isEmpty();
        Map<IpAddress, Mesh.Opener> ends = new HashMap<>();
        for (PodNetwork pod : List.of(a, b)) {
            pod.ips().forEach(ip -> ends.put(ip, pod.sandbox()::openDatagramChannel));
        }
        assertThat(Mesh.missing(ends, 1)).as(what).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void whatIsMissingInsideAPodComesBack(String onLink) throws Exception {
        try (Podnet node = start("onLink", onLink)) {
            PodNetwork a = setUp(node, A);
            PodNetwork b = setUp(node, B);
            List<String> routes = routes(a);
            inside(a, (pod, eth0) -> {
                for (IpFamily family : IpFamily.values()) {
                    assertThat(pod.routes().delete(Route.defaultRoute(family).on(eth0)))
                            .isTrue();
                }
            });
            isRepaired(node, a, b, "default routes");
            inside(
                    a,
                    (pod, eth0) -> a.status()
                            .addresses()
                            .forEach(address -> pod.addresses().delete(eth0, address)));
            isRepaired(node, a, b, "addresses");
            inside(
                    a,
                    (pod, eth0) ->
                            pod.links().change(eth0, LinkAttributes.none().down()));
            isRepaired(node, a, b, "link down");
            inside(
                    a,
                    (pod, eth0) ->
                            pod.links().change(eth0, LinkAttributes.none().mtu(576)));
            isRepaired(node, a, b, "an MTU that takes IPv6 away");
            inside(
                    a,
                    (pod, eth0) ->
                            pod.links().change(eth0, LinkAttributes.none().mac(MacAddress.parse("02:00:00:00:00:01"))));
            isRepaired(node, a, b, "MAC address");
            assertThat(routes(a)).containsExactlyInAnyOrderElementsOf(routes);
        }
    }

    /** Those of the main table; the kernel's own table follows the addresses a little later. */
    private List<String> routes(PodNetwork pod) {
        try (RouteNetlink inside = test.threads().callIn(pod.sandbox().network(), RouteNetlink::open)) {
            return List.of(IpFamily.values()).stream()
                    .flatMap(family -> inside.routes().list(family).stream())
                    .map(Route::toString)
                    .toList();
        }
    }

    @Test
    void aGatewaysNeighbourAndTheHostEndComeBack() throws Exception {
        try (Podnet node = start("onLink", "false")) {
            PodNetwork a = setUp(node, A);
            PodNetwork b = setUp(node, B);
            MacAddress wrong = MacAddress.parse("02:00:00:00:00:01");
            inside(
                    a,
                    (pod, eth0) -> a.status()
                            .gateways()
                            .forEach(gateway -> pod.neighbours().replace(Neighbour.permanent(eth0, gateway, wrong))));
            isRepaired(node, a, b, "gateways' neighbours");
            String port = a.status().hostInterfaceName().orElseThrow();
            test.route().links().change(port, LinkAttributes.none().noMaster().mtu(1000));
            isRepaired(node, a, b, "no port, another MTU");
            test.route().links().change(port, LinkAttributes.none().down());
            isRepaired(node, a, b, "host end down");
            int bridge = test.route().links().get("cbr0").index();
            test.route().neighbours().delete(bridge, a.ips().get(0));
            test.route()
                    .neighbours()
                    .replace(Neighbour.permanent(bridge, a.ips().get(1), wrong));
            isRepaired(node, a, b, "the bridge's neighbours");
            int host = test.route().links().get(port).index();
            test.route().bridgePorts().change(host, BridgePortAttributes.none().hairpin(false));
            isRepaired(node, a, b, "hairpin");
        }
    }

    @Test
    void limitsAndRulesComeBack() throws Exception {
        try (Podnet node = start("onLink", "false");
                NetlinkConversation netfilter = test.threads()
                        .callIn(test.namespace(), () -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER))) {
            PodNetwork a = node.setUp(PodSpec.of("default", "a")
                    .annotation("kubernetes.io/ingress-bandwidth", "10M")
                    .annotation("kubernetes.io/egress-bandwidth", "20M")
                    .build());
            PodNetwork b = setUp(node, B);
            String port = a.status().hostInterfaceName().orElseThrow();
            test.route().links().delete("pi" + port.substring(2));
            isRepaired(node, a, b, "the device that limits what is sent");
            test.route()
                    .links()
                    .change("pi" + port.substring(2), LinkAttributes.none().down());
            Nftables nftables = new Nftables(netfilter);
            nftables.tables().forEach(nftables::deleteTable);
            assertThat(node.repair(A)).isEmpty();
            assertThat(node.check(B)).isEmpty();
        }
    }

    @Test
    void whatThePodsOwnerPutThereStays() throws Exception {
        try (Podnet node = start("onLink", "false")) {
            PodNetwork a = setUp(node, A);
            PodNetwork b = setUp(node, B);
            InterfaceAddress own = InterfaceAddress.parse("192.0.2.1/24");
            Route way = Route.to(own.cidr()).withMetric(7);
            inside(a, (pod, eth0) -> {
                pod.addresses().create(AssignedAddress.of(eth0, own).withoutPrefixRoute());
                pod.routes().create(way.on(eth0));
                pod.routes().delete(Route.defaultRoute(IpFamily.IPV4).on(eth0));
            });
            isRepaired(node, a, b, "default route beside the owner's");
            inside(a, (pod, eth0) -> {
                assertThat(pod.addresses().list(eth0))
                        .extracting(AssignedAddress::address)
                        .contains(own);
                assertThat(pod.routes().list(RouteFilter.all(IpFamily.IPV4).on(eth0)))
                        .anyMatch(route -> route.destination().equals(own.cidr()) && route.metric() == 7);
            });
        }
    }

    @Test
    void whatCannotBePutRightIsTold() {
        try (Podnet node = start("onLink", "false")) {
            PodNetwork a = setUp(node, A);
            setUp(node, B);
            test.route().links().delete(a.status().hostInterfaceName().orElseThrow());
            assertThat(node.repair(A)).extracting(Drift::toString).anyMatch(drift -> drift.contains("eth0"));
            test.route().links().delete("cbr0");
            assertThat(node.repair(B)).extracting(Drift::toString).anyMatch(drift -> drift.contains("cbr0"));
        }
    }
}
