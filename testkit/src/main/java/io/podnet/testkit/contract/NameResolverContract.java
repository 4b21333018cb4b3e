package io.podnet.testkit.contract;

import static io.podnet.testkit.contract.Desired.service;
import static io.podnet.testkit.contract.Desired.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.DnsForwarding;
import io.podnet.api.DnsPolicy;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.api.Service;
import io.podnet.spi.NameChanges;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolver.Answer;
import io.podnet.spi.NameResolver.ResolvConf;
import io.podnet.spi.NameResolver.StaticRecord;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.Providers;
import io.podnet.spi.ServiceChanges;
import io.podnet.testkit.machine.DnsQuestion;
import io.podnet.testkit.machine.DnsQuestion.Reply;
import io.podnet.testkit.machine.FixedNameServer;
import io.podnet.testkit.machine.Machine;
import io.podnet.testkit.machine.Machines;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a {@link NameResolver} promises, asked by real packets from inside a pod's namespace, where its resolv.conf says. A
 * provider's test class extends this and names the provider, which ServiceLoader must find: {@code class MineTest extends
 * NameResolverContract { MineTest() { super("mine"); } }}. It needs root, or a user namespace's.
 */
@SuppressWarnings("NullAway.Init")
public abstract class NameResolverContract {
    private static final int SERVFAIL = 2;
    private static final int NXDOMAIN = 3;
    private static final long PATIENCE_MILLIS = 10_000;
    private static final long BRIEFLY_MILLIS = 300;
    private static final long A_SECOND = 1_000_000_000;
    private static final IpAddress UPSTREAM = IpAddress.parse("192.0.2.53");
    private static final IpAddress ELSEWHERE = IpAddress.parse("198.51.100.7");
    private static final String KNOWN = "www.example.com";
    private static final PodSpec POD = PodSpec.of("default", "client").build();
    private static final PodId NOBODY = new PodId("default", "nobody");
    private static final String WEB_NAME = "web.default.svc.contract.example";
    private static final Service WEB = service("web", "10.96.0.1", "fd00:10:96::1");
    private static final Service DB = Desired.headless("db");

    private final String name;
    private final Map<String, String> options;
    private final Machines machines = new Machines();
    private final List<NameResolver> opened = new ArrayList<>();

    @TempDir
    Path state;

    private Machine node;
    private Machine pod;
    private FixedNameServer upstream;

    /**
     * Takes the resolver with its own settings.
     *
     * @param name the provider's name
     */
    protected NameResolverContract(String name) {
        this(name, Map.of());
    }

    /**
     * Takes the resolver with some options.
     *
     * @param name the provider's name
     * @param options its options
     */
    protected NameResolverContract(String name, Map<String, String> options) {
        this.name = name;
        this.options = Map.copyOf(options);
    }

    @BeforeEach
    void makeNode() throws IOException {
        node = machines.make("node");
        pod = machines.make("pod");
        node.addAddress("lo", UPSTREAM + "/32");
        upstream = new FixedNameServer(node, UPSTREAM, KNOWN, ELSEWHERE);
        Files.writeString(state.resolve("resolv.conf"), "nameserver " + UPSTREAM + "\nsearch corp.example\n");
    }

    @AfterEach
    void removeNode() {
        opened.forEach(NameResolver::close);
        upstream.close();
        machines.close();
    }

    private NameResolver open(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(options);
        all.putAll(more);
        NameResolver resolver = Providers.discover(
                        NameResolverProvider.class, getClass().getClassLoader())
                .get(name)
                .create(new NameResolverProvider.Context(
                        "contract.example",
                        List.of(Cidr.parse("10.244.0.0/16")),
                        List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:10:96::/112")),
                        List.of(UPSTREAM),
                        state.resolve("resolv.conf"),
                        node.namespace(),
                        state,
                        all));
        opened.add(resolver);
        return resolver;
    }

    private static NameChanges step(ServiceChanges services, String... namespaces) {
        return new NameChanges(services, List.of(), Set.of(), Set.of(namespaces));
    }

    private static NameChanges everything() {
        EndpointSlice slice = slice(DB, IpAddress.parse("10.244.1.5"), IpAddress.parse("10.244.1.6"));
        return new NameChanges(
                ServiceChanges.complete(List.of(WEB, DB), List.of(slice)),
                List.of(new NameChanges.PodAddresses(POD, List.of(IpAddress.parse("10.244.1.9")))),
                Set.of(),
                Set.of("default", "empty"));
    }

    private static NameChanges changed(Service service) {
        return step(new ServiceChanges(false, List.of(service), List.of(), List.of(), List.of()), "default", "empty");
    }

    private NameResolver serving() {
        NameResolver resolver = open(Map.of());
        resolver.apply(everything());
        return resolver;
    }

    private InetSocketAddress attach(NameResolver resolver) {
        return serverOf(resolver.attachPod(POD, pod.namespace()));
    }

    private static InetSocketAddress serverOf(ResolvConf conf) {
        return new InetSocketAddress(conf.nameservers().get(0).toInetAddress(), 53);
    }

    private Reply ask(InetSocketAddress server, String question, int type) {
        return new DnsQuestion(question, type)
                .overUdp(pod, server, PATIENCE_MILLIS)
                .orElseThrow(() -> new AssertionError("no answer to " + question));
    }

    private static List<String> data(Answer answer) {
        return answer.records().stream()
                .map(record -> record.substring(record.lastIndexOf('\t') + 1))
                .map(record -> record.substring(record.lastIndexOf(' ') + 1))
                .sorted()
                .toList();
    }

    @Test
    @DisplayName("before the first complete picture the cluster's names are SERVFAIL, and status is not ready")
    void beforeTheFirstPicture() {
        NameResolver resolver = open(Map.of());
        InetSocketAddress server = attach(resolver);
        assertEquals(SERVFAIL, ask(server, WEB_NAME, DnsQuestion.A).rcode());
        assertEquals("SERVFAIL", resolver.lookup(WEB_NAME, "A").rcode());
        assertNotEquals(Condition.Code.READY, resolver.status().code());
        assertThrows(PodnetException.class, () -> resolver.apply(changed(WEB)), "the first must be complete");
        assertEquals(SERVFAIL, ask(server, WEB_NAME, DnsQuestion.A).rcode());
        resolver.apply(everything());
        assertEquals(List.of("10.96.0.1"), ask(server, WEB_NAME, DnsQuestion.A).addresses());
        assertEquals(Condition.Code.READY, resolver.status().code());
    }

    @Test
    @DisplayName(
            "services have their cluster IPs, headless ones their endpoints, over UDP and TCP, in any case of letters")
    void services() {
        InetSocketAddress server = attach(serving());
        assertEquals(List.of("10.96.0.1"), ask(server, WEB_NAME, DnsQuestion.A).addresses());
        assertEquals(
                List.of("fd00:10:96::1"),
                ask(server, WEB_NAME, DnsQuestion.AAAA).addresses());
        assertEquals(
                List.of("10.96.0.1"),
                ask(server, "WEB.Default.SVC.Contract.EXAMPLE", DnsQuestion.A).addresses());
        Reply overTcp = new DnsQuestion("db.default.svc.contract.example", DnsQuestion.A).overTcp(pod, server);
        assertEquals(Set.of("10.244.1.5", "10.244.1.6"), Set.copyOf(overTcp.addresses()));
    }

    @Test
    @DisplayName("the schema's other records: SRV, PTR, dns-version, pods' addresses")
    void schema() {
        NameResolver resolver = serving();
        Answer srv = resolver.lookup("_tcp._tcp." + WEB_NAME, "SRV");
        assertEquals(1, srv.records().size(), srv::toString);
        assertTrue(srv.records().get(0).contains(" 80 " + WEB_NAME), srv::toString);
        assertEquals(List.of(WEB_NAME + "."), data(resolver.lookup("1.0.96.10.in-addr.arpa", "PTR")));
        assertEquals(List.of("\"1.1.0\""), data(resolver.lookup("dns-version.contract.example", "TXT")));
        assertEquals(List.of("10.244.1.9"), data(resolver.lookup("10-244-1-9.default.pod.contract.example", "A")));
    }

    @Test
    @DisplayName("what does not exist is NXDOMAIN; a namespace without services exists all the same")
    void absent() {
        NameResolver resolver = serving();
        InetSocketAddress server = attach(resolver);
        for (String none : List.of("nobody.default.svc.contract.example", "web.nowhere.svc.contract.example")) {
            assertEquals(NXDOMAIN, ask(server, none, DnsQuestion.A).rcode(), none);
            assertEquals(new Answer("NXDOMAIN", List.of()), resolver.lookup(none, "A"));
        }
        Reply empty = ask(server, "empty.svc.contract.example", DnsQuestion.A);
        assertTrue(empty.exists() && empty.addresses().isEmpty(), empty::toString);
        assertTrue(ask(server, "db.default.svc.contract.example", DnsQuestion.AAAA)
                .addresses()
                .isEmpty());
    }

    @Test
    @DisplayName("when apply returns, the next query sees it")
    void nextQuery() {
        NameResolver resolver = serving();
        InetSocketAddress server = attach(resolver);
        for (int i = 0; i < 100; i++) {
            String ip = "10.96.1." + i;
            resolver.apply(changed(service("web", ip)));
            assertEquals(List.of(ip), ask(server, WEB_NAME, DnsQuestion.A).addresses());
        }
        resolver.apply(step(
                new ServiceChanges(false, List.of(), List.of(WEB.id()), List.of(), List.of()), "default", "empty"));
        assertEquals(NXDOMAIN, ask(server, WEB_NAME, DnsQuestion.A).rcode());
        resolver.apply(step(ServiceChanges.complete(List.of(WEB), List.of()), "default"));
        assertEquals(List.of("10.96.0.1"), ask(server, WEB_NAME, DnsQuestion.A).addresses());
        assertEquals(
                NXDOMAIN,
                ask(server, "db.default.svc.contract.example", DnsQuestion.A).rcode(),
                "not named any more");
        assertEquals(
                NXDOMAIN,
                ask(server, "empty.svc.contract.example", DnsQuestion.A).rcode());
    }

    @Test
    @DisplayName("a name that does not change is answered through all changes of others")
    void steady() throws Exception {
        NameResolver resolver = serving();
        InetSocketAddress server = attach(resolver);
        CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 200; i++) {
                resolver.apply(changed(service("other", "10.96.2." + i % 200)));
                resolver.apply(everything());
            }
        });
        int asked = 0;
        while (!changes.isDone() || asked == 0) {
            assertEquals(
                    List.of("10.96.0.1"), ask(server, WEB_NAME, DnsQuestion.A).addresses());
            asked++;
        }
        changes.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Test
    @DisplayName("generations grow, and their low 32 bits are the zone's serial")
    void generations() {
        NameResolver resolver = serving();
        long first = resolver.apply(changed(service("web", "10.96.0.3")));
        long second = resolver.apply(changed(service("web", "10.96.0.4")));
        assertTrue(second > first, first + " and then " + second);
        Answer soa = resolver.lookup("contract.example", "SOA");
        assertTrue(soa.records().get(0).contains(" " + (second & 0xffff_ffffL) + " "), soa::toString);
    }

    @Test
    @DisplayName("a step that names something impossible is Invalid, and nothing of it is taken")
    void invalid() {
        NameResolver resolver = serving();
        Service alias = new Service(
                DB.id(),
                Map.of(),
                Map.of(),
                Service.Type.EXTERNAL_NAME,
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Service.LoadBalancer.NONE,
                Optional.of("no..name"),
                DB.sessionAffinityTimeoutSeconds(),
                Service.TrafficPolicy.CLUSTER,
                Service.TrafficPolicy.CLUSTER,
                Optional.empty(),
                false);
        NameChanges bad = step(
                new ServiceChanges(false, List.of(service("new", "10.96.0.8"), alias), List.of(), List.of(), List.of()),
                "default");
        assertThrows(PodnetException.Invalid.class, () -> resolver.apply(bad));
        assertEquals(
                "NXDOMAIN",
                resolver.lookup("new.default.svc.contract.example", "A").rcode());
        assertEquals(
                2,
                resolver.lookup("db.default.svc.contract.example", "A")
                        .records()
                        .size());
        assertEquals(
                "NOERROR", resolver.lookup("empty.svc.contract.example", "A").rcode());
    }

    @Test
    @DisplayName("records of the host's own are served as they are given, all at once; a wrong one changes nothing")
    void staticRecords() {
        NameResolver resolver = serving();
        InetSocketAddress server = attach(resolver);
        String own = "registry.contract.example";
        resolver.replaceRecords(List.of(new StaticRecord(own, "A", 30, "192.0.2.30")));
        assertEquals(List.of("192.0.2.30"), ask(server, own, DnsQuestion.A).addresses());
        resolver.replaceRecords(List.of(
                new StaticRecord("other.contract.example", "A", 30, "192.0.2.31"),
                new StaticRecord("*.apps.example", "A", 30, "192.0.2.32")));
        assertEquals(NXDOMAIN, ask(server, own, DnsQuestion.A).rcode(), "not given any more");
        assertEquals(
                List.of("192.0.2.32"),
                ask(server, "shop.apps.example", DnsQuestion.A).addresses());
        resolver.apply(everything());
        assertEquals(List.of("192.0.2.31"), data(resolver.lookup("other.contract.example", "A")), "a step keeps them");
        StaticRecord wrong = new StaticRecord("*.contract.example", "A", 30, "192.0.2.33");
        assertThrows(PodnetException.Invalid.class, () -> resolver.replaceRecords(List.of(wrong)));
        assertEquals(List.of("192.0.2.31"), data(resolver.lookup("other.contract.example", "A")));
    }

    @Test
    @DisplayName("explain tells what a pod's program gets, by the search list; not for a pod that is not attached")
    void explain() {
        NameResolver resolver = serving();
        attach(resolver);
        assertEquals(
                List.of("10.96.0.1"),
                data(resolver.explain(POD.id(), "web", "A").answer()));
        assertEquals(
                WEB_NAME,
                resolver.explain(POD.id(), "web", "A").steps().get(0).name().replaceAll("\\.$", ""));
        assertThrows(PodnetException.NotFound.class, () -> resolver.explain(NOBODY, "web", "A"));
    }

    @Test
    @DisplayName("a pod's own forwarding and the policy for all hold from the next query on, kept answers included")
    void ownForwarding() {
        NameResolver resolver = serving();
        InetSocketAddress server = attach(resolver);
        assertTrue(ask(server, KNOWN, DnsQuestion.A).exists());
        resolver.forwardPolicy((who, question, type) -> !who.equals(Optional.of(POD.id())));
        assertFalse(ask(server, KNOWN, DnsQuestion.A).exists(), "the policy refuses");
        assertEquals(List.of("10.96.0.1"), ask(server, WEB_NAME, DnsQuestion.A).addresses());
        resolver.forwardPolicy(NameResolver.ForwardPolicy.ALLOW_ALL);
        resolver.forwarding(POD.id(), Optional.of(DnsForwarding.NONE));
        assertFalse(ask(server, KNOWN, DnsQuestion.A).exists(), "an isolated pod");
        resolver.forwarding(POD.id(), Optional.empty());
        assertTrue(ask(server, KNOWN, DnsQuestion.A).exists());
        assertThrows(PodnetException.NotFound.class, () -> resolver.forwarding(NOBODY, Optional.empty()));
    }

    @Test
    @DisplayName("awaitVisible waits for a name, and no longer than it is told")
    void awaitVisible() throws Exception {
        NameResolver resolver = serving();
        assertTrue(resolver.awaitVisible(WEB_NAME + ".", Duration.ZERO));
        assertFalse(resolver.awaitVisible("late.default.svc.contract.example", Duration.ofMillis(20)));
        CompletableFuture<Boolean> came = new CompletableFuture<>();
        Thread waiting = new Thread(() ->
                came.complete(resolver.awaitVisible("late.default.svc.contract.example", Duration.ofSeconds(30))));
        waiting.start();
        long begun = System.nanoTime();
        while (waiting.getState() != Thread.State.TIMED_WAITING
                && System.nanoTime() - begun < A_SECOND
                && !came.isDone()) {
            Thread.sleep(1);
        }
        assertFalse(came.isDone(), "it waits");
        resolver.apply(changed(service("late", "10.96.0.9")));
        assertTrue(came.get(30, TimeUnit.SECONDS));
    }

    @Test
    @DisplayName("resolv.conf is kubelet's: the namespace's search list, then the node's, and ndots 5")
    void resolvConf() {
        NameResolver resolver = serving();
        ResolvConf conf = resolver.attachPod(POD, pod.namespace());
        assertEquals(
                List.of("default.svc.contract.example", "svc.contract.example", "contract.example", "corp.example"),
                conf.searches());
        assertTrue(conf.options().contains("ndots:5"), conf::toString);
        ResolvConf plain = resolver.attachPod(
                PodSpec.of("default", "plain").dnsPolicy(DnsPolicy.DEFAULT).build(), pod.namespace());
        assertEquals(List.of(UPSTREAM), plain.nameservers());
        assertEquals(List.of("corp.example"), plain.searches());
    }

    @Test
    @DisplayName("a pod is served from attachPod to detachPod, and attached once")
    void attachment() {
        NameResolver resolver = serving();
        InetSocketAddress server = attach(resolver);
        assertThrows(PodnetException.class, () -> resolver.attachPod(POD, pod.namespace()));
        assertEquals(List.of("10.96.0.1"), ask(server, WEB_NAME, DnsQuestion.A).addresses());
        resolver.detachPod(POD.id());
        resolver.detachPod(POD.id());
        assertEquals(Optional.empty(), new DnsQuestion(WEB_NAME, DnsQuestion.A).overUdp(pod, server, BRIEFLY_MILLIS));
        assertEquals(
                List.of("10.96.0.1"),
                ask(attach(resolver), WEB_NAME, DnsQuestion.A).addresses());
        resolver.detachPod(NOBODY);
    }

    @Test
    @DisplayName("listeners are told who asked what")
    void listeners() throws Exception {
        NameResolver resolver = serving();
        List<String> heard = new CopyOnWriteArrayList<>();
        NameResolver.QueryListener listener =
                (who, question, type, rcode, nanos) -> heard.add(who.map(PodId::toString)
                                .orElse("-") + " " + question.replaceAll("\\.$", "") + " " + type + " " + rcode);
        resolver.addListener(listener);
        InetSocketAddress server = attach(resolver);
        ask(server, WEB_NAME, DnsQuestion.A);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (heard.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        resolver.removeListener(listener);
        ask(server, WEB_NAME, DnsQuestion.AAAA);
        assertEquals(List.of(POD.id() + " " + WEB_NAME + " A NOERROR"), heard);
    }

    @Test
    @DisplayName("other names are asked of the upstream servers; the cluster's and its networks' reverse names never")
    void forwarding() {
        InetSocketAddress server = attach(serving());
        assertEquals(
                List.of(ELSEWHERE.toString()), ask(server, KNOWN, DnsQuestion.A).addresses());
        assertTrue(upstream.asked().contains(KNOWN), () -> upstream.asked().toString());
        ask(server, "nobody.default.svc.contract.example", DnsQuestion.A);
        ask(server, "77.1.244.10.in-addr.arpa", 12);
        ask(server, "77.0.96.10.in-addr.arpa", 12);
        assertTrue(
                upstream.asked().stream()
                        .noneMatch(asked -> asked.endsWith("contract.example") || asked.endsWith("arpa")),
                () -> upstream.asked().toString());
    }

    @Test
    @DisplayName("draining: no new pod is served, answers have TTL 0; close ends serving, and may be repeated")
    void drain() {
        NameResolver resolver = serving();
        InetSocketAddress server = attach(resolver);
        assertTrue(resolver.ttl().toMillis() > 0);
        resolver.drain(Duration.ofMillis(1));
        assertEquals(List.of(0L), ask(server, WEB_NAME, DnsQuestion.A).ttls());
        assertThrows(
                PodnetException.class,
                () -> resolver.attachPod(PodSpec.of("default", "late").build(), pod.namespace()));
        assertEquals(Condition.Code.NOT_READY, resolver.status().code());
        resolver.close();
        resolver.close();
        assertEquals(Optional.empty(), new DnsQuestion(WEB_NAME, DnsQuestion.A).overUdp(pod, server, BRIEFLY_MILLIS));
    }

    @Test
    @DisplayName("create refuses options that it does not know")
    void unknownOption() {
        assertThrows(PodnetException.Invalid.class, () -> open(Map.of("no-such-option", "1")));
    }
}
