package io.podnet.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links, addresses, routes, rules and neighbours on the real kernel, checked against what iproute2 sees. */
class RouteKernelTest {
    private static final MacAddress HOST_MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress POD_MAC = MacAddress.parse("02:00:00:00:00:02");
    private static final MacAddress BRIDGE_MAC = MacAddress.parse("02:00:00:00:00:ff");
    private static final int OURS = 98;

    private final FreshNamespace node = new FreshNamespace();
    private final FreshNamespace pod = new FreshNamespace();
    private final RouteNetlink host = node.call(RouteNetlink::open);
    private final RouteNetlink inPod = pod.call(RouteNetlink::open);
    private int bridge;

    @BeforeEach
    void makeBridge() {
        host.links()
                .create(
                        new Bridge(),
                        LinkAttributes.named("cbr0")
                                .mac(BRIDGE_MAC)
                                .mtu(1400)
                                .group(77)
                                .alias("the bridge")
                                .noAddressGeneration()
                                .up());
        bridge = host.links().get("cbr0").index();
    }

    @AfterEach
    void close() {
        host.close();
        inPod.close();
        node.close();
        pod.close();
    }

    private void attach() {
        int fd = pod.openFd();
        try {
            host.links()
                    .create(
                            new Veth(LinkAttributes.named("eth0")
                                    .mac(POD_MAC)
                                    .mtu(1400)
                                    .namespaceFd(fd)),
                            LinkAttributes.named("veth0")
                                    .mac(HOST_MAC)
                                    .mtu(1400)
                                    .master(bridge)
                                    .group(5)
                                    .alias("pod default/web")
                                    .noAddressGeneration()
                                    .up());
        } finally {
            Libc.instance().close(fd);
        }
    }

    @Test
    void aBridgeIsAsAsked() {
        Link link = host.links().get("cbr0");
        assertThat(link.kind()).isEqualTo("bridge");
        assertThat(link.mac()).contains(BRIDGE_MAC);
        assertThat(link.mtu()).isEqualTo(1400);
        assertThat(link.group()).isEqualTo(77);
        assertThat(link.alias()).isEqualTo("the bridge");
        assertThat(link.isUp()).isTrue();
        assertThat(node.run("ip", "-d", "link", "show", "cbr0"))
                .contains("vlan_filtering 0", "group 77", "addrgenmode none", "mtu 1400");
        assertThat(node.run("ip", "-6", "addr", "show", "cbr0")).isEmpty();
    }

    @Test
    void oneMessageMakesBothEndsOfAVethInTheirNamespaces() {
        attach();
        Link outer = host.links().get("veth0");
        assertThat(outer.kind()).isEqualTo("veth");
        assertThat(outer.mac()).contains(HOST_MAC);
        assertThat(outer.masterIndex()).isEqualTo(bridge);
        assertThat(outer.group()).isEqualTo(5);
        assertThat(outer.alias()).isEqualTo("pod default/web");
        assertThat(outer.isUp()).isTrue();
        assertThat(outer.peerNamespaceId()).isPresent();

        Link inner = inPod.links().get("eth0");
        assertThat(inner.mac()).contains(POD_MAC);
        assertThat(inner.mtu()).isEqualTo(1400);
        assertThat(inner.isUp()).isFalse();
        assertThat(inner.peerIndex()).isEqualTo(outer.index());
        assertThat(outer.peerIndex()).isEqualTo(inner.index());

        inPod.links().change("eth0", LinkAttributes.none().noAddressGeneration().up());
        assertThat(inPod.links().get("eth0").isUp()).isTrue();
        assertThat(pod.run("ip", "-6", "addr", "show", "eth0")).isEmpty();
        assertThat(host.links().get("veth0").isRunning()).isTrue();
        assertThat(host.links().listPorts(bridge)).extracting(Link::name).containsExactly("veth0");
        assertThat(host.links().list()).extracting(Link::name).containsExactly("lo", "cbr0", "veth0");
    }

    @Test
    void aLinkChangesAndGoes() {
        attach();
        int index = host.links().get("veth0").index();
        host.links().change(index, LinkAttributes.none().down());
        host.links()
                .change(
                        "veth0",
                        LinkAttributes.named("other0")
                                .noMaster()
                                .mtu(1300)
                                .group(6)
                                .alias("")
                                .promiscuous(true));
        Link changed = host.links().find(index).orElseThrow();
        assertThat(changed.name()).isEqualTo("other0");
        assertThat(changed.masterIndex()).isZero();
        assertThat(changed.mtu()).isEqualTo(1300);
        assertThat(changed.group()).isEqualTo(6);
        assertThat(changed.alias()).isEmpty();
        assertThat(changed.isPromiscuous()).isTrue();
        assertThat(changed.isUp()).isFalse();

        assertThat(host.links().delete("other0")).isTrue();
        assertThat(host.links().delete("other0")).isFalse();
        assertThat(host.links().delete(index)).isFalse();
        assertThat(host.links().find(index)).isEmpty();
        assertThat(inPod.links().find("eth0")).isEmpty();
    }

    @Test
    void aGroupIsDeletedAtOnce() {
        for (int i = 0; i < 5; i++) {
            host.links()
                    .create(
                            new Veth(LinkAttributes.named("p" + i).group(9)),
                            LinkAttributes.named("v" + i).group(9));
        }
        assertThat(host.links().list()).hasSize(12);
        assertThat(host.links().deleteGroup(9)).isTrue();
        assertThat(host.links().deleteGroup(9)).isFalse();
        assertThat(host.links().list()).hasSize(2);
        assertThatThrownBy(() -> host.links().deleteGroup(0)).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void aLinkMovesToAnotherNamespace() {
        host.links().create(new Veth(LinkAttributes.named("a1")), LinkAttributes.named("a0"));
        int fd = pod.openFd();
        try {
            host.links().change("a1", LinkAttributes.none().namespaceFd(fd));
        } finally {
            Libc.instance().close(fd);
        }
        assertThat(host.links().find("a1")).isEmpty();
        assertThat(inPod.links().find("a1")).isPresent();
    }

    @Test
    void refusalsSayWhichLink() {
        assertThatThrownBy(() -> host.links().create(new Bridge(), LinkAttributes.named("cbr0")))
                .isInstanceOf(PodnetException.KernelRejected.class)
                .hasMessageContaining("cbr0")
                .hasMessageContaining("EEXIST");
        assertThatThrownBy(() -> host.links().create(LinkKind.of("nosuch"), LinkAttributes.named("x0")))
                .isInstanceOf(PodnetException.Unsupported.class);
        assertThatThrownBy(() -> host.links().get("absent")).isInstanceOf(PodnetException.NotFound.class);
        assertThatThrownBy(() -> LinkAttributes.named("much-too-long-name"))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> LinkAttributes.named("a/b")).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void aVxlanIsReadBackAsItWasMade() {
        host.addresses().create(AssignedAddress.of(bridge, InterfaceAddress.parse("192.0.2.1/24")));
        Vxlan v4 = new Vxlan(1, 8472, Optional.of(IpAddress.parse("192.0.2.1")), bridge, false);
        host.links()
                .create(
                        v4,
                        LinkAttributes.named("flannel.1")
                                .mac(POD_MAC)
                                .noAddressGeneration()
                                .up());
        Link link = host.links().get("flannel.1");
        assertThat(link.kind()).isEqualTo("vxlan");
        assertThat(link.vxlan()).contains(v4);
        assertThat(node.run("ip", "-d", "link", "show", "flannel.1"))
                .contains("vxlan id 1", "local 192.0.2.1", "dev cbr0", "dstport 8472", "nolearning");

        Vxlan v6 = new Vxlan(2, 4789, Optional.of(IpAddress.parse("2001:db8::1")), 0, true);
        host.links().create(v6, LinkAttributes.named("vx6"));
        assertThat(host.links().get("vx6").vxlan()).contains(v6);
    }

    @Test
    void aVxlanWithoutOuterChecksumsIsReadBackAsItWasMade() {
        Vxlan v4 = new Vxlan(3, 8472, Optional.of(IpAddress.parse("192.0.2.1")), 0, false).withoutUdpChecksums();
        Vxlan v6 = new Vxlan(3, 8472, Optional.of(IpAddress.parse("2001:db8::1")), 0, false).withoutUdpChecksums();
        host.links().create(v4, LinkAttributes.named("vx4"));
        host.links().create(v6, LinkAttributes.named("vx6"));
        assertThat(host.links().get("vx4").vxlan()).contains(v4);
        assertThat(host.links().get("vx6").vxlan()).contains(v6);
        assertThat(node.run("ip", "-d", "link", "show", "vx4")).contains(" noudpcsum ");
        assertThat(node.run("ip", "-d", "link", "show", "vx6")).contains(" udp6zerocsumtx udp6zerocsumrx ");
    }

    @Test
    void forwardingEntriesOfAVxlan() {
        host.links()
                .create(
                        new Vxlan(1, 8472, Optional.empty(), 0, false),
                        LinkAttributes.named("vx0").up());
        int vxlan = host.links().get("vx0").index();
        FdbEntry entry = FdbEntry.tunnel(vxlan, POD_MAC, IpAddress.parse("192.0.2.7"));
        host.bridgeFdb().replace(entry);
        host.bridgeFdb().replace(FdbEntry.tunnel(vxlan, POD_MAC, IpAddress.parse("192.0.2.8")));
        assertThat(node.run("bridge", "fdb", "show", "dev", "vx0"))
                .contains("02:00:00:00:00:02 dst 192.0.2.8 self permanent")
                .doesNotContain("192.0.2.7");
        assertThat(host.bridgeFdb().list(vxlan)).singleElement().satisfies(read -> {
            assertThat(read.mac()).isEqualTo(POD_MAC);
            assertThat(read.destination()).contains(IpAddress.parse("192.0.2.8"));
            assertThat(read.isPermanent()).isTrue();
        });
        MacAddress zero = new MacAddress(0);
        host.bridgeFdb().append(FdbEntry.tunnel(vxlan, zero, IpAddress.parse("192.0.2.1")));
        host.bridgeFdb().append(FdbEntry.tunnel(vxlan, zero, IpAddress.parse("192.0.2.2")));
        host.bridgeFdb().append(FdbEntry.tunnel(vxlan, zero, IpAddress.parse("192.0.2.2")));
        assertThat(host.bridgeFdb().list(vxlan)).hasSize(3);
        assertThat(host.bridgeFdb().delete(FdbEntry.tunnel(vxlan, POD_MAC, IpAddress.parse("192.0.2.8"))))
                .isTrue();
        assertThat(host.bridgeFdb().delete(FdbEntry.tunnel(vxlan, POD_MAC, IpAddress.parse("192.0.2.8"))))
                .isFalse();
        assertThat(host.bridgeFdb().delete(FdbEntry.tunnel(9999, POD_MAC, IpAddress.parse("192.0.2.8"))))
                .isFalse();
    }

    @Test
    void forwardingEntriesOfABridge() {
        attach();
        int port = host.links().get("veth0").index();
        MacAddress behind = MacAddress.parse("02:00:00:00:00:33");
        host.bridgeFdb().replace(FdbEntry.port(port, behind).externallyLearned());
        assertThat(node.run("bridge", "fdb", "show", "br", "cbr0"))
                .contains("02:00:00:00:00:33 dev veth0 extern_learn");
        assertThat(host.bridgeFdb().listBridge(bridge))
                .filteredOn(entry -> entry.mac().equals(behind))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.linkIndex()).isEqualTo(port);
                    assertThat(entry.isExternallyLearned()).isTrue();
                });
        assertThat(host.bridgeFdb().list(port)).extracting(FdbEntry::mac).contains(behind);
        assertThat(host.bridgeFdb().delete(FdbEntry.port(port, behind))).isTrue();
        assertThat(host.bridgeFdb().delete(FdbEntry.port(port, behind))).isFalse();
    }

    @Test
    void bridgePortsAreSetAndReadBack() {
        attach();
        int port = host.links().get("veth0").index();
        host.bridgePorts()
                .change(
                        port,
                        BridgePortAttributes.none()
                                .hairpin(true)
                                .learning(false)
                                .isolated(true)
                                .neighbourSuppression(true)
                                .unicastFlood(false));
        assertThat(host.bridgePorts().find(port))
                .contains(new BridgePort(port, bridge, true, false, false, true, true));
        assertThat(node.run("ip", "-d", "link", "show", "veth0"))
                .contains("hairpin on", "learning off", "isolated on", "neigh_suppress on", "flood off");
        host.bridgePorts().change(port, BridgePortAttributes.none().hairpin(false));
        assertThat(host.bridgePorts().find(port))
                .contains(new BridgePort(port, bridge, false, false, false, true, true));
        assertThatThrownBy(() -> host.bridgePorts()
                        .change(bridge, BridgePortAttributes.none().hairpin(true)))
                .isInstanceOf(PodnetException.class);
    }

    @Test
    void addressesOfBothFamilies() {
        attach();
        inPod.links().change("eth0", LinkAttributes.none().noAddressGeneration().up());
        int eth0 = inPod.links().get("eth0").index();
        AssignedAddress v4 = AssignedAddress.of(eth0, InterfaceAddress.parse("10.244.1.5/24"));
        AssignedAddress v6 =
                AssignedAddress.of(eth0, InterfaceAddress.parse("fd00::5/64")).withoutPrefixRoute();
        AssignedAddress linkLocal = AssignedAddress.of(eth0, InterfaceAddress.parse("fe80::5/64"));
        inPod.addresses().create(v4);
        inPod.addresses().create(v6);
        inPod.addresses().create(linkLocal);
        inPod.addresses().replace(v4);
        assertThatThrownBy(() -> inPod.addresses().create(v4)).hasMessageContaining("EEXIST");

        List<AssignedAddress> listed = inPod.addresses().list(eth0);
        assertThat(listed)
                .extracting(AssignedAddress::address)
                .containsExactlyInAnyOrder(v4.address(), v6.address(), linkLocal.address());
        assertThat(listed).noneMatch(AssignedAddress::isTentative);
        assertThat(inPod.addresses().list()).hasSize(3);
        assertThat(pod.run("ip", "-6", "addr", "show", "eth0")).contains("nodad", "noprefixroute", "scope link");
        assertThat(inPod.routes().list(IpFamily.IPV6))
                .extracting(route -> route.destination().toString())
                .containsExactly("fe80::/64");

        assertThat(inPod.addresses().delete(eth0, v4.address())).isTrue();
        assertThat(inPod.addresses().delete(eth0, v4.address())).isFalse();
        assertThat(inPod.addresses().delete(eth0, v6.address())).isTrue();
        assertThat(inPod.addresses().delete(eth0, v6.address())).isFalse();
        assertThat(inPod.addresses().delete(4711, v6.address())).isFalse();
    }

    @Test
    void routesOfBothFamilies() {
        attach();
        inPod.links().change("lo", LinkAttributes.none().up());
        inPod.links().change("eth0", LinkAttributes.none().noAddressGeneration().up());
        int eth0 = inPod.links().get("eth0").index();
        inPod.addresses().create(AssignedAddress.of(eth0, InterfaceAddress.parse("10.244.1.5/24")));
        inPod.addresses().create(AssignedAddress.of(eth0, InterfaceAddress.parse("fd00::5/64")));

        Route v4 = Route.defaultRoute(IpFamily.IPV4)
                .via(IpAddress.parse("10.244.1.1"))
                .on(eth0)
                .ofProtocol(OURS)
                .withMtu(1380)
                .from(IpAddress.parse("10.244.1.5"));
        Route v6 = Route.defaultRoute(IpFamily.IPV6)
                .via(IpAddress.parse("fd00::1"))
                .on(eth0)
                .ofProtocol(OURS)
                .withMetric(55);
        Route onLink = Route.to(Cidr.parse("10.245.0.0/16"))
                .via(IpAddress.parse("192.0.2.9"))
                .on(eth0)
                .withGatewayOnLink()
                .ofProtocol(OURS);
        Route other =
                Route.to(Cidr.parse("10.250.0.0/16")).on(eth0).inTable(1000).ofProtocol(OURS);
        Route hole = Route.to(Cidr.parse("10.251.0.0/16"))
                .ofType(RouteType.BLACKHOLE)
                .ofProtocol(OURS);
        for (Route route : List.of(v4, v6, onLink, other, hole)) {
            inPod.routes().create(route);
            inPod.routes().replace(route);
        }
        assertThat(inPod.routes().list(RouteFilter.ofProtocol(IpFamily.IPV4, OURS)))
                .containsExactlyInAnyOrder(v4, onLink, other, hole);
        assertThat(inPod.routes().list(RouteFilter.ofProtocol(IpFamily.IPV6, OURS)))
                .containsExactly(v6);
        assertThat(inPod.routes()
                        .list(RouteFilter.all(IpFamily.IPV4).inTable(1000).on(eth0)))
                .containsExactly(other);
        assertThat(inPod.routes().list(RouteFilter.all(IpFamily.IPV4).inTable(4242)))
                .isEmpty();
        assertThat(pod.run("ip", "-4", "route", "show", "default"))
                .contains("via 10.244.1.1 dev eth0 proto 98 src 10.244.1.5 mtu 1380");
        assertThat(pod.run("ip", "-4", "route", "show", "10.245.0.0/16")).contains("onlink");
        assertThat(pod.run("ip", "-6", "route", "show", "default")).contains("via fd00::1 dev eth0 proto 98 metric 55");
        assertThat(pod.run("ip", "-4", "route", "show", "table", "1000")).contains("10.250.0.0/16 dev eth0");

        assertThat(inPod.routes()
                        .lookup(IpAddress.parse("198.51.100.1"))
                        .orElseThrow()
                        .gateway())
                .contains(IpAddress.parse("10.244.1.1"));
        assertThat(inPod.routes()
                        .lookup(IpAddress.parse("2001:db8::1"))
                        .orElseThrow()
                        .gateway())
                .contains(IpAddress.parse("fd00::1"));

        for (Route route : List.of(v4, v6, onLink, other, hole)) {
            assertThat(inPod.routes().delete(route))
                    .as("first delete of %s", route)
                    .isTrue();
            assertThat(inPod.routes().delete(route))
                    .as("second delete of %s", route)
                    .isFalse();
        }
        assertThat(inPod.routes().lookup(IpAddress.parse("198.51.100.1"))).isEmpty();
        assertThat(inPod.routes().lookup(IpAddress.parse("2001:db8::1"))).isEmpty();
        assertThatThrownBy(() -> inPod.routes().create(v4.via(IpAddress.parse("203.0.113.1"))))
                .hasMessageContaining("Nexthop has invalid gateway");
    }

    @Test
    void rulesOfBothFamilies() {
        Rule v4 = Rule.toTable(IpFamily.IPV4, 1234, 1000, OURS)
                .from(Cidr.parse("10.244.0.0/16"))
                .to(Cidr.parse("10.96.0.0/12"))
                .comingBy("cbr0")
                .marked(0x4000, 0xff00);
        Rule v6 = Rule.toTable(IpFamily.IPV6, 1235, 200, OURS).from(Cidr.parse("fd00::/64"));
        for (Rule rule : List.of(v4, v6)) {
            assertThat(host.rules().ensure(rule)).isTrue();
            assertThat(host.rules().ensure(rule)).isFalse();
            assertThatThrownBy(() -> host.rules().create(rule)).hasMessageContaining("EEXIST");
            assertThat(host.rules().list(rule.family())).contains(rule);
        }
        assertThat(node.run("ip", "-4", "rule", "show"))
                .contains("1234:\tfrom 10.244.0.0/16 to 10.96.0.0/12 fwmark 0x4000/0xff00 iif cbr0 lookup 1000");
        for (Rule rule : List.of(v4, v6)) {
            assertThat(host.rules().delete(rule)).isTrue();
            assertThat(host.rules().delete(rule)).isFalse();
        }
    }

    @Test
    void neighboursOfBothFamilies() {
        Neighbour v4 = Neighbour.permanent(bridge, IpAddress.parse("10.244.2.0"), POD_MAC);
        Neighbour v6 = Neighbour.permanent(bridge, IpAddress.parse("fd00::2"), POD_MAC);
        for (Neighbour neighbour : List.of(v4, v6)) {
            host.neighbours().replace(Neighbour.permanent(bridge, neighbour.address(), HOST_MAC));
            host.neighbours().replace(neighbour);
            IpFamily family = neighbour.address().family();
            assertThat(host.neighbours().list(family, bridge)).containsExactly(neighbour);
            assertThat(host.neighbours().list(family, 0)).containsExactly(neighbour);
            assertThat(host.neighbours().delete(bridge, neighbour.address())).isTrue();
            assertThat(host.neighbours().list(family, bridge)).noneMatch(Neighbour::isPermanent);
            assertThat(host.neighbours().delete(4711, neighbour.address())).isFalse();
        }
        assertThat(host.neighbours().delete(bridge, IpAddress.parse("10.244.2.99")))
                .isFalse();
    }

    @Test
    void aBatchMixesKinds() {
        List<NetlinkRequest> requests = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            IpAddress peer = IpAddress.parse("10.0.0.0").plus(i);
            requests.add(Neighbours.replacing(Neighbour.permanent(bridge, peer, POD_MAC)));
            requests.add(
                    Routes.replacing(Route.to(new Cidr(peer, 32)).on(bridge).ofProtocol(OURS)));
        }
        host.batch(requests);
        assertThat(host.neighbours().list(IpFamily.IPV4, bridge)).hasSize(1000);
        assertThat(host.routes().list(RouteFilter.ofProtocol(IpFamily.IPV4, OURS)))
                .hasSize(1000);
    }

    @Test
    void aRouteBesideAnotherToTheSameDestinationIsFoundByItsLink() {
        attach();
        inPod.links().change("eth0", LinkAttributes.none().up());
        inPod.links().create(new Bridge(), LinkAttributes.named("eth1").up());
        int first = inPod.links().get("eth0").index();
        int second = inPod.links().get("eth1").index();
        for (String prefix : List.of("10.1.%d.%d/24", "fd00:%d::%d/64")) {
            InterfaceAddress one = InterfaceAddress.parse(prefix.formatted(1, 2));
            InterfaceAddress two = InterfaceAddress.parse(prefix.formatted(2, 2));
            inPod.addresses().create(AssignedAddress.of(first, one));
            inPod.addresses().create(AssignedAddress.of(second, two));
            Cidr everywhere = Cidr.parse(one.address().family() == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0");
            IpAddress by = IpAddress.parse(prefix.formatted(1, 1).replaceAll("/.*", ""));
            IpAddress then = IpAddress.parse(prefix.formatted(2, 1).replaceAll("/.*", ""));
            inPod.batch(List.of(
                    Routes.adding(Route.to(everywhere).via(by).on(first)),
                    Routes.adding(Route.to(everywhere).via(then).on(second))));
            RouteFilter all = RouteFilter.all(everywhere.family());
            assertThat(inPod.routes().list(all.on(first)))
                    .filteredOn(route -> route.destination().equals(everywhere))
                    .extracting(Route::gateway)
                    .containsExactly(Optional.of(by));
            assertThat(inPod.routes().list(all.on(second)))
                    .filteredOn(route -> route.destination().equals(everywhere))
                    .extracting(Route::gateway)
                    .containsExactly(Optional.of(then));
            assertThatThrownBy(() -> inPod.batch(
                            List.of(Routes.adding(Route.to(everywhere).via(then).on(second)))))
                    .isInstanceOf(PodnetException.KernelRejected.class)
                    .hasMessageContaining("EEXIST");
        }
    }
}
