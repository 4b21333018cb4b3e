package io.podnet.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Condition;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.node.Membership;
import io.podnet.testkit.machine.Mesh;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the overlay when somebody takes things away, on the real kernel. */
class HealingTest {
    private static final NetworkKeys KEYS = NetworkKeys.of("overlay");

    @TempDir
    Path directory;

    private UnderlayLab lab;
    private final List<UnderlayLab.LabNode> machines = new ArrayList<>();
    private final List<Podnet> nodes = new ArrayList<>();
    private final Map<IpAddress, Mesh.Opener> ends = new HashMap<>();

    @BeforeEach
    void open() {
        lab = new UnderlayLab(directory);
    }

    private void start(String backend, int count) throws Exception {
        for (int i = 1; i <= count; i++) {
            UnderlayLab.LabNode machine = lab.node(i);
            machines.add(machine);
            nodes.add(CrossNodeTest.builder(machine, backend, false).start());
        }
        for (Podnet node : nodes) {
            PodNetwork pod = node.setUp(PodSpec.of("default", "pod").build());
            ends.put(pod.ips().get(0), pod.sandbox()::openDatagramChannel);
        }
        settle();
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> {
            node.removeAll();
            node.close();
        });
        lab.close();
    }

    private void settle() throws Exception {
        Waiting.until("nothing differs", () -> {
            for (Podnet node : nodes) {
                if (!node.check(node.pods().get(0).id()).isEmpty()
                        || node.paths().size() != nodes.size() - 1) {
                    return false;
                }
            }
            return true;
        });
        assertThat(Mesh.missing(ends, 1)).isEmpty();
    }

    /** All that the overlay has in a node's kernel, as people see it. */
    private static String kernel(UnderlayLab.LabNode node) throws Exception {
        return node.run("ip", "-d", "link", "show", "type", "vxlan")
                + node.run("ip", "route", "show", "table", "all", "proto", "112")
                + node.run("ip", "neigh", "show", "nud", "permanent")
                + node.run("bridge", "fdb", "show")
                + node.run("ip", "rule")
                + node.run("nft", "list", "table", "inet", "podnet-pnvx")
                        .replaceAll("packets [0-9]+ bytes [0-9]+", "packets bytes");
    }

    @Test
    void defect2ADeviceThatWasDeletedComesBackWithItsMacAndAllRows() throws Exception {
        start("vxlan", 2);
        MacAddress mac = machines.get(0).device().mac().orElseThrow();
        int index = machines.get(0).device().index();
        machines.get(0).run("ip", "link", "del", "pnvx4");
        Waiting.until(
                "another device",
                () -> machines.get(0)
                        .route()
                        .links()
                        .find("pnvx4")
                        .filter(link -> link.index() != index)
                        .isPresent());
        settle();
        assertThat(machines.get(0).device().mac()).hasValue(mac);
    }

    @Test
    void rowsThatWereDeletedOrReplacedComeBackAndForeignOnesStay() throws Exception {
        start("vxlan", 2);
        UnderlayLab.LabNode node = machines.get(0);
        String route =
                nodes.get(1).pods().get(0).status().addresses().get(0).cidr().toString();
        String gateway = route.substring(0, route.indexOf('/'));
        String mac = machines.get(1).device().mac().orElseThrow().toString();
        node.run("ip", "route", "add", "198.51.100.0/24", "dev", "eth0");
        node.run("ip", "neigh", "add", "192.0.2.77", "lladdr", "02:00:00:00:00:77", "nud", "permanent", "dev", "eth0");

        node.run("ip", "route", "del", route);
        settle();
        node.run("ip", "neigh", "del", gateway, "dev", "pnvx4");
        settle();
        node.run("ip", "neigh", "replace", gateway, "lladdr", "02:00:00:00:00:99", "nud", "permanent", "dev", "pnvx4");
        settle();
        node.run("bridge", "fdb", "del", mac, "dev", "pnvx4", "dst", "192.0.2.2");
        settle();
        node.run("bridge", "fdb", "replace", mac, "dev", "pnvx4", "dst", "192.0.2.9", "self", "permanent");
        settle();
        node.run("ip", "link", "set", "pnvx4", "down");
        settle();
        node.run("ip", "route", "add", "10.244.77.0/24", "dev", "eth0", "proto", "112");
        settle();
        assertThat(node.run("ip", "route")).contains("198.51.100.0/24").doesNotContain("10.244.77.0/24");
        assertThat(node.run("ip", "neigh")).contains("192.0.2.77");
    }

    /** Long before everything is compared, which is every minute and a half. */
    @ParameterizedTest
    @ValueSource(strings = {"vxlan", "neighbour"})
    void aFlushedPacketFilterComesBackWithAllPeersAndPods(String backend) throws Exception {
        start(backend, 2);
        UnderlayLab.LabNode node = machines.get(0);
        String before = kernel(node);
        for (String harm : List.of(
                "delete table inet podnet-pnvx",
                "flush table inet podnet-pnvx",
                "flush chain inet podnet-pnvx tunnel-in; add table ip others")) {
            node.run("nft", harm);
            Waiting.until(
                    "the table is back after " + harm,
                    () -> isFiltered(node) && kernel(node).equals(before));
        }
        settle();
    }

    private static boolean isFiltered(UnderlayLab.LabNode node) throws Exception {
        return node.run("nft", "list", "tables").contains("podnet-pnvx");
    }

    @Test
    void defect9RoutesOfPeersOnTheLinkComeBackAfterTheLinkWasDown() throws Exception {
        start("direct-routing", 2);
        machines.get(0).run("ip", "link", "set", "eth0", "down");
        machines.get(0).run("ip", "link", "set", "eth0", "up");
        settle();
        machines.get(0).run("ip", "route", "flush", "proto", "112");
        settle();
    }

    @Test
    void aPeersChangeOfAddressIsFollowed() throws Exception {
        start("neighbour", 3);
        UnderlayLab.LabNode moved = machines.get(2);
        int eth0 = moved.route().links().get("eth0").index();
        moved.route().addresses().delete(eth0, InterfaceAddress.parse("192.0.2.3/24"));
        moved.address("192.0.2.33/24");
        Waiting.until(
                "the others follow",
                () -> machines.get(0)
                        .run("bridge", "fdb", "show", "dev", "pnvx4")
                        .contains("192.0.2.33"));
        settle();
        assertThat(machines.get(0).run("bridge", "fdb", "show", "dev", "pnvx4")).doesNotContain("192.0.2.3 ");
    }

    @Test
    void neitherALostStoreNorAnExpiredSessionChangesAnythingInTheKernel() throws Exception {
        start("neighbour", 3);
        List<String> before = new ArrayList<>();
        for (UnderlayLab.LabNode machine : machines) {
            before.add(kernel(machine));
            machine.store.cut();
        }
        for (UnderlayLab.LabNode machine : machines) {
            lab.hub.killSessions(Membership.owner(KEYS, machine.name));
        }
        // One after the other comes back; those that are still cut off keep what they have.
        machines.get(0).store.heal();
        Waiting.until("node-1 is back", () -> nodes.get(0).status().code() != Condition.Code.NOT_READY);
        assertThat(Mesh.missing(ends, 1)).isEmpty();
        for (int i = 0; i < machines.size(); i++) {
            assertThat(kernel(machines.get(i))).isEqualTo(before.get(i));
        }
        machines.forEach(machine -> machine.store.heal());
        settle();
        for (int i = 0; i < machines.size(); i++) {
            assertThat(kernel(machines.get(i))).isEqualTo(before.get(i));
        }
        PodNetwork fresh = nodes.get(2).setUp(PodSpec.of("default", "fresh").build());
        ends.put(fresh.ips().get(0), fresh.sandbox()::openDatagramChannel);
        settle();
    }

    @Test
    void defect1ANodeThatStartsAgainSweepsPeersThatAreGoneAndForwardsWithoutTheStore() throws Exception {
        start("vxlan", 3);
        nodes.get(0).close();
        Podnet gone = nodes.remove(2);
        gone.removeAll();
        gone.close();
        assertThat(machines.get(0).run("bridge", "fdb", "show", "dev", "pnvx4")).contains("192.0.2.3");

        machines.get(0).store.cut();
        nodes.set(0, CrossNodeTest.builder(machines.get(0), "vxlan", false).start());
        // Nothing is deleted before the first complete snapshot.
        assertThat(machines.get(0).run("bridge", "fdb", "show", "dev", "pnvx4")).contains("192.0.2.3");
        machines.get(0).store.heal();
        Waiting.until(
                "node-3 is swept",
                () -> !machines.get(0)
                        .run("bridge", "fdb", "show", "dev", "pnvx4")
                        .contains("192.0.2.3"));
        ends.clear();
        for (Podnet node : nodes) {
            PodNetwork pod = node.pods().get(0);
            ends.put(pod.ips().get(0), pod.sandbox()::openDatagramChannel);
        }
        settle();
    }

    @Test
    void theMtuOfTheUnderlayIsFollowed() throws Exception {
        start("vxlan", 2);
        machines.get(0).route().links().change("eth0", LinkAttributes.none().mtu(1400));
        Waiting.until("the device follows", () -> machines.get(0).device().mtu() == 1350);
        Waiting.until(
                "the peer's route says so",
                () -> machines.get(1).run("ip", "route", "show", "proto", "112").contains("mtu 1350"));
        settle();
    }
}
