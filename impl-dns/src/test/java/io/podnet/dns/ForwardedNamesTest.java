package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.DnsForwarding;
import io.podnet.api.DnsForwarding.Nameserver;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.dns.UpstreamServer.Asked;
import io.podnet.dns.forward.SimulatedUpstreams;
import io.podnet.netlink.namespace.NamespaceChannels;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Names from outside, with real sockets: a pod asks, servers in the node's namespace answer well or badly. */
class ForwardedNamesTest {
    private static final String FIRST = "192.0.2.1";
    private static final String SECOND = "192.0.2.2";
    private static final String OURS = "192.0.2.53";

    @TempDir
    Path directory;

    private final NamespaceThreads threads = new NamespaceThreads();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private PodPlace node;
    private PodPlace pod;

    @BeforeEach
    void namespaces() throws Exception {
        node = open(new PodPlace(threads));
        pod = open(new PodPlace(threads));
        node.run("ip", "addr", "add", FIRST + "/32", "dev", "lo");
        node.run("ip", "addr", "add", SECOND + "/32", "dev", "lo");
    }

    private <T extends AutoCloseable> T open(T one) {
        opened.add(0, one);
        return one;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        threads.close();
    }

    private UpstreamServer server(String address, UpstreamServer.Answering answering) throws Exception {
        return open(new UpstreamServer(
                new NamespaceChannels(threads, node.namespace()), new InetSocketAddress(address, 53), answering));
    }

    private NameResolver resolver(List<String> upstreams, Map<String, String> more) throws Exception {
        Path conf = directory.resolve("resolv.conf");
        Files.writeString(conf, "nameserver 192.0.2.1\n");
        Map<String, String> options = new HashMap<>(more);
        options.put("threads", "1");
        NameResolver resolver = open(new DnsResolverProvider()
                .create(new NameResolverProvider.Context(
                        "cluster.local",
                        List.of(Cidr.parse("10.0.0.0/16")),
                        List.of(Cidr.parse("10.96.0.0/12")),
                        upstreams.stream().map(IpAddress::parse).toList(),
                        conf,
                        node.namespace(),
                        directory,
                        options)));
        resolver.apply(Shop.example());
        resolver.attachPod(PodSpec.of("shop", "web").build(), pod.namespace());
        return resolver;
    }

    /** Answers every name with addresses. */
    private static List<byte[]> addresses(Asked asked) {
        String name = asked.message().getQuestion().getName().toString();
        int type = asked.message().getQuestion().getType();
        List<Record> records =
                SimulatedUpstreams.records(name + (type == Type.AAAA ? " 60 AAAA 2001:db8::7" : " 60 A 192.0.2.7"));
        return List.of(UpstreamServer.response(
                        asked.message(), Rcode.NOERROR, type == Type.A || type == Type.AAAA ? records : List.of())
                .toWire());
    }

    private String dig(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("dig", "@127.0.0.10", "+tries=1", "+timeout=10"));
        command.addAll(List.of(arguments));
        return pod.run(command.toArray(new String[0]));
    }

    @Test
    void aPodResolvesOtherNamesOverUdpAndTcp() throws Exception {
        UpstreamServer server = server(FIRST, ForwardedNamesTest::addresses);
        resolver(List.of(FIRST), Map.of());
        assertThat(dig("www.example.com", "A"))
                .contains("NOERROR")
                .contains(" ra")
                .contains("192.0.2.7");
        assertThat(dig("+tcp", "www.example.com", "AAAA")).contains("2001:db8::7");
        assertThat(dig("+tcp", "+noedns", "WWW.Example.COM", "A"))
                .contains("WWW.Example.COM.")
                .contains("192.0.2.7");
        // On a busy machine a question may be asked once more after a second; other questions are not.
        assertThat(server.questions()).hasSize(2);
    }

    @Test
    @DisplayName("CVE-2019-19794: source ports cannot be predicted, and none is used twice in a row")
    void ports() throws Exception {
        UpstreamServer server = server(FIRST, ForwardedNamesTest::addresses);
        resolver(List.of(FIRST), Map.of());
        Path names = directory.resolve("names");
        int count = 400;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("n").append(i).append(".example A\n");
        }
        Files.writeString(names, text);
        dig("+short", "-f", names.toString());
        List<Integer> ports = server.asked().stream().map(Asked::port).toList();
        assertThat(ports).hasSizeGreaterThanOrEqualTo(count);
        Set<Integer> different = new HashSet<>(ports);
        assertThat(different.size()).isGreaterThan(count * 9 / 10);
        int rising = 0;
        int near = 0;
        for (int i = 1; i < count; i++) {
            rising += ports.get(i) > ports.get(i - 1) ? 1 : 0;
            near += Math.abs(ports.get(i) - ports.get(i - 1)) < 16 ? 1 : 0;
        }
        assertThat(rising).isBetween(count / 4, count * 3 / 4);
        assertThat(near).isLessThan(count / 20);
    }

    @Test
    @DisplayName("CVE-2023-28452 (TuDoor): junk before the answer, over real sockets")
    void junk() throws Exception {
        server(FIRST, asked -> {
            byte[] right = addresses(asked).get(0);
            byte[] wrong = right.clone();
            wrong[0] ^= 1;
            byte[] none = right.clone();
            none[2] &= 0x7f;
            return List.of(new byte[0], new byte[] {1}, wrong, none, Arrays.copyOf(right, right.length - 3), right);
        });
        resolver(List.of(FIRST), Map.of());
        assertThat(dig("www.example.com", "A")).contains("192.0.2.7");
    }

    @Test
    void aCutAnswerIsFetchedOverTcp() throws Exception {
        UpstreamServer server = server(FIRST, asked -> {
            List<Record> many = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                many.addAll(
                        SimulatedUpstreams.records(asked.message().getQuestion().getName() + " 60 A 198.51.100." + i));
            }
            Message response =
                    UpstreamServer.response(asked.message(), Rcode.NOERROR, asked.stream() ? many : List.of());
            if (!asked.stream()) {
                response.getHeader().setFlag(Flags.TC);
            }
            return List.of(response.toWire());
        });
        resolver(List.of(FIRST), Map.of("forward.loopProbes", "false"));
        assertThat(dig("+short", "many.example.com", "A").lines().count()).isEqualTo(200);
        assertThat(dig("+ignore", "many.example.com", "A")).contains(" tc");
        assertThat(server.asked()).extracting(Asked::stream).contains(false, true);
    }

    @Test
    void aDeadServerDoesNotHoldTheOthersUp() throws Exception {
        UpstreamServer second = server(SECOND, ForwardedNamesTest::addresses);
        resolver(List.of(FIRST, SECOND), Map.of());
        assertThat(dig("www.example.com", "A")).contains("192.0.2.7");
        assertThat(second.asked()).isNotEmpty();
    }

    @Test
    void theFirstNameOfASearchGetsTheLastOnesAnswer() throws Exception {
        UpstreamServer server = server(FIRST, ForwardedNamesTest::addresses);
        resolver(List.of(FIRST), Map.of());
        String answer = dig("www.example.com.shop.svc.cluster.local", "A");
        assertThat(answer)
                .contains("NOERROR")
                .containsPattern("CNAME\\s+www.example.com\\.")
                .contains("192.0.2.7");
        assertThat(server.asked())
                .extracting(asked -> asked.message().getQuestion().getName().toString())
                .containsOnly("www.example.com.");
        assertThat(dig("none.shop.svc.cluster.local.shop.svc.cluster.local", "A"))
                .contains("NXDOMAIN");
        assertThat(dig("www.example.com.svc.cluster.local", "A")).contains("NXDOMAIN");
    }

    @Test
    void anAliasLeadsOutside() throws Exception {
        server(FIRST, ForwardedNamesTest::addresses);
        resolver(List.of(FIRST), Map.of());
        assertThat(dig("pay.shop.svc.cluster.local", "A"))
                .containsPattern("CNAME\\s+pay.example.com\\.")
                .contains("192.0.2.7");
    }

    @Test
    @DisplayName("CVE-2026-86003: an UPDATE is not forwarded")
    void update() throws Exception {
        UpstreamServer server = server(FIRST, ForwardedNamesTest::addresses);
        resolver(List.of(FIRST), Map.of("forward.loopProbes", "false"));
        PodClient client = new PodClient(new NamespaceChannels(threads, pod.namespace()));
        for (int opcode = 1; opcode < 16; opcode++) {
            Message message = Message.newQuery(SimulatedUpstreams.records("www.example.com. 60 A 192.0.2.1")
                    .get(0));
            message.getHeader().setOpcode(opcode);
            byte[] wire = message.toWire();
            assertThat(new Message(client.datagram(wire)).getRcode()).isEqualTo(Rcode.NOTIMP);
            assertThat(new Message(client.stream(wire)).getRcode()).isEqualTo(Rcode.NOTIMP);
        }
        dig("www.example.com", "A");
        assertThat(server.questions()).hasSize(1);
    }

    @Test
    @DisplayName("moby CVE-2024-29018: a network without upstream asks nobody, though servers are in reach")
    void isolated() throws Exception {
        UpstreamServer server = server(FIRST, ForwardedNamesTest::addresses);
        resolver(List.of(), Map.of());
        assertThat(dig("www.example.com", "A")).contains("REFUSED").doesNotContain(" ra");
        assertThat(dig("www.example.com.shop.svc.cluster.local", "A")).contains("NXDOMAIN");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void stubsAndSpecialNames() throws Exception {
        UpstreamServer first = server(FIRST, ForwardedNamesTest::addresses);
        UpstreamServer second = server(SECOND, ForwardedNamesTest::addresses);
        resolver(
                List.of(FIRST, "127.0.0.53"),
                Map.of("stub.corp.internal", SECOND + "#53", "forward.loopProbes", "false"));
        assertThat(dig("git.corp.internal", "A")).contains("192.0.2.7");
        assertThat(dig("vm.internal", "A")).contains("NXDOMAIN");
        assertThat(dig("-x", "192.168.1.1")).contains("NXDOMAIN");
        assertThat(first.asked()).isEmpty();
        assertThat(second.questions()).hasSize(1);
    }

    @Test
    @DisplayName("CVE-2026-26018: a server that sends our queries back is found out, and nothing ends but the circle")
    void circle() throws Exception {
        NamespaceChannels inside = new NamespaceChannels(threads, node.namespace());
        InetSocketAddress ourselves = new InetSocketAddress(OURS, 53);
        UpstreamServer server = server(FIRST, asked -> {
            try (DatagramChannel channel = inside.datagram();
                    Selector selector = Selector.open()) {
                channel.connect(ourselves);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
                channel.write(ByteBuffer.wrap(asked.message().toWire()));
                ByteBuffer answer = ByteBuffer.allocate(4_096);
                if (selector.select(6_000) == 0 || channel.read(answer) <= 0) {
                    return List.of();
                }
                return List.of(Arrays.copyOf(answer.array(), answer.position()));
            }
        });
        node.run("ip", "addr", "add", OURS + "/32", "dev", "lo");
        NameResolver resolver = resolver(List.of(FIRST), Map.of("listen", OURS));
        assertThat(dig("www.example.com", "A")).contains("SERVFAIL");
        long sent = server.asked().stream()
                .filter(asked -> asked.message().getQuestion().getType() == Type.A)
                .count();
        assertThat(sent).as("one question goes round once for each try").isLessThanOrEqualTo(5);
        assertThat(dig("other.example.com", "A")).contains("SERVFAIL");
        assertThat(server.asked().stream()
                        .filter(asked -> asked.message()
                                .getQuestion()
                                .getName()
                                .toString()
                                .equals("other.example.com.")))
                .isEmpty();
        assertThat(dig("api.shop.svc.cluster.local", "A")).contains("10.96.7.4");
        assertThat(resolver.status().code()).isEqualTo(Condition.Code.READY);
    }

    @Test
    void aPodHasServersOfItsOwn() throws Exception {
        UpstreamServer first = server(FIRST, ForwardedNamesTest::addresses);
        UpstreamServer second = server(SECOND, ForwardedNamesTest::addresses);
        NameResolver resolver = resolver(List.of(), Map.of("forward.loopProbes", "false"));
        PodId web = new PodId("shop", "web");
        assertThat(dig("www.example.com", "A"))
                .contains("REFUSED")
                .doesNotContain(" ra")
                .contains("EDE: 18 (Prohibited)");
        resolver.forwarding(web, Optional.of(DnsForwarding.to(List.of(IpAddress.parse(FIRST)))));
        assertThat(dig("www.example.com", "A")).contains(" ra").contains("192.0.2.7");
        assertThat(resolver.explain(web, "www.example.com.", "A").steps().get(0).reason())
                .contains(FIRST);
        resolver.forwarding(
                web,
                Optional.of(new DnsForwarding(
                        List.of(), Map.of("corp.example", List.of(new Nameserver(IpAddress.parse(SECOND), 53))))));
        assertThat(dig("git.corp.example", "A")).contains(" ra").contains("192.0.2.7");
        assertThat(dig("www.example.com", "A")).contains("REFUSED");
        assertThat(resolver.explain(web, "git.corp.example.", "A")
                        .steps()
                        .get(0)
                        .reason())
                .contains("stub domain corp.example.: [" + SECOND + "]");
        assertThat(first.questions()).hasSize(1);
        assertThat(second.questions()).hasSize(1);
        resolver.forwarding(web, Optional.empty());
        assertThat(dig("git.corp.example", "A")).contains("REFUSED").doesNotContain(" ra");
        // Nobody but the pod is concerned.
        assertThat(resolver.lookup("www.example.com", "A").rcode()).isEqualTo("REFUSED");
        assertThatThrownBy(() ->
                        resolver.forwarding(web, Optional.of(DnsForwarding.to(List.of(IpAddress.parse("127.0.0.53"))))))
                .isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> resolver.forwarding(new PodId("shop", "nobody"), Optional.empty()))
                .isInstanceOf(PodnetException.NotFound.class);
    }

    @Test
    void thePolicyDecidesForPodAndName() throws Exception {
        UpstreamServer server = server(FIRST, ForwardedNamesTest::addresses);
        NameResolver resolver = resolver(List.of(FIRST), Map.of("forward.loopProbes", "false"));
        dig("www.example.com", "A");
        resolver.forwardPolicy((asking, name, type) -> asking.isEmpty() || !name.equals("www.example.com."));
        assertThat(dig("www.example.com", "A")).contains("REFUSED").contains("EDE: 15 (Blocked)");
        assertThat(dig("+noedns", "www.example.com", "A")).contains("REFUSED").doesNotContain("EDE");
        assertThat(dig("other.example.com", "A")).contains("192.0.2.7");
        assertThat(resolver.lookup("www.example.com", "A").rcode()).isEqualTo("NOERROR");
        assertThat(resolver.explain(new PodId("shop", "web"), "www.example.com.", "A")
                        .steps()
                        .get(0)
                        .reason())
                .contains("policy");
        resolver.forwardPolicy(NameResolver.ForwardPolicy.ALLOW_ALL);
        assertThat(dig("www.example.com", "A")).contains("192.0.2.7");
        assertThat(server.questions()).hasSize(2);
    }

    @Test
    void whyThereIsNoAnswerIsTold() throws Exception {
        resolver(List.of(FIRST), Map.of("forward.loopProbes", "false"));
        assertThat(dig("www.example.com", "A")).contains("SERVFAIL").contains("EDE: 22 (No Reachable Authority)");
        assertThat(dig("www.example.com", "A")).contains("SERVFAIL").contains("EDE: 13 (Cached Error)");
        assertThat(dig("+norec", "www.example.com", "A")).contains("REFUSED").contains("EDE: 20 (Not Authoritative)");
        assertThat(dig("nobody.shop.svc.cluster.local", "A"))
                .contains("NXDOMAIN")
                .doesNotContain("EDE");
    }

    @Test
    void ourOwnAddressIsNoUpstream() throws Exception {
        resolver(List.of(FIRST), Map.of("listen", FIRST));
        assertThat(dig("www.example.com", "A")).contains("REFUSED");
    }
}
