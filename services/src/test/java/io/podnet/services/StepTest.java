package io.podnet.services;

import static io.podnet.services.Desired.LOCAL;
import static io.podnet.services.Desired.NODE;
import static io.podnet.services.Desired.REMOTE;
import static io.podnet.services.Desired.backend;
import static io.podnet.services.Desired.loadBalancer;
import static io.podnet.services.Desired.nodePort;
import static io.podnet.services.Desired.packet;
import static io.podnet.services.Desired.port;
import static io.podnet.services.Desired.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.api.ServiceId;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceChanges.SliceId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a step may not do, what two services do to each other, and what a step says about itself. */
class StepTest {
    private static Desired named(String name, Desired desired) {
        desired.id = new ServiceId("default", name);
        return desired;
    }

    @Test
    void theFirstStepIsComplete() {
        ServiceModel model = new ServiceModel(Desired.SETTINGS);
        ServiceChanges change = new ServiceChanges(false, List.of(service().build()), List.of(), List.of(), List.of());
        assertThatThrownBy(() -> model.update(change))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("first step");
        assertThat(model.isComplete()).isFalse();
        model.update(ServiceChanges.complete(List.of(), List.of()));
        assertThat(model.update(change).ports()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, a loopback address",
        "169.254.169.254, a link-local address",
        "224.0.0.1, a multicast address",
        "0.0.0.0, the unspecified address",
        "255.255.255.255, the broadcast address",
        "10.96.0.77, inside the service networks",
        "::1, a loopback address",
        "fe80::1, a link-local address",
        "ff02::1, a multicast address",
        "::, the unspecified address",
        "::ffff:127.0.0.1, an IPv4-mapped address",
        "fd96::77, inside the service networks"
    })
    void endpointsThatReachIntoTheNodeRefuseTheStep(String ip, String reason) {
        Desired good = service().endpoints(REMOTE.at("10.244.2.1"));
        ServiceModel model = good.model();
        Desired other = named("other", service());
        other.clusterIps = List.of("10.96.0.2");
        Desired bad = service();
        bad.slice("web-1", ip.contains(":") ? IpFamily.IPV6 : IpFamily.IPV4, LOCAL.at("10.244.1.1"), LOCAL.at(ip));
        ServiceChanges change = new ServiceChanges(false, List.of(other.build()), List.of(), bad.slices, List.of());
        assertThatThrownBy(() -> model.update(change))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("endpoint " + ip + " ")
                .hasMessageContaining("web-1")
                .hasMessageContaining("default/web")
                .hasMessageContaining(reason);
        assertThat(model.ports(IpFamily.IPV4)).containsExactly(good.decided());
    }

    @Test
    void clusterIpsComeFromTheServiceNetworks() {
        Desired outside = service();
        outside.clusterIps = List.of("10.97.0.1");
        assertThatThrownBy(outside::model)
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("10.97.0.1");
        assertThat(outside.model(ModelSettings.of("node-a")).ports(outside.id)).hasSize(1);
        outside.clusterIps = List.of("127.0.0.1");
        assertThatThrownBy(() -> outside.model(ModelSettings.of("node-a"))).hasMessageContaining("loopback");
    }

    @Test
    void contradictionsAndImpossibleValuesAreRefused() {
        ServiceModel model = service().model();
        EndpointSlice slice = service().endpoints(LOCAL.at("10.244.1.1")).slices.get(0);
        EndpointSlice badPort = new EndpointSlice(
                "web-1",
                slice.service(),
                IpFamily.IPV4,
                slice.endpoints(),
                List.of(new EndpointSlice.Port("", Protocol.TCP, OptionalInt.of(65_536))));
        Desired affinity = service();
        affinity.affinity = OptionalInt.of(86_401);
        List<ServiceChanges> refused = List.of(
                new ServiceChanges(
                        false, List.of(service().build(), service().build()), List.of(), List.of(), List.of()),
                new ServiceChanges(false, List.of(service().build()), List.of(service().id), List.of(), List.of()),
                new ServiceChanges(false, List.of(), List.of(), List.of(slice, slice), List.of()),
                new ServiceChanges(
                        false,
                        List.of(),
                        List.of(),
                        List.of(slice),
                        List.of(new SliceId(slice.service(), slice.name()))),
                new ServiceChanges(false, List.of(), List.of(), List.of(badPort), List.of()),
                new ServiceChanges(false, List.of(affinity.build()), List.of(), List.of(), List.of()));
        for (ServiceChanges change : refused) {
            assertThatThrownBy(() -> model.update(change)).isInstanceOf(PodnetException.Invalid.class);
        }
        assertThatThrownBy(() -> new ModelSettings(
                        "node-a",
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        false,
                        List.of(Cidr.parse("127.0.0.0/8")),
                        new LocalDetector.None()))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("route_localnet");
    }

    @Test
    void theFirstByNameKeepsADestination() {
        Desired late = named("b", loadBalancer("192.0.2.7")).endpoints(LOCAL.at("10.244.1.1"));
        ServiceModel model = late.model();
        assertThat(model.lostClaims()).isEmpty();
        Desired early = named("a", nodePort());
        early.clusterIps = List.of("10.96.0.2");
        early.externalIps = List.of("192.0.2.7");
        ModelChange change =
                model.update(new ServiceChanges(false, List.of(early.build()), List.of(), List.of(), List.of()));
        ServicePortName a = new ServicePortName(early.id, "", Protocol.TCP);
        ServicePortName b = new ServicePortName(late.id, "", Protocol.TCP);
        assertThat(change.lostClaims())
                .as("a load balancer's address goes before an external one, the node port to the first name")
                .extracting(lost -> lost.claim().toString(), LostClaim::loser, LostClaim::holder)
                .containsExactly(tuple("192.0.2.7:80/TCP", a, b), tuple("IPV4 node port 30080/TCP", b, a));
        assertThat(change.ports()).extracting(PortChange::name).containsExactly(a, b);
        assertThat(model.ports(late.id).get(0).nodePort()).isEmpty();
        assertThat(model.ports(early.id).get(0).externalIps()).isEmpty();
        ModelChange back = model.update(new ServiceChanges(false, List.of(), List.of(early.id), List.of(), List.of()));
        assertThat(back.ports()).extracting(PortChange::name).containsExactly(a, b);
        assertThat(model.ports(late.id).get(0).nodePort()).hasValue(30080);
        assertThat(model.lostClaims()).isEmpty();
    }

    @Test
    void withoutItsClusterIpAPortIsNotServed() {
        Desired first = named("a", service()).endpoints(LOCAL.at("10.244.1.1"));
        Desired second = named("b", nodePort()).endpoints(LOCAL.at("10.244.1.2"));
        ServiceModel model = new ServiceModel(Desired.SETTINGS);
        model.update(Desired.all(second, first));
        assertThat(model.ports(IpFamily.IPV4))
                .extracting(VirtualPort::name)
                .extracting(ServicePortName::service)
                .containsExactly(first.id);
        assertThat(model.explain(packet("198.51.100.1", "192.168.1.10", 30080, "eth0"), NODE)
                        .candidates())
                .isEmpty();
        assertThat(model.lostClaims()).hasSize(1);
    }

    @Test
    void flowsToWhatServesNoMoreAreForgotten() {
        Desired before = udp();
        before.endpoints(LOCAL.at("10.244.1.1"), REMOTE.at("10.244.2.1"));
        Desired after = udp().endpoints(REMOTE.at("10.244.2.1"));
        after.externalIps = List.of();
        List<VirtualPort> was = before.model().ports(before.id);
        List<VirtualPort> is = after.model().ports(after.id);
        assertThat(UdpFlows.between(was, was)).isEmpty();
        assertThat(UdpFlows.between(was, is))
                .containsExactlyInAnyOrder(
                        new UdpFlows(claim("10.96.0.1"), List.of(backend("10.244.2.1"))),
                        new UdpFlows(nodePortClaim(), List.of(backend("10.244.2.1"))),
                        new UdpFlows(claim("192.0.2.7"), List.of()));
        assertThat(UdpFlows.between(is, List.of()))
                .as("a service that went")
                .containsExactlyInAnyOrder(
                        new UdpFlows(claim("10.96.0.1"), List.of()), new UdpFlows(nodePortClaim(), List.of()));
        assertThat(UdpFlows.of(is)).hasSize(2).allMatch(flows -> flows.allows(backend("10.244.2.1")));
        Desired tcp = nodePort().endpoints(LOCAL.at("10.244.1.1"));
        assertThat(UdpFlows.between(List.of(), tcp.model().ports(tcp.id))).isEmpty();
        Desired policy = udp().endpoints(LOCAL.at("10.244.1.1"), REMOTE.at("10.244.2.1"));
        policy.internal = TrafficPolicy.LOCAL;
        assertThat(UdpFlows.between(was, policy.model().ports(policy.id)))
                .as("policies cut no flow")
                .isEmpty();
    }

    private static Desired udp() {
        Desired desired = nodePort();
        desired.ports = List.of(port("", Protocol.UDP, 53, OptionalInt.of(30053)));
        desired.externalIps = List.of("192.0.2.7");
        return desired;
    }

    private static Claim claim(String ip) {
        return Claim.address(IpAddress.parse(ip), 53, Protocol.UDP);
    }

    private static Claim nodePortClaim() {
        return Claim.nodePort(IpFamily.IPV4, 30053, Protocol.UDP);
    }

    @Test
    void aPlanSaysWhatWouldChangeAndChangesNothing() {
        Desired desired = service().endpoints(LOCAL.at("10.244.1.1"), REMOTE.at("10.244.2.1"));
        ServiceModel model = desired.model();
        List<VirtualPort> before = model.ports(IpFamily.IPV4);
        Desired other = service();
        other.id = desired.id;
        other.slice("web-0", IpFamily.IPV4, REMOTE.at("10.244.2.1"), REMOTE.at("10.244.2.2"));
        other.affinity = OptionalInt.of(60);
        Plan plan = model.plan(new ServiceChanges(false, List.of(other.build()), List.of(), other.slices, List.of()));
        assertThat(plan.toString()).isEqualTo("""
                        CHANGE service port default/web/TCP IPV4 (affinity seconds 60)
                        DELETE endpoint 10.244.1.1:8080 (default/web/TCP IPV4)
                        CREATE endpoint 10.244.2.2:8080 (default/web/TCP IPV4)""");
        assertThat(model.ports(IpFamily.IPV4)).isEqualTo(before);
        assertThat(model.plan(Desired.all(desired)).steps()).isEmpty();
        assertThat(model.plan(ServiceChanges.complete(List.of(), List.of())).toString())
                .isEqualTo("""
                        DELETE service port default/web/TCP IPV4
                        DELETE endpoint 10.244.1.1:8080 (default/web/TCP IPV4)
                        DELETE endpoint 10.244.2.1:8080 (default/web/TCP IPV4)""");
    }
}
