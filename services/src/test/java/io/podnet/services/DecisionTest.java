package io.podnet.services;

import static io.podnet.services.Desired.LOCAL;
import static io.podnet.services.Desired.LOCAL_TERMINATING;
import static io.podnet.services.Desired.NOT_READY;
import static io.podnet.services.Desired.NOT_SERVING;
import static io.podnet.services.Desired.REMOTE;
import static io.podnet.services.Desired.REMOTE_TERMINATING;
import static io.podnet.services.Desired.backend;
import static io.podnet.services.Desired.loadBalancer;
import static io.podnet.services.Desired.nodePort;
import static io.podnet.services.Desired.port;
import static io.podnet.services.Desired.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podnet.api.Cidr;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.spi.ServiceChanges;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is decided for a service port, feature by feature. */
class DecisionTest {
    @Test
    void servicesOfOthersAreIgnored() {
        Desired headless = service().endpoints(LOCAL.at("10.244.1.1"));
        headless.clusterIps = List.of();
        assertThat(headless.model().ports(headless.id)).isEmpty();
        Desired external = service().endpoints(LOCAL.at("10.244.1.1"));
        external.type = Service.Type.EXTERNAL_NAME;
        assertThat(external.model().ports(external.id)).isEmpty();
        for (String label : List.of("service-proxy-name", "headless")) {
            Desired labelled = service().endpoints(LOCAL.at("10.244.1.1"));
            labelled.labels = Map.of("service.kubernetes.io/" + label, "");
            assertThat(labelled.model().ports(labelled.id)).as(label).isEmpty();
        }
        Desired other = service().endpoints(LOCAL.at("10.244.1.1"));
        other.labels = Map.of("service.kubernetes.io/topology-mode", "Auto");
        assertThat(other.decided().clusterBackends()).containsExactly(backend("10.244.1.1"));
    }

    @Test
    void endpointsThatServeNobodyElseAreTheFallback() {
        Desired mixed = service().endpoints(REMOTE.at("10.244.2.1"), LOCAL_TERMINATING.at("10.244.1.1"));
        assertThat(mixed.decided().clusterBackends()).containsExactly(backend("10.244.2.1"));
        Desired ending = service()
                .endpoints(
                        REMOTE_TERMINATING.at("10.244.2.1"),
                        LOCAL_TERMINATING.hintNodes("node-b").at("10.244.1.1"),
                        NOT_SERVING.at("10.244.1.3"),
                        NOT_READY.at("10.244.1.4"));
        assertThat(ending.decided().clusterBackends()).containsExactly(backend("10.244.1.1"), backend("10.244.2.1"));
        assertThat(ending.decided().internalReach()).isEqualTo(Reach.SERVE);
        Desired none = service().endpoints(NOT_SERVING.at("10.244.1.3"), NOT_READY.at("10.244.1.4"));
        assertThat(none.decided().clusterBackends()).isEmpty();
        assertThat(none.decided().internalReach()).isEqualTo(Reach.REJECT);
    }

    @Test
    void theLocalPolicyFallsBackOnThisNodeOnly() {
        Desired desired = service().endpoints(REMOTE.at("10.244.2.1"), LOCAL_TERMINATING.at("10.244.1.1"));
        desired.internal = TrafficPolicy.LOCAL;
        assertThat(desired.decided().localBackends()).containsExactly(backend("10.244.1.1"));
        assertThat(desired.decided().clusterBackends())
                .as("nobody asks for them")
                .isEmpty();
        Desired elsewhere = service().endpoints(REMOTE.at("10.244.2.1"), NOT_SERVING.at("10.244.1.1"));
        elsewhere.internal = TrafficPolicy.LOCAL;
        assertThat(elsewhere.decided().localBackends()).isEmpty();
        assertThat(elsewhere.decided().internalReach()).isEqualTo(Reach.DROP);
    }

    @Test
    void nodeHintsGoBeforeZoneHints() {
        Desired desired = service()
                .endpoints(
                        REMOTE.hintNodes("node-b").hintZones("zone-a").at("10.244.2.1"),
                        LOCAL.hintNodes("node-a").hintZones("zone-b").at("10.244.1.1"));
        assertThat(desired.decided().clusterBackends()).containsExactly(backend("10.244.1.1"));
        Desired otherNodes = service()
                .endpoints(
                        REMOTE.hintNodes("node-b").hintZones("zone-a").at("10.244.2.1"),
                        LOCAL.hintNodes("node-c").hintZones("zone-b").at("10.244.1.1"));
        assertThat(otherNodes.decided().clusterBackends()).containsExactly(backend("10.244.2.1"));
    }

    @Test
    void aMissingHintDisablesHints() {
        Desired missing = service()
                .endpoints(
                        REMOTE.hintZones("zone-b").at("10.244.2.1"),
                        LOCAL.hintZones("zone-a").at("10.244.1.1"));
        assertThat(missing.decided().clusterBackends()).containsExactly(backend("10.244.1.1"));
        missing.endpoints(REMOTE.at("10.244.2.2"));
        assertThat(missing.decided().clusterBackends()).hasSize(3);
        Desired notReady = service()
                .endpoints(
                        REMOTE.hintZones("zone-b").at("10.244.2.1"),
                        LOCAL.hintZones("zone-a").at("10.244.1.1"),
                        LOCAL_TERMINATING.at("10.244.1.2"));
        assertThat(notReady.decided().clusterBackends())
                .as("only ready endpoints need hints")
                .containsExactly(backend("10.244.1.1"));
        Desired otherZones = service()
                .endpoints(
                        REMOTE.hintZones("zone-b").at("10.244.2.1"),
                        LOCAL.hintZones("zone-c").at("10.244.1.1"));
        assertThat(otherZones.decided().clusterBackends()).hasSize(2);
        Desired noZone = service()
                .endpoints(
                        REMOTE.hintZones("zone-b").at("10.244.2.1"),
                        LOCAL.hintZones("zone-a").at("10.244.1.1"));
        assertThat(noZone.model(ModelSettings.of("node-a"))
                        .ports(noZone.id)
                        .get(0)
                        .clusterBackends())
                .hasSize(2);
    }

    @Test
    void hintsDoNotTouchTheLocalPolicy() {
        Desired desired = service()
                .endpoints(
                        REMOTE.hintNodes("node-a").at("10.244.2.1"),
                        LOCAL.hintNodes("node-b").at("10.244.1.1"));
        desired.internal = TrafficPolicy.LOCAL;
        assertThat(desired.decided().localBackends()).containsExactly(backend("10.244.1.1"));
    }

    @Test
    void severalSlicesAreOneSortedListWithoutDoubles() {
        Desired desired = service()
                .slice("b", IpFamily.IPV4, REMOTE.at("10.244.2.9"), REMOTE.at("10.244.1.10"))
                .slice("a", IpFamily.IPV4, REMOTE.at("10.244.2.9"), LOCAL.at("10.244.1.9"))
                .slice("c", IpFamily.IPV6, LOCAL.at("fd44::1"))
                .slice("d", IpFamily.IPV4, LOCAL.at("fd44::2"), LOCAL.at("10.244.2.9"));
        desired.internal = TrafficPolicy.LOCAL;
        desired.clusterIps = List.of("10.96.0.1", "fd96::1");
        List<VirtualPort> ports = desired.model().ports(desired.id);
        assertThat(ports).hasSize(2);
        assertThat(ports.get(0).localBackends())
                .as("of two that differ the local one counts")
                .containsExactly(backend("10.244.1.9"), backend("10.244.2.9"));
        assertThat(ports.get(1).localBackends()).containsExactly(backend("fd44::1"));
        desired.internal = TrafficPolicy.CLUSTER;
        assertThat(desired.model().ports(desired.id).get(0).clusterBackends())
                .containsExactly(backend("10.244.1.9"), backend("10.244.1.10"), backend("10.244.2.9"));
    }

    @Test
    void aRunningPodIsPreferredToATerminatingOneThatHadItsAddress() {
        for (boolean terminatingFirst : List.of(true, false)) {
            for (Desired.Variant terminating : List.of(LOCAL_TERMINATING, NOT_SERVING)) {
                Desired desired = service()
                        .slice(terminatingFirst ? "a" : "z", IpFamily.IPV4, terminating.at("10.244.1.1"))
                        .slice("m", IpFamily.IPV4, LOCAL.at("10.244.1.1"), REMOTE.at("10.244.2.1"));
                assertThat(desired.decided().clusterBackends())
                        .as("terminating first: %s, %s", terminatingFirst, terminating)
                        .containsExactly(backend("10.244.1.1"), backend("10.244.2.1"));
            }
        }
        Desired moved = service()
                .slice("a", IpFamily.IPV4, NOT_SERVING.at("10.244.1.1"), REMOTE.at("10.244.1.1"))
                .slice("b", IpFamily.IPV4, NOT_SERVING.at("10.244.1.1"));
        assertThat(moved.decided().clusterBackends()).containsExactly(backend("10.244.1.1"));
    }

    @Test
    void portsAreFoundByNameAndProtocol() {
        Desired desired = service();
        desired.ports = List.of(
                port("http", Protocol.TCP, 80, OptionalInt.empty()),
                port("dns", Protocol.UDP, 53, OptionalInt.empty()),
                port("odd", Protocol.SCTP, 99, OptionalInt.empty()));
        desired.slices.add(new EndpointSlice(
                "web-0",
                desired.id,
                IpFamily.IPV4,
                List.of(LOCAL.at("10.244.1.1")),
                List.of(
                        new EndpointSlice.Port("http", Protocol.TCP, OptionalInt.of(8081)),
                        new EndpointSlice.Port("dns", Protocol.TCP, OptionalInt.of(8082)),
                        new EndpointSlice.Port("odd", Protocol.SCTP, OptionalInt.empty()))));
        assertThat(desired.model().ports(desired.id))
                .extracting(port -> port.name().port(), VirtualPort::clusterBackends)
                .containsExactly(
                        tuple("dns", List.of()),
                        tuple("http", List.of(new Backend(IpAddress.parse("10.244.1.1"), 8081))),
                        tuple("odd", List.of()));
    }

    @Test
    @DisplayName("CVE-2020-8554: external addresses come from configured networks only")
    void externalAddressesComeFromConfiguredNetworksOnly() {
        Desired desired = loadBalancer("192.0.2.7").endpoints(LOCAL.at("10.244.1.1"));
        desired.externalIps = List.of("203.0.113.1", "192.0.2.9", "192.0.2.8", "192.0.2.7", "fdee::1", "10.96.0.9");
        desired.ingress = List.of(
                new Service.Ingress(IpAddress.parse("192.0.2.7"), false),
                new Service.Ingress(IpAddress.parse("192.0.2.6"), true),
                new Service.Ingress(IpAddress.parse("198.51.100.1"), false));
        VirtualPort port = desired.decided();
        assertThat(port.loadBalancerIps()).extracting(IpAddress::toString).containsExactly("192.0.2.7");
        assertThat(port.externalIps())
                .as("what the load balancer has already, with its source ranges, is not external too")
                .extracting(IpAddress::toString)
                .containsExactly("192.0.2.8", "192.0.2.9");
        assertThat(port.nodePort()).hasValue(30080);
        assertThat(desired.model().refused())
                .extracting(refused -> refused.ip().toString())
                .containsExactly("10.96.0.9", "198.51.100.1", "203.0.113.1");
        ServiceModel strict = new ServiceModel(ModelSettings.of("node-a"));
        assertThat(strict.update(Desired.all(desired)).refused())
                .as("no network is configured")
                .hasSize(7);
        assertThat(strict.update(Desired.all(desired)).refused()).isEmpty();
        assertThat(strict.ports(desired.id).get(0).clusterBackends()).hasSize(1);
    }

    @Test
    void sourceRangesLimitLoadBalancersOfTheirFamily() {
        Desired desired = loadBalancer("192.0.2.7").endpoints(LOCAL.at("10.244.1.1"));
        desired.sourceRanges = List.of("198.51.100.0/24", "2001:db8::/32");
        assertThat(desired.decided().sourceRanges()).containsExactly(Cidr.parse("198.51.100.0/24"));
        assertThat(desired.decided().sourcesLimited()).isTrue();
        desired.sourceRanges = List.of("2001:db8::/32");
        assertThat(desired.decided().sourceRanges()).isEmpty();
        assertThat(desired.decided().sourcesLimited())
                .as("nobody of this family")
                .isTrue();
        desired.ingress = List.of();
        assertThat(desired.decided().sourcesLimited()).isFalse();
    }

    @Test
    void clusterIpServicesHaveNoNodePortAndNoExternalPolicy() {
        Desired desired = service().endpoints(REMOTE.at("10.244.2.1"));
        desired.ports = List.of(port("", Protocol.TCP, 80, OptionalInt.of(30080)));
        desired.ingress = List.of(new Service.Ingress(IpAddress.parse("192.0.2.7"), false));
        desired.external = TrafficPolicy.LOCAL;
        desired.affinity = OptionalInt.of(10_800);
        VirtualPort port = desired.decided();
        assertThat(port.isExternal()).isFalse();
        assertThat(port.externalTrafficPolicy()).isEqualTo(TrafficPolicy.CLUSTER);
        assertThat(port.affinitySeconds()).hasValue(10_800);
    }

    @Test
    void shortCircuitsNeedTheClusterSetUnderLocalPolicies() {
        Desired desired = nodePort().endpoints(REMOTE.at("10.244.2.1"), LOCAL.at("10.244.1.1"));
        desired.internal = TrafficPolicy.LOCAL;
        desired.external = TrafficPolicy.LOCAL;
        assertThat(desired.decided().clusterBackends()).hasSize(2);
        assertThat(desired.decided().localBackends()).containsExactly(backend("10.244.1.1"));
    }

    @Test
    void healthChecksCountDistinctReadyLocalAddresses() {
        Desired desired = loadBalancer("192.0.2.7");
        desired.ports = List.of(
                port("http", Protocol.TCP, 80, OptionalInt.of(30080)),
                port("more", Protocol.TCP, 81, OptionalInt.of(30081)));
        desired.healthCheckNodePort = OptionalInt.of(32000);
        desired.external = TrafficPolicy.LOCAL;
        desired.clusterIps = List.of("10.96.0.1", "fd96::1");
        desired.endpoints(LOCAL.at("10.244.1.1"), LOCAL.at("10.244.1.2"), REMOTE.at("10.244.2.1"))
                .endpoints(LOCAL.at("10.244.1.1"), LOCAL_TERMINATING.at("10.244.1.3"))
                .slice("six", IpFamily.IPV6, LOCAL.at("fd44::1"));
        assertThat(desired.model().health()).containsExactly(new ServiceHealth(desired.id, 32000, 2));
        assertThat(desired.model().ports(desired.id))
                .allMatch(port -> port.healthCheckNodePort().isPresent());
        desired.external = TrafficPolicy.CLUSTER;
        assertThat(desired.model().health()).isEmpty();
        assertThat(desired.model().ports(desired.id))
                .noneMatch(port -> port.healthCheckNodePort().isPresent());
    }

    @Test
    void udpKeepsFlowsOfWhateverServes() {
        Desired desired = nodePort();
        desired.ports = List.of(port("", Protocol.UDP, 53, OptionalInt.of(30053)));
        desired.internal = TrafficPolicy.LOCAL;
        desired.endpoints(
                REMOTE.hintNodes("node-b").at("10.244.2.1"),
                LOCAL_TERMINATING.at("10.244.1.1"),
                NOT_READY.at("10.244.1.2"),
                NOT_SERVING.at("10.244.1.3"));
        assertThat(desired.decided().servingBackends())
                .containsExactly(backend("10.244.1.1"), backend("10.244.1.2"), backend("10.244.2.1"));
        desired.ports = List.of(port("", Protocol.TCP, 53, OptionalInt.of(30053)));
        assertThat(desired.decided().servingBackends()).isEmpty();
    }

    @Test
    void noEndpointsAreToldOnceAndOnlyWhereThereWereSome() {
        ServiceModel model = new ServiceModel(Desired.SETTINGS);
        Desired without = service();
        assertThat(model.update(Desired.all(without)).noEndpoints()).isEmpty();
        Desired with = service().endpoints(REMOTE.at("10.244.2.1"));
        assertThat(model.update(Desired.all(with)).noEndpoints()).isEmpty();
        assertThat(model.update(Desired.all(without)).noEndpoints())
                .containsExactly(new ServicePortName(with.id, "", Protocol.TCP));
        assertThat(model.update(Desired.all(without)).noEndpoints()).isEmpty();
        model.update(Desired.all(with));
        assertThat(model.update(new ServiceChanges(false, List.of(), List.of(with.id), List.of(), List.of()))
                        .noEndpoints())
                .as("a service that goes has nobody to tell")
                .isEmpty();
        Optional<VirtualPort> gone = model.port(new ServicePortName(with.id, "", Protocol.TCP), IpFamily.IPV4);
        assertThat(gone).isEmpty();
    }
}
