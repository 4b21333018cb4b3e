package io.podnet.testkit.contract;

import static io.podnet.testkit.contract.Desired.PORT;
import static io.podnet.testkit.contract.Desired.service;
import static io.podnet.testkit.contract.Desired.slice;
import static io.podnet.testkit.contract.ProxyNode.podIp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.Condition;
import io.podnet.api.Drift;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Packet;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import io.podnet.api.ServiceId;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceChanges.SliceId;
import io.podnet.spi.ServiceProxy;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import io.podnet.spi.ServiceProxyProvider;
import io.podnet.testkit.machine.Greeters;
import io.podnet.testkit.machine.Machine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a {@link ServiceProxy} promises, with real packets from pods and from the node. A provider's test class extends this
 * and names the provider, which ServiceLoader must find: {@code class MineTest extends ServiceProxyContract { MineTest() {
 * super("mine"); } }}. It needs root, or a user namespace's.
 */
@SuppressWarnings("NullAway.Init")
public abstract class ServiceProxyContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final IpAddress VIP = IpAddress.parse("10.96.0.1");
    private static final IpAddress VIP6 = IpAddress.parse("fd00:10:96::1");
    private static final IpAddress OTHER_VIP = IpAddress.parse("10.96.0.2");
    private static final Service WEB = service("web", VIP.toString(), VIP6.toString());
    private static final Service OTHER = service("other", OTHER_VIP.toString());

    private final String name;
    private final Map<String, String> options;

    @TempDir
    Path state;

    private ProxyNode node;
    private Machine one;
    private Machine two;

    /**
     * Takes the proxy with its own settings.
     *
     * @param name the provider's name
     */
    protected ServiceProxyContract(String name) {
        this(name, Map.of());
    }

    /**
     * Takes the proxy with some options.
     *
     * @param name the provider's name
     * @param options its options
     */
    protected ServiceProxyContract(String name, Map<String, String> options) {
        this.name = name;
        this.options = Map.copyOf(options);
    }

    private ServiceProxyProvider provider() {
        return Providers.discover(ServiceProxyProvider.class, getClass().getClassLoader())
                .get(name);
    }

    @BeforeEach
    void makeNode() {
        node = new ProxyNode(provider(), options, state);
        one = node.pod(1);
        two = node.pod(2);
    }

    @AfterEach
    void removeNode() {
        node.close();
    }

    private static void program(ServiceProxy proxy, ServiceChanges changes) {
        assertTrue(
                proxy.awaitProgrammed(proxy.apply(changes), PATIENCE),
                () -> proxy.status().toString());
    }

    private static ServiceChanges changed(Service service, EndpointSlice... slices) {
        return new ServiceChanges(false, List.of(service), List.of(), List.of(slices), List.of());
    }

    /** Web at pod 1, over IPv4. */
    private static ServiceChanges web() {
        return ServiceChanges.complete(List.of(WEB), List.of(slice(WEB, podIp(1))));
    }

    private static String greeting(Machine from, IpAddress ip) {
        return Greeters.ask(from, Protocol.TCP, ip, PORT).split(" ", -1)[0];
    }

    private static String brief(Machine from, IpAddress ip) {
        return Greeters.askBriefly(from, Protocol.TCP, ip, PORT).split(" ", -1)[0];
    }

    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "not within " + PATIENCE + ": " + what);
            Thread.sleep(20);
        }
    }

    private static Packet packet(IpAddress from, IpAddress to, Protocol protocol) {
        return new Packet(from, to, protocol, 40_000, PORT, Optional.of("pod2"));
    }

    @Test
    @DisplayName("a cluster IP leads pods and the node to all endpoints, over TCP and UDP, and keeps a pod's source")
    void clusterIp() {
        ServiceProxy proxy = node.start();
        program(proxy, ServiceChanges.complete(List.of(WEB), List.of(slice(WEB, podIp(1), podIp(2)))));
        Machine client = node.pod(3);
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            Set<String> greetings = new HashSet<>();
            // Both are seen but once in half a thousand million times.
            for (int i = 0; i < 30; i++) {
                greetings.add(Greeters.ask(client, protocol, VIP, PORT));
            }
            assertEquals(Set.of("pod-1 " + podIp(3), "pod-2 " + podIp(3)), greetings);
            assertTrue(Greeters.ask(node.node(), protocol, VIP, PORT).startsWith("pod-"));
        }
        assertEquals(
                Condition.Code.READY,
                proxy.status().code(),
                () -> proxy.status().toString());
    }

    @Test
    @DisplayName("a pod reaches itself by its service")
    void hairpin() {
        program(node.start(), web());
        assertEquals("pod-1", greeting(one, VIP));
    }

    @Test
    @DisplayName("IPv6 likewise")
    void ipv6() {
        program(node.start(), ServiceChanges.complete(List.of(WEB), List.of(slice(WEB, podIp(1, IpFamily.IPV6)))));
        assertEquals("pod-1", greeting(two, VIP6));
        assertEquals("pod-1 " + podIp(2, IpFamily.IPV6), Greeters.ask(two, Protocol.UDP, VIP6, PORT));
    }

    @Test
    @DisplayName("a node port leads to the endpoints")
    void nodePort() {
        Service outward = Desired.nodePort("outward", 30_080, "10.96.0.9");
        program(node.start(), ServiceChanges.complete(List.of(outward), List.of(slice(outward, podIp(1)))));
        assertTrue(Greeters.ask(two, Protocol.TCP, ProxyNode.NODE, 30_080).startsWith("pod-1 "));
    }

    @Test
    @DisplayName("once a step is programmed, connections go where it says and nowhere else")
    void changes() {
        ServiceProxy proxy = node.start();
        program(proxy, web());
        assertEquals("pod-1", greeting(two, VIP));
        program(proxy, changed(WEB, slice(WEB, podIp(2))));
        for (int i = 0; i < 10; i++) {
            assertEquals("pod-2", greeting(one, VIP));
        }
        program(proxy, changed(OTHER, slice(OTHER, podIp(1))));
        assertEquals("pod-1", greeting(two, OTHER_VIP));
        assertEquals("pod-2", greeting(one, VIP), "what a change does not name stays");
        assertTrue(proxy.awaitProgrammed(WEB.id(), PATIENCE));
    }

    @Test
    @DisplayName("endpoints that are not ready get nothing; without endpoints a connection is refused")
    void noEndpoints() throws Exception {
        ServiceProxy proxy = node.start();
        List<ServiceId> told = new CopyOnWriteArrayList<>();
        proxy.addListener(new ServiceProxy.ServiceProxyListener() {
            @Override
            public void onNoEndpoints(ServiceId service, Optional<String> portName) {
                told.add(service);
            }
        });
        program(proxy, web());
        program(proxy, changed(WEB, slice(WEB, false, podIp(1))));
        assertEquals(Greeters.REFUSED, brief(two, VIP));
        assertEquals(Greeters.REFUSED, brief(node.node(), VIP));
        assertEquals(
                Verdict.REJECT,
                proxy.explain(packet(podIp(2), VIP, Protocol.TCP)).verdict());
        eventually("the listener hears that the last one went", () -> told.contains(WEB.id()));
        program(proxy, changed(WEB, slice(WEB, podIp(1))));
        assertEquals("pod-1", greeting(two, VIP));
    }

    @Test
    @DisplayName("what a step removes is gone, and a complete step removes what it does not name")
    void removal() {
        ServiceProxy proxy = node.start();
        program(
                proxy,
                ServiceChanges.complete(List.of(WEB, OTHER), List.of(slice(WEB, podIp(1)), slice(OTHER, podIp(1)))));
        assertEquals("pod-1", greeting(two, OTHER_VIP));
        EndpointSlice gone = slice(OTHER, podIp(1));
        program(
                proxy,
                new ServiceChanges(
                        false,
                        List.of(),
                        List.of(OTHER.id()),
                        List.of(),
                        List.of(new SliceId(OTHER.id(), gone.name()))));
        assertFalse(brief(two, OTHER_VIP).startsWith("pod-"));
        assertEquals("pod-1", greeting(two, VIP));
        program(proxy, ServiceChanges.complete(List.of(OTHER), List.of(gone)));
        assertEquals("pod-1", greeting(two, OTHER_VIP));
        assertFalse(brief(two, VIP).startsWith("pod-"));
    }

    @Test
    @DisplayName("generations grow, and waiting for one that is not applied ends with the time")
    void generations() {
        ServiceProxy proxy = node.start();
        long first = proxy.apply(web());
        long second = proxy.apply(changed(OTHER, slice(OTHER, podIp(1))));
        assertTrue(second > first, first + " and then " + second);
        assertTrue(proxy.awaitProgrammed(second, PATIENCE));
        assertTrue(proxy.awaitProgrammed(first, Duration.ofMillis(1)), "an older one is there too");
        assertFalse(proxy.awaitProgrammed(second + 1, Duration.ofMillis(50)));
    }

    @Test
    @DisplayName("listeners hear what is programmed, one call at a time")
    void listeners() throws Exception {
        ServiceProxy proxy = node.start();
        List<Long> heard = new CopyOnWriteArrayList<>();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        proxy.addListener(new ServiceProxy.ServiceProxyListener() {
            @Override
            public void onProgrammed(long generation) {
                heard.add(generation);
                threads.add(Thread.currentThread());
            }
        });
        long first = proxy.apply(web());
        eventually("the first", () -> heard.stream().anyMatch(generation -> generation >= first));
        long second = proxy.apply(changed(OTHER, slice(OTHER, podIp(1))));
        eventually("the second", () -> heard.stream().anyMatch(generation -> generation >= second));
        assertEquals(1, threads.size());
        assertFalse(threads.contains(Thread.currentThread()));
    }

    @Test
    @DisplayName("the first step must be complete, and one that breaks policy is Invalid; nothing of either is taken")
    void invalid() {
        ServiceProxy proxy = node.start();
        ServiceChanges change = changed(OTHER, slice(OTHER, podIp(1)));
        assertThrows(PodnetException.class, () -> proxy.apply(change));
        program(proxy, web());
        assertFalse(brief(two, OTHER_VIP).startsWith("pod-"));
        Service bad = service("bad", "10.96.0.7");
        ServiceChanges loopback = new ServiceChanges(
                false,
                List.of(OTHER, bad),
                List.of(),
                List.of(slice(OTHER, podIp(1)), slice(bad, IpAddress.parse("127.0.0.1"))),
                List.of());
        assertThrows(PodnetException.Invalid.class, () -> proxy.apply(loopback));
        assertThrows(PodnetException.Invalid.class, () -> proxy.plan(loopback));
        program(proxy, changed(WEB, slice(WEB, podIp(2))));
        assertEquals("pod-2", greeting(one, VIP));
        assertFalse(brief(two, OTHER_VIP).startsWith("pod-"), "nothing of the refused step was taken");
    }

    @Test
    @DisplayName("an external IP outside of the configured ranges is refused or left out, never served")
    void externalIps() {
        ServiceProxy proxy = node.start();
        program(proxy, web());
        Service allowed = Desired.external("allowed", "203.0.113.5", "10.96.0.5");
        program(proxy, changed(allowed, slice(allowed, podIp(1))));
        assertEquals("pod-1", greeting(two, IpAddress.parse("203.0.113.5")));
        Service stolen = Desired.external("stolen", "198.51.100.5", "10.96.0.6");
        try {
            program(proxy, changed(stolen, slice(stolen, podIp(1))));
        } catch (PodnetException.Invalid refused) {
            assertEquals("pod-1", greeting(two, VIP));
        }
        assertFalse(brief(two, IpAddress.parse("198.51.100.5")).startsWith("pod-"));
    }

    @Test
    @DisplayName("plan changes nothing, and says nothing where nothing would change")
    void plan() {
        ServiceProxy proxy = node.start();
        program(proxy, web());
        assertFalse(proxy.plan(changed(OTHER, slice(OTHER, podIp(1)))).steps().isEmpty());
        assertFalse(brief(two, OTHER_VIP).startsWith("pod-"));
        assertEquals(List.of(), proxy.check());
        assertEquals(List.of(), proxy.plan(web()).steps());
    }

    @Test
    @DisplayName("explain tells the way that packets take, with and without a running proxy")
    void explain() {
        ServiceProxy proxy = node.start();
        ServiceChanges both = ServiceChanges.complete(List.of(WEB), List.of(slice(WEB, podIp(1), podIp(2))));
        program(proxy, both);
        Packet toService = packet(podIp(2), VIP, Protocol.TCP);
        Explanation way = proxy.explain(toService);
        assertEquals(Verdict.TRANSLATE, way.verdict());
        assertFalse(way.steps().isEmpty());
        Set<IpAddress> ends = new HashSet<>();
        double sum = 0;
        for (ServiceProxy.Candidate candidate : way.candidates()) {
            ends.add(candidate.ip());
            sum += candidate.probability();
            assertEquals(ProxyNode.TARGET_PORT, candidate.port());
            assertEquals(candidate.ip().equals(podIp(2)), candidate.masquerade(), "only to itself");
        }
        assertEquals(Set.of(podIp(1), podIp(2)), ends);
        assertEquals(1, sum, 1e-6);
        Packet elsewhere = packet(podIp(2), podIp(1), Protocol.TCP);
        assertEquals(Verdict.PASS, proxy.explain(elsewhere).verdict());
        for (Packet packet : List.of(toService, elsewhere)) {
            Explanation written = provider().explain(node.view(), both, packet);
            assertEquals(proxy.explain(packet).verdict(), written.verdict());
            assertEquals(Set.copyOf(proxy.explain(packet).candidates()), Set.copyOf(written.candidates()));
        }
    }

    @Test
    @DisplayName("check finds nothing where all is as it should be, and what a stranger took away")
    void check() throws Exception {
        ServiceProxy proxy = node.start();
        List<List<Drift>> repaired = new CopyOnWriteArrayList<>();
        proxy.addListener(new ServiceProxy.ServiceProxyListener() {
            @Override
            public void onDriftRepaired(List<Drift> drift) {
                repaired.add(drift);
            }
        });
        program(proxy, web());
        assertEquals(List.of(), proxy.check());
        node.flush();
        eventually(
                "drift is found, or put right",
                () -> !proxy.check().isEmpty()
                        || !repaired.isEmpty()
                        || brief(two, VIP).equals("pod-1"));
    }

    @Test
    @DisplayName("counters name each endpoint, where the kernel counts")
    void counters() {
        ServiceProxy proxy = node.start();
        program(proxy, web());
        greeting(two, VIP);
        greeting(two, VIP);
        List<ServiceProxy.EndpointCount> counts = proxy.counters(WEB.id());
        if (!counts.isEmpty()) {
            assertTrue(counts.stream().allMatch(count -> count.ip().equals(podIp(1))), counts::toString);
            assertTrue(
                    counts.stream().anyMatch(count -> count.portName().equals("tcp") && count.packets() >= 2),
                    counts::toString);
        }
    }

    @Test
    @DisplayName("close leaves services, and the next process takes them over without a gap and removes what went")
    void restart() {
        ServiceProxy former = node.start();
        program(
                former,
                ServiceChanges.complete(List.of(WEB, OTHER), List.of(slice(WEB, podIp(1)), slice(OTHER, podIp(1)))));
        former.close();
        former.close();
        assertEquals("pod-1", greeting(two, VIP));
        ServiceProxy later = node.start();
        assertEquals("pod-1", greeting(two, VIP), "no rule changes before the first complete picture");
        assertEquals("pod-1", greeting(two, OTHER_VIP));
        program(later, ServiceChanges.complete(List.of(WEB), List.of(slice(WEB, podIp(2)))));
        assertEquals("pod-2", greeting(one, VIP));
        assertFalse(brief(two, OTHER_VIP).startsWith("pod-"));
        assertEquals(List.of(), later.check());
    }

    @Test
    @DisplayName("cleanUp removes everything, also what an earlier process wrote")
    void cleanUp() {
        ServiceProxy proxy = node.start();
        program(proxy, web());
        assertEquals("pod-1", greeting(two, VIP));
        proxy.cleanUp();
        assertFalse(brief(two, VIP).startsWith("pod-"));
        assertEquals("pod-1 " + podIp(2), Greeters.ask(two, Protocol.TCP, podIp(1), ProxyNode.TARGET_PORT));
        program(node.start(), web());
        assertEquals("pod-1", greeting(two, VIP));
    }

    @Test
    @DisplayName(
            "threads that apply at once: each step has its own generation, and the last of each service is programmed")
    void parallel() throws Exception {
        ServiceProxy proxy = node.start();
        program(proxy, web());
        Set<Long> generations = new HashSet<>();
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Service service = service("s" + i, "10.96.1." + i);
                futures.add(executor.submit(() -> proxy.apply(changed(service, slice(service, podIp(1))))));
            }
            for (Future<Long> future : futures) {
                assertTrue(generations.add(future.get()));
            }
        } finally {
            executor.shutdownNow();
        }
        for (long generation : generations) {
            assertTrue(proxy.awaitProgrammed(generation, PATIENCE));
        }
        for (int i = 0; i < 12; i++) {
            assertEquals("pod-1", greeting(two, IpAddress.parse("10.96.1." + i)));
        }
    }

    @Test
    @DisplayName("create refuses options that it does not know")
    void unknownOption() {
        assertThrows(PodnetException.Invalid.class, () -> node.start(Map.of("no-such-option", "1")));
    }
}
