package io.podnet.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.overlay.address.ClusterIpamProvider;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.model.Row;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.node.Departures;
import io.podnet.overlay.node.Membership;
import io.podnet.spi.AddressRange;
import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many nodes and pods in one process, with kernels in memory. */
class ManyNodesTest {
    private static final int NODES = 20;
    private static final int PODS = 50;

    private static Ipam ipam(SimulatedNodes lab, int number) {
        return new ClusterIpamProvider()
                .create(new IpamProvider.Context(
                        "overlay",
                        List.of(new AddressRangeSet(List.of(AddressRange.of(Cidr.parse("10.244.0.0/16"))))),
                        Path.of("/nonexistent"),
                        Map.of(),
                        Optional.of(new IpamProvider.Membership("node-" + number, lab.stores.get("node-" + number)))));
    }

    private static List<IpAddress> give(Ipam ipam, String pod) {
        AttachmentId owner = new AttachmentId(pod, "eth0");
        List<IpAddress> addresses = ipam.reserve(owner, List.of()).assignments().stream()
                .map(each -> each.address().address())
                .toList();
        ipam.commit(owner);
        return addresses;
    }

    @Test
    void aPodCostsEachNodeTwoRowsHoweverManyThereAreAndThePromiseIsKept() throws Exception {
        try (SimulatedNodes lab = new SimulatedNodes(Backend.NEIGHBOUR, "10.244.0.0/16")) {
            List<Ipam> ipams = new ArrayList<>();
            for (int i = 1; i <= NODES; i++) {
                lab.start(i, "10.244.0.0/16");
                ipams.add(ipam(lab, i));
            }
            for (int pod = 0; pod < PODS; pod++) {
                for (Ipam ipam : ipams) {
                    give(ipam, "pod-" + pod);
                }
            }
            Waiting.until(
                    "all nodes know all pods",
                    () -> lab.kernels.values().stream()
                            .allMatch(kernel -> kernel.rows(Row.Neighbour.class).size() == (NODES - 1) * PODS));
            Map<String, Long> before = new HashMap<>();
            Map<String, Integer> reads = new HashMap<>();
            lab.kernels.forEach((name, kernel) -> {
                before.put(name, kernel.written());
                reads.put(name, kernel.reads());
            });

            List<IpAddress> fresh = give(ipams.get(0), "fresh");
            lab.nodes.get(0).localPods(fresh);
            assertThat(lab.nodes.get(0).programmed(fresh).get(20, TimeUnit.SECONDS))
                    .hasSize(NODES - 1);
            lab.kernels.forEach((name, kernel) -> {
                // One route round the route for all on its own node; a neighbour and a member on each other.
                assertThat(kernel.written() - before.get(name)).isEqualTo(name.equals("node-1") ? 1 : 2);
                assertThat(kernel.reads()).isEqualTo(reads.get(name));
                assertThat(name.equals("node-1")
                                || kernel.rows(Row.Neighbour.class).stream()
                                        .anyMatch(row -> row.address().equals(fresh.get(0))))
                        .isTrue();
            });
            ipams.forEach(Ipam::close);
        }
    }

    @Test
    void aNodeThatNobodyHearsHoldsNobodyUpAndItsRowsStay() throws Exception {
        try (SimulatedNodes lab = new SimulatedNodes(Backend.VXLAN, "10.244.0.0/16")) {
            for (int i = 1; i <= 3; i++) {
                lab.start(i, "10.244." + i + ".0/24");
            }
            assertThat(lab.nodes.get(0).programmed(List.of()).get(20, TimeUnit.SECONDS))
                    .containsExactlyInAnyOrder("node-2", "node-3");
            FakeKernel kernel = lab.kernels.get("node-1");
            Map<Row.Key, Row> before = kernel.rows();
            lab.stores.get("node-3").cut();
            lab.hub.killSessions(Membership.owner(NetworkKeys.of("overlay"), "node-3"));
            OverlayNode fourth = lab.start(4, "10.244.4.0/24");
            assertThat(fourth.programmed(List.of()).get(20, TimeUnit.SECONDS))
                    .containsExactlyInAnyOrder("node-1", "node-2");
            assertThat(kernel.rows()).containsAllEntriesOf(before);
        }
    }

    @Test
    void aNodeThatIsSilentForTooLongIsForgottenButNotWhileThisOneIsNotHeard() throws Exception {
        try (SimulatedNodes lab = new SimulatedNodes(Backend.VXLAN, "10.244.0.0/16")) {
            FakeKernel kernel = lab.startTwo();
            NetworkKeys keys = NetworkKeys.of("overlay");
            lab.stores.get("node-2").cut();
            lab.hub.killSessions(Membership.owner(keys, "node-2"));
            AtomicLong clock = new AtomicLong();
            Departures departures =
                    new Departures(lab.stores.get("node-1"), keys, "node-1", Duration.ofHours(24), clock::get);
            Set<String> both = Set.of("node-1", "node-2");
            departures.look(both, Set.of("node-1"));
            clock.addAndGet(Duration.ofHours(23).toNanos());
            departures.look(both, Set.of("node-1"));
            departures.look(both, Set.of());
            clock.addAndGet(Duration.ofHours(23).toNanos());
            departures.look(both, Set.of("node-1"));
            assertThat(kernel.rows(Row.Neighbour.class)).hasSize(1);
            clock.addAndGet(Duration.ofHours(24).toNanos());
            departures.look(both, Set.of("node-1"));
            Waiting.until(
                    "node-2 is forgotten",
                    () -> kernel.rows(Row.Neighbour.class).isEmpty());
        }
    }

    @Test
    void whatTheKernelRefusesIsTriedAgain() throws Exception {
        try (SimulatedNodes lab = new SimulatedNodes(Backend.VXLAN, "10.244.0.0/16")) {
            lab.start(1, "10.244.1.0/24");
            FakeKernel kernel = lab.kernels.get("node-1");
            kernel.refuse(2);
            lab.start(2, "10.244.2.0/24");
            lab.knowingNode2();
            assertThat(lab.events()).anyMatch(event -> event.startsWith("node-1 REFUSED"));
            Waiting.until(
                    "all is well", () -> lab.nodes.get(0).reconciler().trouble().isEmpty());
        }
    }

    @Test
    void ofTwoThatClaimOneSubnetTheNewerHasItAndTheOlderGetsItBack() throws Exception {
        try (SimulatedNodes lab = new SimulatedNodes(Backend.VXLAN, "10.244.0.0/16")) {
            FakeKernel kernel = lab.startTwo();
            Row.Key key = new Row.Key(Row.Kind.ROUTE, "254", Cidr.parse("10.244.2.0/24"));
            Row older = kernel.rows().get(key);
            lab.hub
                    .connect("other")
                    .put(
                            NetworkKeys.of("overlay").nodes().child("node-3"),
                            "{\"token\":1000000,\"vni\":1,\"port\":8477,\"endpoints\":[{\"underlay\":\"192.0.2.3\","
                                    + "\"vtepMac\":\"02:00:00:00:00:03\",\"mtu\":1400}],\"podCIDRs\":[\"10.244.2.0/24\"],"
                                    + "\"tunnelIPs\":[\"10.244.2.0\"]}",
                            ClusterStore.Expect.ABSENT);
            Waiting.until("the newer has it", () -> !older.equals(kernel.rows().get(key)));
            var store = lab.hub.connect("other");
            var entry =
                    store.get(NetworkKeys.of("overlay").nodes().child("node-3")).orElseThrow();
            store.delete(entry.key(), ClusterStore.Expect.of(entry));
            Waiting.until(
                    "the older has it back", () -> older.equals(kernel.rows().get(key)));
        }
    }
}
