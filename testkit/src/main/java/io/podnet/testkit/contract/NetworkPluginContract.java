package io.podnet.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodNetworkStatus;
import io.podnet.api.PodnetException;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.Veth;
import io.podnet.spi.Ipam;
import io.podnet.spi.NetworkPlugin;
import io.podnet.spi.NetworkPlugin.Outcome;
import io.podnet.spi.NetworkPluginProvider;
import io.podnet.spi.Providers;
import io.podnet.testkit.machine.Traffic;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a {@link NetworkPlugin} promises, with real packets between pods of one node. A provider's test class extends this and
 * names the provider, which ServiceLoader must find: {@code class MineTest extends NetworkPluginContract { MineTest() {
 * super("mine"); } }}. It needs root, or a user namespace's.
 */
@SuppressWarnings("NullAway.Init")
public abstract class NetworkPluginContract {
    private static final String CIDR = "10.244.1.0/24";

    private final String name;
    private final Map<String, String> options;

    @TempDir
    Path state;

    private PluginNode node;

    /**
     * Takes the plugin with its own settings.
     *
     * @param name the provider's name
     */
    protected NetworkPluginContract(String name) {
        this(name, Map.of());
    }

    /**
     * Takes the plugin with some options.
     *
     * @param name the provider's name
     * @param options its options
     */
    protected NetworkPluginContract(String name, Map<String, String> options) {
        this.name = name;
        this.options = Map.copyOf(options);
    }

    private NetworkPluginProvider provider() {
        return Providers.discover(NetworkPluginProvider.class, getClass().getClassLoader())
                .get(name);
    }

    @BeforeEach
    void makeNode() {
        node = new PluginNode(provider(), options, state, CIDR);
    }

    @AfterEach
    void removeNode() {
        node.close();
    }

    private void reachEachOther(PluginPod... pods) {
        for (PluginPod from : pods) {
            for (PluginPod to : pods) {
                if (from != to) {
                    assertEquals(
                            from.ip(), Traffic.sourceSeen(from.machine(), to.machine(), to.ip()), "the source is kept");
                }
            }
        }
    }

    private void lawful(PluginPod pod) {
        assertEquals(List.of(), node.plugin().check(pod.request()), () -> "drift of " + pod);
        assertEquals(Optional.of(pod.status()), node.plugin().podNetworkStatus(pod.request()));
    }

    @Test
    @DisplayName("every pod has an address of its own and reaches every other, and its source is not changed")
    void podsReachEachOther() {
        node.start();
        PluginPod a = node.setUp();
        PluginPod b = node.setUp();
        PluginPod c = node.setUp();
        assertEquals(3, Set.of(a.ip(), b.ip(), c.ip()).size());
        reachEachOther(a, b, c);
    }

    @Test
    @DisplayName("the node reaches its pods, and pods the node")
    void nodeReachesPods() {
        node.start();
        PluginPod pod = node.setUp();
        Traffic.sourceSeen(node.node(), pod.machine(), pod.ip());
        assertEquals(pod.ip(), Traffic.sourceSeen(pod.machine(), node.node(), PluginNode.NODE));
    }

    @Test
    @DisplayName("nonMasqueradeCidrs: those destinations see the pod's own address")
    void outsideSeesThePod() {
        node.start();
        node.node().forward();
        PluginPod pod = node.setUp();
        assertEquals(pod.ip(), Traffic.sourceSeen(pod.machine(), node.outside(), PluginNode.OUTSIDE));
        Traffic.sourceSeen(node.outside(), pod.machine(), pod.ip());
    }

    @Test
    @DisplayName("what setUpPod returns is what the kernel has, and the Ipam's lease is committed")
    void statusIsTheKernels() {
        NetworkPlugin plugin = node.start();
        PluginPod pod = node.pod();
        assertEquals(Optional.empty(), plugin.podNetworkStatus(pod.request()), "before set-up");
        PodNetworkStatus status = plugin.setUpPod(pod.request());
        node.written(pod, status);
        lawful(pod);
        Link link = pod.machine().route().links().get(pod.id().ifName());
        assertEquals(pod.id().ifName(), status.interfaceName());
        assertEquals(Optional.of(status.mac()), link.mac());
        assertEquals(link.mtu(), status.mtu());
        List<IpAddress> inside = new ArrayList<>();
        pod.machine()
                .route()
                .addresses()
                .list(link.index())
                .forEach(found -> inside.add(found.address().address()));
        assertTrue(inside.containsAll(status.ips()), () -> inside + " has " + status.ips());
        status.hostInterfaceName()
                .ifPresent(host ->
                        assertTrue(node.node().route().links().find(host).isPresent(), host));
        Ipam.Lease lease = node.ipam.lease(pod.id()).orElseThrow();
        assertTrue(lease.committed());
        assertEquals(
                lease.assignments().stream()
                        .map(given -> given.address().address())
                        .toList(),
                status.ips());
    }

    @Test
    @DisplayName("the MTU is the node's setting")
    void mtu() {
        try (NetworkPlugin plugin = node.create(1400, Map.of())) {
            PluginPod pod = node.pod();
            assertEquals(1400, plugin.setUpPod(pod.request()).mtu());
            assertEquals(
                    1400, pod.machine().route().links().get(pod.id().ifName()).mtu());
        }
    }

    @Test
    @DisplayName("tearDownPod leaves nothing, releases the address, and may be repeated")
    void tearDownLeavesNothing() {
        NetworkPlugin plugin = node.start();
        PluginPod stays = node.setUp();
        List<String> before = node.settledKernel();
        PluginPod pod = node.setUp();
        assertNotEquals(before, node.kernel());
        plugin.tearDownPod(pod.record());
        assertEquals(Optional.empty(), node.ipam.lease(pod.id()), "released when it returns");
        assertEquals(Optional.empty(), plugin.podNetworkStatus(pod.request()));
        plugin.tearDownPod(pod.record());
        assertEquals(before, node.settledKernel());
        lawful(stays);
        reachEachOther(stays, node.setUp());
    }

    @Test
    @DisplayName("when tearDownPod returns, no packet of the pod passes any more")
    void noPacketAfterTearDown() {
        node.start();
        PluginPod a = node.setUp();
        PluginPod b = node.setUp();
        reachEachOther(a, b);
        DatagramChannel open = b.machine().openDatagramChannel();
        node.tearDown(b);
        assertFalse(Traffic.reachesBriefly(open, a.machine(), a.ip()));
    }

    @Test
    @DisplayName("tearDownPod of a pod that never was changes nothing")
    void tearDownOfNothing() {
        NetworkPlugin plugin = node.start();
        List<String> before = node.settledKernel();
        plugin.tearDownPod(node.pod().record());
        assertEquals(before, node.settledKernel());
    }

    @Test
    @DisplayName("tearDownPod works with the namespace gone")
    void tearDownWithoutNamespace() {
        NetworkPlugin plugin = node.start();
        List<String> before = node.settledKernel();
        PluginPod pod = node.setUp();
        pod.machine().close();
        plugin.tearDownPod(pod.record());
        assertEquals(Optional.empty(), node.ipam.lease(pod.id()));
        assertEquals(before, node.settledKernel());
    }

    @Test
    @DisplayName(
            "tearDownPod works from the record alone, in another process, also from one that says nothing of the network yet")
    void tearDownFromTheRecord() {
        node.start();
        List<String> before = node.settledKernel();
        PluginPod pod = node.setUp();
        PluginPod early = node.pod();
        node.plugin().setUpPod(early.request());
        NetworkPlugin later = node.restart();
        later.tearDownPod(node.records.read(pod.id()).orElseThrow());
        later.tearDownPod(node.records.read(early.id()).orElseThrow());
        assertEquals(List.of(), node.ipam.list());
        assertEquals(before, node.settledKernel());
    }

    @Test
    @DisplayName("close leaves pods alone, and another process adopts them")
    void restartAdopts() {
        node.start();
        PluginPod a = node.setUp();
        PluginPod b = node.setUp();
        List<String> before = node.settledKernel();
        node.plugin().close();
        node.plugin().close();
        assertEquals(before, node.kernel(), "close changes nothing");
        reachEachOther(a, b);
        node.start();
        assertEquals(before, node.kernel(), "a new start changes nothing");
        lawful(a);
        lawful(b);
        PluginPod c = node.setUp();
        assertFalse(Set.of(a.ip(), b.ip()).contains(c.ip()));
        reachEachOther(a, b, c);
    }

    @Test
    @DisplayName("a set-up that fails in the pod's namespace is taken back")
    void failureIsTakenBack() {
        node.start();
        PluginPod other = node.setUp();
        List<String> before = node.settledKernel();
        PluginPod pod = node.pod();
        pod.machine()
                .route()
                .links()
                .create(
                        new Veth(LinkAttributes.named("stranger")),
                        LinkAttributes.named(pod.id().ifName()));
        takenBack(pod, other, before);
    }

    @Test
    @DisplayName("a set-up whose lease cannot be committed is taken back")
    void failedCommitIsTakenBack() {
        node.start();
        PluginPod other = node.setUp();
        List<String> before = node.settledKernel();
        node.ipam.refuseCommit(true);
        takenBack(node.pod(), other, before);
        node.ipam.refuseCommit(false);
        reachEachOther(other, node.setUp());
    }

    private void takenBack(PluginPod pod, PluginPod other, List<String> before) {
        Set<Ipam.Lease> leases = Set.copyOf(node.ipam.list());
        assertThrows(PodnetException.class, () -> node.plugin().setUpPod(pod.request()));
        // «or the record stays for tearDownPod»
        node.tearDown(pod);
        assertEquals(before, node.settledKernel());
        assertEquals(leases, Set.copyOf(node.ipam.list()));
        lawful(other);
    }

    @Test
    @DisplayName("without a free address nothing is set up, and status says so")
    void exhaustion() {
        node.close();
        node = new PluginNode(provider(), options, state, "10.244.1.0/30");
        NetworkPlugin plugin = node.start();
        assertNotEquals(
                Condition.Code.NOT_READY,
                plugin.status().code(),
                () -> plugin.status().toString());
        PluginPod only = node.setUp();
        List<String> before = node.settledKernel();
        PluginPod late = node.pod();
        assertThrows(PodnetException.PoolExhausted.class, () -> plugin.setUpPod(late.request()));
        assertEquals(before, node.settledKernel());
        assertEquals(Condition.Code.NOT_READY, plugin.status().code());
        node.tearDown(only);
        node.setUp(late);
        lawful(late);
    }

    @Test
    @DisplayName("check finds what is missing")
    void checkFindsDrift() {
        NetworkPlugin plugin = node.start();
        PluginPod pod = node.setUp();
        lawful(pod);
        var inside = pod.machine().route();
        int index = inside.links().get(pod.id().ifName()).index();
        inside.links().change(index, LinkAttributes.none().down());
        assertFalse(plugin.check(pod.request()).isEmpty(), "the pod's interface is down, and its routes with it");
        PluginPod nameless = node.setUp();
        var other = nameless.machine().route();
        int link = other.links().get(nameless.id().ifName()).index();
        other.addresses().delete(link, nameless.status().addresses().get(0));
        assertFalse(plugin.check(nameless.request()).isEmpty(), "the pod's address is gone");
        PluginPod unplugged = node.setUp();
        unplugged.machine().route().links().delete(unplugged.id().ifName());
        assertFalse(plugin.check(unplugged.request()).isEmpty(), "the pod's interface is gone");
        assertEquals(Optional.empty(), plugin.podNetworkStatus(unplugged.request()));
        lawful(node.setUp());
    }

    @Test
    @DisplayName("plan changes nothing, and names the address that the Ipam would give")
    void planChangesNothing() {
        NetworkPlugin plugin = node.start();
        PluginPod pod = node.pod();
        List<String> before = node.settledKernel();
        String plan = plugin.plan(pod.record()).toString();
        assertEquals(before, node.kernel());
        assertEquals(List.of(), node.ipam.list());
        assertTrue(plan.contains(node.setUp(pod).ip().toString()), plan);
    }

    @Test
    @DisplayName("gc removes what belongs to no valid attachment, and nothing else")
    void gc() {
        NetworkPlugin plugin = node.start();
        PluginPod a = node.setUp();
        PluginPod b = node.setUp();
        List<String> before = node.settledKernel();
        PluginPod stale = node.setUp();
        AttachmentId leased = node.pod().id();
        node.ipam.reserve(leased, List.of());
        assertFalse(plugin.gc(Set.of(a.id(), b.id())).isEmpty());
        assertEquals(before, node.settledKernel());
        assertEquals(Optional.empty(), plugin.podNetworkStatus(stale.request()));
        assertEquals(Optional.empty(), node.ipam.lease(stale.id()));
        assertEquals(Optional.empty(), node.ipam.lease(leased));
        lawful(a);
        reachEachOther(a, b);
        assertEquals(List.of(), plugin.gc(Set.of(a.id(), b.id())), "a second time there is nothing");
        plugin.gc(Set.of());
        assertEquals(List.of(), node.ipam.list());
        assertEquals(Optional.empty(), plugin.podNetworkStatus(a.request()));
    }

    @Test
    @DisplayName("podCidrsChanged keeps CIDRs that live pods use, and takes any when nothing is attached")
    void podCidrs() {
        NetworkPlugin plugin = node.start();
        PluginPod pod = node.setUp();
        List<String> before = node.settledKernel();
        List<Cidr> others = List.of(Cidr.parse("10.244.2.0/24"));
        PodnetException refusal = assertThrows(PodnetException.class, () -> plugin.podCidrsChanged(others));
        assertEquals(before, node.settledKernel());
        plugin.podCidrsChanged(List.of(Cidr.parse(CIDR)));
        lawful(pod);
        if (refusal instanceof PodnetException.Unsupported) {
            // Where a node's CIDRs are the cluster's to give.
            return;
        }
        assertTrue(refusal instanceof PodnetException.Conflict, refusal::toString);
        node.tearDown(pod);
        plugin.podCidrsChanged(others);
        node.ipam.cidrs(others);
        PluginPod a = node.setUp();
        assertTrue(others.get(0).contains(a.ip()));
        lawful(a);
        reachEachOther(a, node.setUp());
    }

    @Test
    @DisplayName("removeShared leaves the node as it was before create, and is refused while pods are attached")
    void removeShared() {
        List<String> before = node.kernel();
        NetworkPlugin plugin = node.start();
        PluginPod pod = node.setUp();
        assertThrows(PodnetException.Conflict.class, plugin::removeShared);
        lawful(pod);
        node.tearDown(pod);
        plugin.removeShared();
        assertEquals(before, node.settledKernel());
    }

    @Test
    @DisplayName("create refuses options that it does not know, and leaves nothing")
    void unknownOption() {
        List<String> before = node.kernel();
        assertThrows(PodnetException.Invalid.class, () -> node.create(0, Map.of("no-such-option", "1")));
        assertEquals(before, node.kernel());
    }

    @Test
    @DisplayName("several at once: one's failure does not stop the others, outcomes are in order")
    void several() {
        NetworkPlugin plugin = node.start();
        List<String> before = node.settledKernel();
        PluginPod bad = node.pod(
                node.podSpec().requestedIp(IpAddress.parse("10.99.0.1")).build());
        List<PluginPod> pods = List.of(node.pod(), bad, node.pod());
        List<Outcome> up =
                plugin.setUpPods(pods.stream().map(PluginPod::request).toList());
        assertEquals(
                pods.stream().map(PluginPod::id).toList(),
                up.stream().map(Outcome::id).toList());
        assertEquals(
                List.of(true, false, true),
                up.stream().map(outcome -> outcome.status().isPresent()).toList());
        assertTrue(up.get(1).failure().isPresent());
        node.written(pods.get(0), up.get(0).status().orElseThrow());
        node.written(pods.get(2), up.get(2).status().orElseThrow());
        reachEachOther(pods.get(0), pods.get(2));
        List<Outcome> down =
                plugin.tearDownPods(pods.stream().map(PluginPod::record).toList());
        assertEquals(
                pods.stream().map(PluginPod::id).toList(),
                down.stream().map(Outcome::id).toList());
        assertTrue(down.stream().allMatch(outcome -> outcome.failure().isEmpty()), down::toString);
        assertEquals(before, node.settledKernel());
    }

    @Test
    @DisplayName("calls for different pods come in parallel")
    void parallel() throws Exception {
        NetworkPlugin plugin = node.start();
        List<String> before = node.settledKernel();
        List<PluginPod> pods = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pods.add(node.pod());
            assertEquals(Optional.empty(), plugin.podNetworkStatus(pods.get(i).request()));
        }
        PluginNode.atOnce(pods, node::setUp);
        Set<IpAddress> unique = new HashSet<>();
        pods.forEach(pod -> unique.add(pod.ip()));
        assertEquals(pods.size(), unique.size());
        pods.forEach(this::lawful);
        reachEachOther(pods.get(0), pods.get(5), pods.get(11));
        PluginNode.atOnce(pods, node::tearDown);
        assertEquals(before, node.settledKernel());
    }

    @Test
    @DisplayName(
            "capability IPS: a pod gets the address that it asks for, or the plugin says why not and changes nothing")
    void capabilityIps() {
        new CapabilityChecks(node).ips();
    }

    @Test
    @DisplayName("capability PORT_MAPPINGS: a host port leads to the pod, until the pod is torn down")
    void capabilityPortMappings() {
        new CapabilityChecks(node).portMappings();
    }

    @Test
    @DisplayName("capability BANDWIDTH: what a pod receives and sends is no faster than its limits")
    void capabilityBandwidth() {
        new CapabilityChecks(node).bandwidth();
    }

    @Test
    @DisplayName("capability ANTI_SPOOFING: a packet with a source that is not the pod's is dropped")
    void capabilityAntiSpoofing() {
        new CapabilityChecks(node).antiSpoofing();
    }
}
