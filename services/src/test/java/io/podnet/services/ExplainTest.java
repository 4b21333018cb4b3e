package io.podnet.services;

import static io.podnet.services.Desired.LOCAL;
import static io.podnet.services.Desired.NODE;
import static io.podnet.services.Desired.REMOTE;
import static io.podnet.services.Desired.SETTINGS;
import static io.podnet.services.Desired.loadBalancer;
import static io.podnet.services.Desired.nodePort;
import static io.podnet.services.Desired.packet;
import static io.podnet.services.Desired.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.Packet;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.spi.ServiceProxy.Candidate;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The decision table, row by row, as packets meet it. */
class ExplainTest {
    private static final Packet POD_TO_CLUSTER_IP = packet("10.244.1.5", "10.96.0.1", 80, "cbr0");
    private static final Packet REMOTE_TO_CLUSTER_IP = packet("198.51.100.1", "10.96.0.1", 80, "eth0");
    private static final Packet NODE_TO_CLUSTER_IP = packet("192.168.1.10", "10.96.0.1", 80, "");
    private static final Packet POD_TO_NODE_PORT = packet("10.244.1.5", "192.168.1.10", 30080, "cbr0");
    private static final Packet OUTSIDE_TO_NODE_PORT = packet("198.51.100.1", "192.168.1.10", 30080, "eth0");
    private static final Packet NODE_TO_NODE_PORT = packet("192.168.1.10", "192.168.1.10", 30080, "");
    private static final Packet LOOPBACK_TO_NODE_PORT = packet("127.0.0.1", "127.0.0.1", 30080, "");
    private static final Packet POD_TO_VIP = packet("10.244.1.5", "192.0.2.7", 80, "cbr0");
    private static final Packet OUTSIDE_TO_VIP = packet("198.51.100.1", "192.0.2.7", 80, "eth0");
    private static final Packet NODE_TO_VIP = packet("192.168.1.10", "192.0.2.7", 80, "");
    private static final Packet VIP_TO_VIP = packet("192.0.2.7", "192.0.2.7", 80, "");

    private static Desired policies(Desired desired, TrafficPolicy internal, TrafficPolicy external) {
        desired.internal = internal;
        desired.external = external;
        return desired;
    }

    private static Desired externalIp() {
        Desired desired = service();
        desired.externalIps = List.of("192.0.2.7");
        return desired;
    }

    private static Desired ranges(Desired desired, String... ranges) {
        desired.sourceRanges = List.of(ranges);
        return desired;
    }

    private static Arguments row(String what, Desired desired, Packet packet, Verdict verdict, String... candidates) {
        return Arguments.of(what, desired, packet, verdict, List.of(candidates));
    }

    static Stream<Arguments> table() {
        TrafficPolicy cluster = TrafficPolicy.CLUSTER;
        TrafficPolicy local = TrafficPolicy.LOCAL;
        return Stream.of(
                // ClusterIP
                row("I", both(service()), POD_TO_CLUSTER_IP, Verdict.TRANSLATE, "10.244.1.1", "10.244.2.1"),
                row(
                        "I, off cluster",
                        both(service()),
                        REMOTE_TO_CLUSTER_IP,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                row(
                        "I, node",
                        both(service()),
                        NODE_TO_CLUSTER_IP,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                row(
                        "I, Local",
                        policies(both(service()), local, cluster),
                        POD_TO_CLUSTER_IP,
                        Verdict.TRANSLATE,
                        "10.244.1.1"),
                row("not A", service(), POD_TO_CLUSTER_IP, Verdict.REJECT),
                row("not A, from the node", service(), NODE_TO_CLUSTER_IP, Verdict.REJECT),
                row("A, not I", policies(remote(service()), local, cluster), POD_TO_CLUSTER_IP, Verdict.DROP),
                row(
                        "hairpin",
                        both(service()),
                        packet("10.244.1.1", "10.96.0.1", 80, "cbr0"),
                        Verdict.TRANSLATE,
                        "10.244.1.1 masqueraded",
                        "10.244.2.1"),
                row("other port", both(service()), packet("10.244.1.5", "10.96.0.1", 81, "cbr0"), Verdict.PASS),
                // external IP
                row(
                        "external A",
                        both(externalIp()),
                        OUTSIDE_TO_VIP,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                row(
                        "external A, pod",
                        both(externalIp()),
                        POD_TO_VIP,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                row("external not A", externalIp(), OUTSIDE_TO_VIP, Verdict.REJECT),
                row("external not A, from the node: its packets only leave", externalIp(), NODE_TO_VIP, Verdict.PASS),
                row(
                        "external Local, E",
                        policies(both(externalIp()), cluster, local),
                        OUTSIDE_TO_VIP,
                        Verdict.TRANSLATE,
                        "10.244.1.1"),
                row(
                        "external Local, not E",
                        policies(remote(externalIp()), cluster, local),
                        OUTSIDE_TO_VIP,
                        Verdict.DROP),
                row(
                        "external Local, not E, pod",
                        policies(remote(externalIp()), cluster, local),
                        POD_TO_VIP,
                        Verdict.TRANSLATE,
                        "10.244.2.1"),
                row(
                        "external Local, not E, node",
                        policies(remote(externalIp()), cluster, local),
                        NODE_TO_VIP,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.2.1"),
                // load balancer
                row(
                        "LB A",
                        both(loadBalancer("192.0.2.7")),
                        OUTSIDE_TO_VIP,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                row("LB not A", ranges(loadBalancer("192.0.2.7"), "203.0.113.0/24"), OUTSIDE_TO_VIP, Verdict.REJECT),
                row(
                        "LB in range",
                        ranges(both(loadBalancer("192.0.2.7")), "198.51.100.0/24"),
                        OUTSIDE_TO_VIP,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                row(
                        "LB out of range",
                        ranges(both(loadBalancer("192.0.2.7")), "203.0.113.0/24"),
                        OUTSIDE_TO_VIP,
                        Verdict.DROP),
                row(
                        "LB out of range, pod",
                        ranges(both(loadBalancer("192.0.2.7")), "203.0.113.0/24"),
                        POD_TO_VIP,
                        Verdict.DROP),
                row(
                        "LB range of the other family",
                        ranges(both(loadBalancer("192.0.2.7")), "2001:db8::/32"),
                        OUTSIDE_TO_VIP,
                        Verdict.DROP),
                row(
                        "LB from its own address",
                        ranges(both(loadBalancer("192.0.2.7")), "192.168.1.0/24"),
                        VIP_TO_VIP,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                row(
                        "LB from its own address, node not in range",
                        ranges(both(loadBalancer("192.0.2.7")), "203.0.113.0/24"),
                        VIP_TO_VIP,
                        Verdict.DROP),
                row(
                        "ranges do not limit node ports",
                        ranges(both(loadBalancer("192.0.2.7")), "203.0.113.0/24"),
                        OUTSIDE_TO_NODE_PORT,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                // node port
                row(
                        "NodePort A",
                        both(nodePort()),
                        OUTSIDE_TO_NODE_PORT,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.1.1",
                        "10.244.2.1"),
                row("NodePort not A", nodePort(), OUTSIDE_TO_NODE_PORT, Verdict.REJECT),
                row("NodePort not A, from the node", nodePort(), NODE_TO_NODE_PORT, Verdict.REJECT),
                row(
                        "NodePort Local, E",
                        policies(both(nodePort()), cluster, local),
                        OUTSIDE_TO_NODE_PORT,
                        Verdict.TRANSLATE,
                        "10.244.1.1"),
                row(
                        "NodePort Local, not E",
                        policies(remote(nodePort()), cluster, local),
                        OUTSIDE_TO_NODE_PORT,
                        Verdict.DROP),
                row(
                        "NodePort Local, not E, pod",
                        policies(remote(nodePort()), cluster, local),
                        POD_TO_NODE_PORT,
                        Verdict.TRANSLATE,
                        "10.244.2.1"),
                row(
                        "NodePort Local, not E, node",
                        policies(remote(nodePort()), cluster, local),
                        NODE_TO_NODE_PORT,
                        Verdict.TRANSLATE_AND_MASQUERADE,
                        "10.244.2.1"),
                row("NodePort on loopback", both(nodePort()), LOOPBACK_TO_NODE_PORT, Verdict.PASS),
                row(
                        "NodePort on another host",
                        both(nodePort()),
                        packet("10.244.1.5", "192.168.1.11", 30080, "cbr0"),
                        Verdict.PASS));
    }

    private static Desired both(Desired desired) {
        return desired.endpoints(LOCAL.at("10.244.1.1"), REMOTE.at("10.244.2.1"));
    }

    private static Desired remote(Desired desired) {
        return desired.endpoints(REMOTE.at("10.244.2.1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void table(String what, Desired desired, Packet packet, Verdict verdict, List<String> candidates) {
        Explanation explanation = desired.model().explain(packet, NODE);
        assertThat(explanation.verdict()).as("%s", explanation).isEqualTo(verdict);
        assertThat(explanation.candidates())
                .extracting(ExplainTest::shown)
                .as("%s", explanation)
                .isEqualTo(candidates.stream()
                        .map(text -> verdict == Verdict.TRANSLATE_AND_MASQUERADE ? text + " masqueraded" : text)
                        .toList());
        assertThat(explanation.steps()).isNotEmpty();
    }

    private static String shown(Candidate candidate) {
        return candidate.ip() + (candidate.masquerade() ? " masqueraded" : "");
    }

    @Test
    void eachEndpointIsAsProbableAsTheOthers() {
        Desired desired =
                service().endpoints(REMOTE.at("10.244.2.1"), REMOTE.at("10.244.2.2"), REMOTE.at("10.244.2.3"));
        desired.affinity = OptionalInt.of(60);
        Explanation explanation = desired.model().explain(POD_TO_CLUSTER_IP, NODE);
        assertThat(explanation.candidates()).extracting(Candidate::probability).containsOnly(1.0 / 3);
        assertThat(explanation.steps()).anyMatch(step -> step.contains("may be pinned"));
    }

    @Test
    void wordsNameServicePolicyAndReason() {
        Desired desired = policies(remote(externalIp()), TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL);
        assertThat(desired.model().explain(OUTSIDE_TO_VIP, NODE).steps())
                .containsExactly(
                        "192.0.2.7:80/TCP is external IP of service port default/web",
                        "external traffic policy is Local and no endpoint is local: dropped, so that the client tries"
                                + " another node");
        assertThat(both(service()).model().explain(REMOTE_TO_CLUSTER_IP, NODE).steps())
                .containsExactly(
                        "10.96.0.1:80/TCP is cluster IP of service port default/web",
                        "it gets the node's address as its source: the source is no local pod",
                        "internal traffic policy is CLUSTER: one of 2 endpoints");
    }

    @Test
    void masqueradeAllAndDetectorsDecideAboutTheSource() {
        ModelSettings all = with(new LocalDetector.None(), true, List.of());
        assertThat(both(service()).model(all).explain(POD_TO_CLUSTER_IP, NODE).verdict())
                .isEqualTo(Verdict.TRANSLATE_AND_MASQUERADE);
        ModelSettings none = with(new LocalDetector.None(), false, List.of());
        assertThat(both(service())
                        .model(none)
                        .explain(REMOTE_TO_CLUSTER_IP, NODE)
                        .verdict())
                .isEqualTo(Verdict.TRANSLATE);
        ModelSettings bridge = with(new LocalDetector.BridgeInterface("cbr0"), false, List.of());
        ServiceModel byBridge = both(service()).model(bridge);
        assertThat(byBridge.explain(POD_TO_CLUSTER_IP, NODE).verdict()).isEqualTo(Verdict.TRANSLATE);
        assertThat(byBridge.explain(NODE_TO_CLUSTER_IP, NODE).verdict()).isEqualTo(Verdict.TRANSLATE_AND_MASQUERADE);
        ModelSettings prefix = with(new LocalDetector.InterfaceNamePrefix("cb"), false, List.of());
        ServiceModel byPrefix = both(service()).model(prefix);
        assertThat(byPrefix.explain(POD_TO_CLUSTER_IP, NODE).verdict()).isEqualTo(Verdict.TRANSLATE);
        assertThat(byPrefix.explain(REMOTE_TO_CLUSTER_IP, NODE).verdict()).isEqualTo(Verdict.TRANSLATE_AND_MASQUERADE);
    }

    @Test
    void nodePortsListenOnChosenAddressesOnly() {
        ModelSettings chosen = with(SETTINGS.localDetector(), false, List.of(Cidr.parse("192.168.2.0/24")));
        assertThat(both(nodePort())
                        .model(chosen)
                        .explain(OUTSIDE_TO_NODE_PORT, NODE)
                        .verdict())
                .isEqualTo(Verdict.PASS);
        ModelSettings same = with(SETTINGS.localDetector(), false, List.of(Cidr.parse("192.168.1.0/24")));
        assertThat(both(nodePort())
                        .model(same)
                        .explain(OUTSIDE_TO_NODE_PORT, NODE)
                        .verdict())
                .isEqualTo(Verdict.TRANSLATE_AND_MASQUERADE);
        ModelSettings other = with(SETTINGS.localDetector(), false, List.of(Cidr.parse("fd02::/64")));
        assertThat(both(nodePort())
                        .model(other)
                        .explain(OUTSIDE_TO_NODE_PORT, NODE)
                        .verdict())
                .as("nothing is said about this family")
                .isEqualTo(Verdict.TRANSLATE_AND_MASQUERADE);
    }

    @Test
    void healthCheckPortsAreLeftAlone() {
        Desired desired = policies(loadBalancer("192.0.2.7"), TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL);
        desired.healthCheckNodePort = OptionalInt.of(32000);
        Explanation explanation = desired.model().explain(packet("198.51.100.1", "192.168.1.10", 32000, "eth0"), NODE);
        assertThat(explanation.verdict()).isEqualTo(Verdict.PASS);
        assertThat(explanation.steps()).containsExactly("it is a health check's node port");
    }

    private static ModelSettings with(LocalDetector detector, boolean masqueradeAll, List<Cidr> nodePortAddresses) {
        return new ModelSettings(
                SETTINGS.nodeName(),
                SETTINGS.zone(),
                SETTINGS.serviceCidrs(),
                SETTINGS.externalCidrs(),
                masqueradeAll,
                nodePortAddresses,
                detector);
    }
}
