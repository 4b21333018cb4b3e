package io.podnet.services.conntrack;

import static io.podnet.services.conntrack.Staleness.ENDPOINT_GONE;
import static io.podnet.services.conntrack.Staleness.NOT_TRANSLATED;
import static io.podnet.services.conntrack.Staleness.NO_ENDPOINTS;
import static io.podnet.services.conntrack.Staleness.SERVICE_GONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Protocol;
import io.podnet.services.Backend;
import io.podnet.services.Claim;
import io.podnet.services.UdpFlows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UdpReconcilerTest {
    private static final Backend CLUSTER = at("10.96.0.10", 53);
    private static final Backend EXTERNAL = at("198.51.100.7", 53);
    private static final Backend ONE = at("10.244.1.2", 5353);
    private static final Backend TWO = at("10.244.1.3", 5353);
    private static final Backend OLD = at("10.244.1.9", 5353);
    private static final IpAddress NODE = IpAddress.parse("192.0.2.1");
    private static final Backend NODE_PORT = new Backend(NODE, 30053);

    private static Backend at(String ip, int port) {
        return new Backend(IpAddress.parse(ip), port);
    }

    private static UdpFlows to(Backend destination, Backend... serving) {
        Claim claim = new Claim(destination.ip().family(), destination.ip(), destination.port(), Protocol.UDP);
        return new UdpFlows(claim, List.of(serving));
    }

    private static UdpFlows toNodePort(int port, Backend... serving) {
        return new UdpFlows(new Claim(IpFamily.IPV4, null, port, Protocol.UDP), List.of(serving));
    }

    private static List<UdpFlows> service(Backend... serving) {
        return List.of(to(CLUSTER, serving), to(EXTERNAL, serving), toNodePort(30053, serving));
    }

    private static UdpReconciler now(List<UdpFlows> flows) {
        return UdpReconciler.of(flows, List.of(), List.of(NODE, IpAddress.parse("127.0.0.1")), List.of());
    }

    private static UdpReconciler after(List<UdpFlows> before, List<UdpFlows> flows) {
        return UdpReconciler.of(flows, before, List.of(NODE), List.of());
    }

    private static TrackedFlow flow(Backend to, Backend translated) {
        return new TrackedFlow(to, translated, 0);
    }

    @Test
    void flowsToServingEndpointsStay() {
        UdpReconciler reconciler = now(service(ONE, TWO));
        for (Backend to : List.of(CLUSTER, EXTERNAL, NODE_PORT)) {
            assertThat(reconciler.staleness(flow(to, ONE))).isEmpty();
            assertThat(reconciler.staleness(flow(to, TWO))).isEmpty();
        }
    }

    @Test
    void flowsToAnEndpointThatIsGoneEnd() {
        UdpReconciler reconciler = now(service(ONE));
        for (Backend to : List.of(CLUSTER, EXTERNAL, NODE_PORT)) {
            assertThat(reconciler.staleness(flow(to, OLD))).contains(ENDPOINT_GONE);
            assertThat(reconciler.staleness(flow(to, new Backend(ONE.ip(), 9))))
                    .as("the same pod, another port")
                    .contains(ENDPOINT_GONE);
        }
    }

    @Test
    void aServiceThatLostItsLastEndpoint() {
        UdpReconciler reconciler = now(service());
        for (Backend to : List.of(CLUSTER, EXTERNAL, NODE_PORT)) {
            assertThat(reconciler.staleness(flow(to, OLD))).contains(NO_ENDPOINTS);
            assertThat(reconciler.staleness(flow(to, to)))
                    .as("nothing better is there for it")
                    .isEmpty();
        }
    }

    @Test
    void aServiceThatGotItsFirstEndpoint() {
        UdpReconciler reconciler = now(service(ONE));
        for (Backend to : List.of(CLUSTER, EXTERNAL, NODE_PORT)) {
            assertThat(reconciler.staleness(flow(to, to))).contains(NOT_TRANSLATED);
            assertThat(reconciler.staleness(new TrackedFlow(to, to, 7)))
                    .as("in another zone nothing need be translated")
                    .isEmpty();
        }
    }

    @Test
    void aServiceThatIsGone() {
        UdpReconciler reconciler = after(service(ONE), List.of());
        for (Backend to : List.of(CLUSTER, EXTERNAL, NODE_PORT)) {
            assertThat(reconciler.staleness(flow(to, ONE))).contains(SERVICE_GONE);
            assertThat(reconciler.staleness(flow(to, to)))
                    .as("the address is somebody else's again")
                    .isEmpty();
        }
    }

    @Test
    void aServiceThatWentWhileNobodyLooked() {
        UdpReconciler reconciler =
                UdpReconciler.of(List.of(), List.of(), List.of(NODE), List.of(Cidr.parse("10.96.0.0/12")));
        assertThat(reconciler.staleness(flow(CLUSTER, ONE))).contains(SERVICE_GONE);
        assertThat(reconciler.staleness(flow(CLUSTER, CLUSTER))).isEmpty();
        assertThat(reconciler.staleness(flow(EXTERNAL, ONE)))
                .as("another's translation")
                .isEmpty();
    }

    @Test
    void anAddressThatMovedToAnotherService() {
        UdpReconciler reconciler = after(service(ONE), List.of(to(CLUSTER, TWO)));
        assertThat(reconciler.staleness(flow(CLUSTER, TWO))).isEmpty();
        assertThat(reconciler.staleness(flow(CLUSTER, ONE))).contains(ENDPOINT_GONE);
    }

    @Test
    void aNodePortThatIsAnExternalAddressesPortTooKeepsTheFlowsOfBoth() {
        UdpReconciler reconciler = now(List.of(to(NODE_PORT, ONE), toNodePort(NODE_PORT.port(), TWO)));
        assertThat(reconciler.staleness(flow(NODE_PORT, ONE))).isEmpty();
        assertThat(reconciler.staleness(flow(NODE_PORT, TWO))).isEmpty();
        assertThat(reconciler.staleness(flow(NODE_PORT, OLD))).contains(ENDPOINT_GONE);
    }

    @Test
    void nobodyElsesFlowsAreTouched() {
        UdpReconciler reconciler = after(List.of(to(at("10.96.0.99", 53), OLD)), service(ONE));
        for (TrackedFlow foreign : List.of(
                flow(new Backend(CLUSTER.ip(), 54), OLD),
                flow(at("10.96.0.11", 53), OLD),
                flow(at("203.0.113.5", 30053), at("203.0.113.5", 30053)),
                flow(at("203.0.113.5", 30053), OLD),
                flow(new Backend(NODE, 53), new Backend(NODE, 53)),
                flow(at("127.0.0.1", 30053), at("127.0.0.1", 30053)),
                flow(at("fd00::1", 30053), at("fd00::2", 5353)),
                flow(ONE, ONE),
                flow(OLD, OLD))) {
            assertThat(reconciler.staleness(foreign)).as(foreign.toString()).isEmpty();
        }
    }

    @Test
    void anEndpointThatIsTheServicesOwnAddress() {
        UdpReconciler reconciler = now(service(NODE_PORT));
        assertThat(reconciler.staleness(flow(NODE_PORT, NODE_PORT))).isEmpty();
    }

    /** Whatever the services are: what the rules would do with a flow now is never forgotten, so a restart forgets nothing. */
    @Test
    void aRestartWithoutADifferenceForgetsNothing() {
        Random random = new Random(20_261_124);
        for (int round = 0; round < 500; round++) {
            List<UdpFlows> flows = new ArrayList<>();
            List<TrackedFlow> right = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(20); i++) {
                Set<Backend> endpoints = new HashSet<>();
                for (int e = random.nextInt(4); e > 0; e--) {
                    endpoints.add(at("10.244.0." + random.nextInt(250), 1 + random.nextInt(3)));
                }
                Backend[] serving = endpoints.toArray(Backend[]::new);
                Backend destination = at("10.96.0." + random.nextInt(250), 53 + random.nextInt(3));
                flows.add(to(destination, serving));
                endpoints.forEach(endpoint -> right.add(flow(destination, endpoint)));
                if (random.nextBoolean()) {
                    Backend nodePort = new Backend(NODE, 30000 + i);
                    flows.add(toNodePort(nodePort.port(), serving));
                    endpoints.forEach(endpoint -> right.add(flow(nodePort, endpoint)));
                }
            }
            List<Cidr> ranges = List.of(Cidr.parse("10.96.0.0/12"));
            UdpReconciler fresh = UdpReconciler.of(flows, List.of(), List.of(NODE), ranges);
            UdpReconciler again = UdpReconciler.of(flows, flows, List.of(NODE), ranges);
            assertThat(right).allMatch(flow -> fresh.staleness(flow).isEmpty());
            assertThat(right).allMatch(flow -> again.staleness(flow).isEmpty());
        }
    }
}
