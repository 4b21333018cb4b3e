package io.podnet.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.IpFamilyPolicy;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.api.ServicePort;
import io.podnet.api.ServiceSpec;
import io.podnet.api.ServiceSpecBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalServiceAllocatorTest {
    private final MemoryStore store = new MemoryStore();

    private LocalServiceAllocator allocator(String... cidrs) {
        return new LocalServiceAllocator(
                List.of(cidrs).stream().map(Cidr::parse).toList(), List.of(IpFamily.IPV4), store, new Random(7));
    }

    private static ServiceSpecBuilder spec(String name) {
        return ServiceSpec.of("default", name).port(80, 8080);
    }

    private static ServicePort port(String name, Protocol protocol, int port, int nodePort) {
        return new ServicePort(
                name,
                protocol,
                port,
                "80",
                nodePort == 0 ? OptionalInt.empty() : OptionalInt.of(nodePort),
                Optional.empty());
    }

    private static List<String> ips(Service service) {
        return service.clusterIps().stream().map(IpAddress::toString).toList();
    }

    @Test
    void aServiceGetsAnAddressAboveTheStaticBandAndKeepsIt() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/16");
        for (int i = 0; i < 500; i++) {
            IpAddress ip = allocator
                    .allocate(spec("s" + i).build())
                    .service()
                    .clusterIps()
                    .get(0);
            assertThat(ip.minus(IpAddress.parse("10.96.0.0"))).isBetween(257L, 65_534L);
        }
        Service again =
                allocator.allocate(spec("s7").label("new", "label").build()).service();
        assertThat(again.labels()).containsEntry("new", "label");
        assertThat(store.written.get(again.id()).clusterIps()).isEqualTo(again.clusterIps());
        assertThat(allocator("10.96.0.0/16")
                        .allocate(spec("s7").build())
                        .service()
                        .clusterIps())
                .as("after a restart")
                .isEqualTo(again.clusterIps());
    }

    @Test
    void aSmallNetworkIsUsedToItsEndTheBandLast() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/27");
        Set<IpAddress> all = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            IpAddress ip = allocator
                    .allocate(spec("s" + i).build())
                    .service()
                    .clusterIps()
                    .get(0);
            long index = ip.minus(IpAddress.parse("10.96.0.0"));
            // 32/16 is 2, but a band has 16 at least: 10.96.0.1 to .16; the upper part is .17 to .30.
            assertThat(index).isBetween(i < 14 ? 17L : 1L, i < 14 ? 30L : 16L);
            all.add(ip);
        }
        assertThat(all).hasSize(30);
        assertThatThrownBy(() -> allocator.allocate(spec("more").build()))
                .isInstanceOf(PodnetException.LimitReached.class)
                .hasMessageContaining("all 30 of service CIDR 10.96.0.0/27");
        allocator.release(new ServiceId("default", "s3"));
        assertThat(all)
                .contains(allocator
                        .allocate(spec("more").build())
                        .service()
                        .clusterIps()
                        .get(0));
    }

    @Test
    void theBandHasKep3070sSize() {
        assertThat(new ServiceRange(Cidr.parse("10.0.0.0/28")).band()).isZero();
        assertThat(new ServiceRange(Cidr.parse("10.0.0.0/24")).band()).isEqualTo(16);
        assertThat(new ServiceRange(Cidr.parse("10.0.0.0/23")).band()).isEqualTo(32);
        assertThat(new ServiceRange(Cidr.parse("10.0.0.0/20")).band()).isEqualTo(256);
        assertThat(new ServiceRange(Cidr.parse("10.0.0.0/12")).band()).isEqualTo(256);
        assertThat(new ServiceRange(Cidr.parse("fd00::/64")).band()).isEqualTo(256);
        assertThat(new ServiceRange(Cidr.parse("10.0.0.0/24")).usable()).isEqualTo(254);
        assertThat(new ServiceRange(Cidr.parse("fd00::/120")).usable()).isEqualTo(255);
    }

    @Test
    void aRequestedAddressIsHonouredOrRefusedWithoutAnyChange() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/24");
        IpAddress ten = IpAddress.parse("10.96.0.10");
        assertThat(ips(allocator.allocate(spec("a").clusterIp(ten).build()).service()))
                .containsExactly("10.96.0.10");
        Map<ServiceId, Allocation> before = Map.copyOf(store.written);

        assertThatThrownBy(() -> allocator.allocate(spec("b").clusterIp(ten).build()))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("default/a");
        for (String none : List.of("10.96.0.0", "10.96.0.255", "10.97.0.1")) {
            assertThatThrownBy(() -> allocator.allocate(
                            spec("b").clusterIp(IpAddress.parse(none)).build()))
                    .isInstanceOf(PodnetException.Invalid.class)
                    .hasMessageContaining(none);
        }
        assertThat(store.written).isEqualTo(before);

        allocator.release(new ServiceId("default", "a"));
        assertThat(store.written).isEmpty();
        assertThat(ips(allocator.allocate(spec("b").clusterIp(ten).build()).service()))
                .containsExactly("10.96.0.10");
    }

    @Test
    void whatCannotBeWrittenDownIsNotGiven() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/24");
        store.full = true;
        assertThatThrownBy(() -> allocator.allocate(
                        spec("a").clusterIp(IpAddress.parse("10.96.0.10")).build()))
                .isInstanceOf(PodnetException.StateFailure.class);
        store.full = false;
        assertThat(allocator.holders()).isEmpty();
        assertThat(ips(allocator
                        .allocate(spec("b")
                                .clusterIp(IpAddress.parse("10.96.0.10"))
                                .build())
                        .service()))
                .containsExactly("10.96.0.10");
    }

    @Test
    void familiesFollowThePolicy() {
        LocalServiceAllocator dual = allocator("fd00:10:96::/112", "10.96.0.0/16");
        assertThat(dual.allocate(spec("single").build()).families()).containsExactly(IpFamily.IPV6);
        assertThat(dual.allocate(spec("four").ipFamily(IpFamily.IPV4).build()).families())
                .containsExactly(IpFamily.IPV4);
        ServiceSpec prefer =
                spec("both").ipFamilyPolicy(IpFamilyPolicy.PREFER_DUAL_STACK).build();
        assertThat(dual.allocate(prefer).service().clusterIps())
                .map(IpAddress::family)
                .containsExactly(IpFamily.IPV6, IpFamily.IPV4);
        ServiceSpec order = spec("order")
                .ipFamilyPolicy(IpFamilyPolicy.REQUIRE_DUAL_STACK)
                .ipFamily(IpFamily.IPV4)
                .build();
        assertThat(dual.allocate(order).families()).containsExactly(IpFamily.IPV4, IpFamily.IPV6);
        List<IpAddress> both = dual.allocate(prefer).service().clusterIps();
        assertThat(dual.allocate(spec("both").build()).service().clusterIps())
                .as("one family less keeps the other's address")
                .containsExactly(both.get(0));

        LocalServiceAllocator one = allocator("10.96.0.0/16");
        assertThat(one.allocate(prefer).families()).containsExactly(IpFamily.IPV4);
        assertThatThrownBy(() -> one.allocate(order))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("requires dual stack");
        assertThatThrownBy(
                        () -> one.allocate(spec("six").ipFamily(IpFamily.IPV6).build()))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> dual.allocate(spec("two")
                        .ipFamily(IpFamily.IPV6)
                        .ipFamily(IpFamily.IPV4)
                        .build()))
                .hasMessageContaining("ipFamilyPolicy must be PreferDualStack or RequireDualStack");
    }

    @Test
    void headlessServicesAndAliasesHaveNoAddress() {
        LocalServiceAllocator none = allocator();
        assertThat(none.allocate(spec("h").headless().build()).service().clusterIps())
                .isEmpty();
        assertThat(none.allocate(spec("h").headless().build()).families()).containsExactly(IpFamily.IPV4);
        assertThat(none.allocate(ServiceSpec.of("default", "e")
                                .externalName("example.org")
                                .build())
                        .families())
                .isEmpty();
        assertThat(store.written).isEmpty();
        assertThatThrownBy(() -> none.allocate(spec("c").build())).hasMessageContaining("has no service CIDRs");
    }

    @Test
    void aServiceThatBecomesAnAliasReleasesWhatItHad() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/24");
        ServiceSpec nodePort = spec("a").type(Service.Type.NODE_PORT).build();
        allocator.allocate(nodePort);
        assertThat(allocator.holders()).hasSize(1);
        allocator.allocate(
                ServiceSpec.of("default", "a").externalName("example.org").build());
        assertThat(allocator.holders()).isEmpty();
        assertThat(store.written).isEmpty();
    }

    @Test
    void nodePortsAreChosenAboveTheBandAndKept() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/16");
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            int number = allocator
                    .allocate(spec("s" + i).type(Service.Type.NODE_PORT).build())
                    .service()
                    .ports()
                    .get(0)
                    .nodePort()
                    .orElseThrow();
            assertThat(number).isBetween(30_086, 32_767);
            numbers.add(number);
        }
        assertThat(numbers).hasSize(200);
        Service service = allocator("10.96.0.0/16")
                .allocate(spec("s7").type(Service.Type.LOAD_BALANCER).build())
                .service();
        assertThat(service.ports().get(0).nodePort())
                .hasValue(store.written.get(service.id()).nodePorts().get(new Allocation.PortKey(Protocol.TCP, 80)));
        assertThat(allocator
                        .allocate(spec("s7").build())
                        .service()
                        .ports()
                        .get(0)
                        .nodePort())
                .isEmpty();
    }

    @Test
    void aRequestedNodePortIsHonouredOrRefused() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/16");
        ServiceSpec a = ServiceSpec.of("default", "a")
                .type(Service.Type.NODE_PORT)
                .port(port("", Protocol.TCP, 80, 30_080))
                .build();
        assertThat(allocator.allocate(a).service().ports().get(0).nodePort()).hasValue(30_080);
        assertThatThrownBy(() -> allocator.allocate(ServiceSpec.of("default", "b")
                        .type(Service.Type.NODE_PORT)
                        .port(port("", Protocol.UDP, 80, 30_080))
                        .build()))
                .isInstanceOf(PodnetException.Conflict.class);
        assertThatThrownBy(() -> allocator.allocate(ServiceSpec.of("default", "b")
                        .type(Service.Type.NODE_PORT)
                        .port(port("", Protocol.TCP, 80, 8_080))
                        .build()))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("30000..32767");
        assertThat(allocator.holders()).hasSize(1);
    }

    @Test
    void onePortOverTwoProtocolsHasOneNodePort() {
        Service dns = allocator("10.96.0.0/16")
                .allocate(ServiceSpec.of("default", "dns")
                        .type(Service.Type.NODE_PORT)
                        .port(port("dns", Protocol.UDP, 53, 0))
                        .port(port("dns-tcp", Protocol.TCP, 53, 0))
                        .build())
                .service();
        assertThat(dns.ports().get(0).nodePort())
                .isPresent()
                .isEqualTo(dns.ports().get(1).nodePort());
    }

    @Test
    void aLocalLoadBalancerHasAHealthCheckNodePort() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/16");
        ServiceSpecBuilder local =
                spec("a").type(Service.Type.LOAD_BALANCER).externalTrafficPolicy(Service.TrafficPolicy.LOCAL);
        Service service = allocator.allocate(local.build()).service();
        int check = service.loadBalancer().healthCheckNodePort().orElseThrow();
        assertThat(check).isNotEqualTo(service.ports().get(0).nodePort().orElseThrow());
        assertThat(allocator("10.96.0.0/16").allocate(local.build()).service())
                .as("after a restart")
                .isEqualTo(service);
        Service without = allocator
                .allocate(local.allocateLoadBalancerNodePorts(false).build())
                .service();
        assertThat(without.ports().get(0).nodePort()).isEmpty();
        assertThat(without.loadBalancer().healthCheckNodePort()).hasValue(check);
        Service cluster = allocator
                .allocate(spec("a").type(Service.Type.LOAD_BALANCER).build())
                .service();
        assertThat(cluster.loadBalancer().healthCheckNodePort()).isEmpty();
        assertThatThrownBy(() -> allocator.allocate(spec("b")
                        .type(Service.Type.LOAD_BALANCER)
                        .externalTrafficPolicy(Service.TrafficPolicy.LOCAL)
                        .loadBalancer(new Service.LoadBalancer(List.of(), List.of(), OptionalInt.of(80)))
                        .build()))
                .isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void anAddressOutsideAChangedNetworkIsReplaced() {
        allocator("10.96.0.0/16").allocate(spec("a").build());
        assertThat(allocator("10.97.0.0/16")
                        .allocate(spec("a").build())
                        .service()
                        .clusterIps()
                        .get(0)
                        .toString())
                .startsWith("10.97.");
    }

    @Test
    void aPreviewGivesNothing() {
        LocalServiceAllocator allocator = allocator("10.96.0.0/16");
        assertThat(allocator.preview(spec("a").build()).service().clusterIps()).hasSize(1);
        assertThat(allocator.holders()).isEmpty();
        assertThat(store.written).isEmpty();
    }
}
