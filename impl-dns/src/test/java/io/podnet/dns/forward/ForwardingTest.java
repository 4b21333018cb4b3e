package io.podnet.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.dns.forward.ForwarderCounters.Event;
import io.podnet.dns.forward.SimulatedUpstreams.Sent;
import io.podnet.dns.upstream.Upstream;
import io.podnet.dns.upstream.UpstreamGroup;
import io.podnet.dns.upstream.UpstreamHealth;
import io.podnet.dns.upstream.UpstreamPolicy;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

class ForwardingTest {
    private static final String NAME = "www.example.com.";
    private static final String ANSWER = "www.example.com. 60 A 192.0.2.7";

    private static Rig rig(UpstreamPolicy policy, Upstream... servers) {
        return Rig.with()
                .routes(ForwardRoutes.to(new UpstreamGroup(Rig.SOCKETS, List.of(servers), policy)))
                .make();
    }

    private static List<Upstream> firsts(Rig rig, int count) {
        List<Upstream> firsts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "n" + rig.network.sent().size() + ".example.";
            rig.ask(name, RecordType.A);
            firsts.add(rig.network.last().to());
            rig.network.last().answersWith(name + " 0 A 192.0.2.7");
        }
        return firsts;
    }

    @Test
    void policies() {
        assertThat(firsts(rig(UpstreamPolicy.SEQUENTIAL, Rig.ONE, Rig.TWO), 4))
                .containsExactly(Rig.ONE, Rig.ONE, Rig.ONE, Rig.ONE);
        assertThat(firsts(rig(UpstreamPolicy.ROUND_ROBIN, Rig.ONE, Rig.TWO, Rig.THREE), 4))
                .containsExactly(Rig.ONE, Rig.TWO, Rig.THREE, Rig.ONE);
        assertThat(new HashSet<>(firsts(rig(UpstreamPolicy.RANDOM, Rig.ONE, Rig.TWO, Rig.THREE), 60)))
                .containsExactlyInAnyOrder(Rig.ONE, Rig.TWO, Rig.THREE);
    }

    @Test
    void theQuickestFirstAndTheOthersNowAndThen() {
        Rig rig = rig(UpstreamPolicy.BEST_RTT, Rig.ONE, Rig.TWO);
        List<Upstream> asked = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            rig.ask("n" + i + ".example.", RecordType.A);
            Sent sent = rig.network.last();
            asked.add(sent.to());
            rig.pass(Duration.ofMillis(sent.to().equals(Rig.ONE) ? 20 : 5));
            sent.answersWith("n" + i + ".example. 0 A 192.0.2.7");
        }
        assertThat(asked.subList(0, 2)).containsExactlyInAnyOrder(Rig.ONE, Rig.TWO);
        assertThat(asked.stream().filter(Rig.ONE::equals).count()).isBetween(2L, 40L);
    }

    @Test
    void aSecondServerIsAskedBesidesAfterASecondAndTheFirstMayStillAnswer() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        rig.pass(Duration.ofMillis(999));
        assertThat(rig.network.sent()).hasSize(1);
        rig.pass(Duration.ofMillis(2));
        assertThat(rig.network.sent()).extracting(Sent::to).containsExactly(Rig.ONE, Rig.TWO);
        Sent first = rig.network.sent().get(0);
        assertThat(first.isClosed()).isFalse();
        first.answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWER);
        assertThat(rig.network.last().isClosed()).isTrue();
        rig.pass(Duration.ofSeconds(10));
        assertThat(rig.network.sent()).hasSize(2);
    }

    @Test
    void nobodyAnswersUntilTheDeadline() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        rig.pass(Duration.ofMillis(4_499));
        assertThat(client.calls()).isZero();
        rig.pass(Duration.ofMillis(2));
        assertThat(client.rcode()).isEqualTo(ResponseCode.SERVFAIL);
        // Servers that went down meanwhile are probed for the root.
        List<Sent> tries = rig.network.sent().stream()
                .filter(sent -> sent.name().equals(Name.fromConstantString(NAME)))
                .toList();
        assertThat(tries).extracting(Sent::to).containsExactly(Rig.ONE, Rig.TWO, Rig.ONE, Rig.TWO, Rig.ONE);
        assertThat(tries).allMatch(Sent::isClosed);
        assertThat(rig.forwarder.underWay()).isZero();
        Set<Integer> ids = new HashSet<>();
        tries.forEach(sent -> ids.add(sent.id()));
        assertThat(ids).as("each try has its own id").hasSize(5);
    }

    @Test
    void theLastOfManyServersIsAskedWhereTheOthersCannotBeReached() {
        Upstream[] servers = IntStream.rangeClosed(1, 15)
                .mapToObj(i -> Upstream.of(IpAddress.parse("192.0.2." + i)))
                .toArray(Upstream[]::new);
        Rig rig = rig(UpstreamPolicy.SEQUENTIAL, servers);
        RecordingSink client = rig.ask(NAME, RecordType.A);
        for (int i = 1; i < servers.length; i++) {
            rig.network.last().fails("port unreachable");
        }
        assertThat(rig.network.sent()).extracting(Sent::to).containsExactly(servers);
        rig.network.last().answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWER);
    }

    @Test
    void anErrorPassesTheTurnOnAtOnce() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        rig.network.last().refuses(Rcode.REFUSED);
        assertThat(rig.network.sent()).extracting(Sent::to).containsExactly(Rig.ONE, Rig.TWO);
        rig.network.last().fails("port unreachable");
        assertThat(client.rcode()).isEqualTo(ResponseCode.SERVFAIL);
        assertThat(rig.network.sent()).hasSize(2);
    }

    @Test
    void allPodsShareTheHealthAndAProbeBringsAServerBack() {
        Rig rig = Rig.with().make();
        for (int i = 0; i < 2; i++) {
            rig.ask("n" + i + ".example.", RecordType.A);
            rig.pass(Duration.ofMillis(1_001));
            rig.network.last().answersWith("n" + i + ".example. 60 A 192.0.2.7");
        }
        assertThat(rig.upstreams.health().get(0).state()).isEqualTo(UpstreamHealth.State.DOWN);
        rig.ask(Rig.query(NAME, RecordType.A, false, false, Optional.of(Rig.pod("other"))));
        assertThat(rig.network.last().to()).isEqualTo(Rig.TWO);
        rig.network.last().answersWith(ANSWER);
        int before = rig.network.sent().size();
        rig.pass(Duration.ofMillis(501));
        assertThat(rig.network.sent()).hasSize(before + 1);
        Sent probe = rig.network.last();
        assertThat(probe.to()).isEqualTo(Rig.ONE);
        assertThat(probe.name()).hasToString(".");
        // Each next probe waits longer.
        rig.pass(Duration.ofMillis(1_000 + 1_001));
        assertThat(rig.network.sent()).hasSize(before + 2);
        rig.network.last().refuses(Rcode.REFUSED);
        assertThat(rig.upstreams.health().get(0).state()).isEqualTo(UpstreamHealth.State.UP);
        rig.ask("again.example.", RecordType.A);
        assertThat(rig.network.last().to()).isEqualTo(Rig.ONE);
        int after = rig.network.sent().size();
        rig.network.last().answersWith("again.example. 60 A 192.0.2.7");
        rig.pass(Duration.ofMinutes(5));
        assertThat(rig.network.sent()).as("a server that is up is not probed").hasSize(after);
    }

    @Test
    void whereAllAreDownTheyAreAskedAllTheSame() {
        Rig rig = Rig.with().make();
        for (int i = 0; i < 3; i++) {
            rig.ask("n" + i + ".example.", RecordType.A);
            rig.pass(Duration.ofSeconds(5));
        }
        assertThat(rig.upstreams.health()).allMatch(server -> server.state() == UpstreamHealth.State.DOWN);
        RecordingSink client = rig.ask(NAME, RecordType.A);
        rig.network.last().answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWER);
    }

    @Test
    void aCutAnswerIsFetchedOverTcp() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        Message cut = rig.network.last().response(Rcode.NOERROR);
        cut.getHeader().setFlag(Flags.TC);
        Sent udp = rig.network.last();
        udp.bytes(cut.toWire());
        assertThat(udp.isClosed()).isTrue();
        assertThat(rig.network.last().isStream()).isTrue();
        assertThat(rig.network.last().to()).isEqualTo(Rig.ONE);
        assertThat(rig.network.last().id()).isNotEqualTo(udp.id());
        rig.network.last().answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWER);
    }

    @Test
    void aServerFromBeforeEdnsIsAskedWithout() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        rig.network.last().refuses(Rcode.FORMERR);
        assertThat(rig.network.last().to()).isEqualTo(Rig.ONE);
        assertThat(rig.network.last().message().getOPT()).isNull();
        rig.network.last().answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWER);
    }

    /** RFC 2308 section 2.1, type 4: name servers in the authority section make no referral of NXDOMAIN. */
    @Test
    void aNameErrorWithNameServersAndNoSoaIsOne() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        rig.network
                .last()
                .answers(Rcode.NXDOMAIN, List.of(), SimulatedUpstreams.records("example.com. 60 NS ns.example.com."));
        assertThat(client.rcode()).isEqualTo(ResponseCode.NXDOMAIN);
        rig.ask(NAME, RecordType.A);
        assertThat(rig.network.sent()).as("without SOA it is not kept").hasSize(2);
    }

    /** RFC 6891 section 6.1.3: the code's lower bits alone would be NOERROR. */
    @Test
    void anErrorWhoseLowerBitsAreZeroIsOne() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        for (int i = 0; i < 2; i++) {
            Message badVersion = rig.network.last().response(Rcode.NOERROR);
            badVersion.addRecord(new OPTRecord(1_232, Rcode.BADVERS >> 4, 0), Section.ADDITIONAL);
            rig.network.last().bytes(badVersion.toWire());
        }
        assertThat(rig.network.sent()).extracting(Sent::to).containsExactly(Rig.ONE, Rig.TWO);
        assertThat(client.rcode()).isEqualTo(ResponseCode.SERVFAIL);
    }

    @ParameterizedTest
    @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED})
    void anErrorWithoutTheQuestionPassesTheTurnOnAtOnce(int rcode) {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        byte[] header = java.util.Arrays.copyOf(rig.network.last().query(), 12);
        header[2] = (byte) 0x81;
        header[3] = (byte) (0x80 | rcode);
        header[5] = 0;
        header[11] = 0;
        rig.network.last().bytes(header);
        assertThat(rig.network.last().to()).isEqualTo(Rig.TWO);
        rig.network.last().answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWER);
    }

    @Test
    void whatANameHasEndsThatItDoesNotExist() {
        Rig rig = Rig.with().make();
        rig.ask(NAME, RecordType.A);
        Sent first = rig.network.last();
        rig.ask(NAME, RecordType.AAAA);
        rig.network.last().nameError("example.com.", 60, 60);
        assertThat(rig.ask(NAME, RecordType.TXT).rcode()).isEqualTo(ResponseCode.NXDOMAIN);
        first.answersWith(ANSWER);
        RecordingSink other = rig.ask(NAME, RecordType.TXT);
        assertThat(other.calls()).as("asked anew").isZero();
        rig.network.last().noData("example.com.", 60, 60);
        assertThat(other.rcode()).isEqualTo(ResponseCode.NOERROR);
    }

    @Test
    void ttlsAreCountedDownAndCapped() {
        Rig rig = Rig.with().make();
        rig.ask(NAME, RecordType.A);
        rig.network.last().answersWith("www.example.com. 60 A 192.0.2.7", "www.example.com. 20 A 192.0.2.8");
        rig.pass(Duration.ofSeconds(15));
        assertThat(rig.ask("WWW.example.COM.", RecordType.A).answerLines())
                .containsExactly("www.example.com. 5 A 192.0.2.7", "www.example.com. 5 A 192.0.2.8");
        assertThat(rig.network.sent()).hasSize(1);
        rig.pass(Duration.ofSeconds(6));
        rig.ask(NAME, RecordType.A);
        assertThat(rig.network.sent()).hasSize(2);
        rig.network.last().answersWith("www.example.com. 2000000 A 192.0.2.7");
        assertThat(rig.ask(NAME, RecordType.A).answerLines()).containsExactly("www.example.com. 86400 A 192.0.2.7");
    }

    @Test
    void aNameErrorIsKeptForAllTypesAndNoDataForOne() {
        Rig rig = Rig.with().make();
        rig.ask(NAME, RecordType.A);
        rig.network.last().nameError("example.com.", 300, 60);
        RecordingSink other = rig.ask(NAME, RecordType.AAAA);
        assertThat(other.rcode()).isEqualTo(ResponseCode.NXDOMAIN);
        assertThat(other.message().getQuestion().getType()).isEqualTo(RecordType.AAAA);
        assertThat(other.authorityLines().get(0)).startsWith("example.com. 60 SOA");
        assertThat(rig.network.sent()).hasSize(1);
        rig.ask("v4.example.com.", RecordType.AAAA);
        rig.network.last().noData("example.com.", 30, 600);
        assertThat(rig.ask("v4.example.com.", RecordType.AAAA).authorityLines().get(0))
                .startsWith("example.com. 30 SOA");
        assertThat(rig.network.sent()).hasSize(2);
        rig.ask("v4.example.com.", RecordType.A);
        assertThat(rig.network.sent()).hasSize(3);
        rig.network.last().refuses(Rcode.NOERROR);
        // Without SOA nothing is kept (RFC 2308 section 5).
        rig.ask("v4.example.com.", RecordType.A);
        assertThat(rig.network.sent()).hasSize(4);
    }

    @Test
    void aFailureIsRememberedForASecondThenForTwo() {
        Rig rig = rig(UpstreamPolicy.SEQUENTIAL, Rig.ONE);
        for (int seconds : new int[] {1, 2, 4}) {
            int before = rig.network.sent().size();
            rig.ask(NAME, RecordType.A);
            assertThat(rig.network.sent()).hasSize(before + 1);
            rig.network.last().refuses(Rcode.SERVFAIL);
            rig.pass(Duration.ofMillis(seconds * 1_000L - 10));
            assertThat(rig.ask(NAME, RecordType.A).rcode()).isEqualTo(ResponseCode.SERVFAIL);
            assertThat(rig.network.sent()).hasSize(before + 1);
            rig.pass(Duration.ofMillis(20));
        }
    }

    @Test
    void anOldAnswerIsBetterThanNone() {
        Rig rig = Rig.with().make();
        rig.ask(NAME, RecordType.A);
        rig.network.last().answersWith(ANSWER);
        rig.pass(Duration.ofMinutes(10));
        RecordingSink client = rig.ask(NAME, RecordType.A);
        rig.pass(Duration.ofMillis(1_799));
        assertThat(client.calls()).isZero();
        rig.pass(Duration.ofMillis(2));
        assertThat(client.answerLines()).containsExactly("www.example.com. 30 A 192.0.2.7");
        // Who comes while servers are still asked does not wait.
        assertThat(rig.ask(NAME, RecordType.A).answerLines()).containsExactly("www.example.com. 30 A 192.0.2.7");
        rig.pass(Duration.ofSeconds(5));
        int before = rig.network.sent().size();
        rig.pass(Duration.ofSeconds(20));
        int probes = rig.network.sent().size() - before;
        assertThat(rig.ask(NAME, RecordType.A).answerLines()).containsExactly("www.example.com. 30 A 192.0.2.7");
        assertThat(rig.network.sent()).hasSize(before + probes);
        rig.pass(Duration.ofSeconds(40));
        RecordingSink fresh = rig.ask(NAME, RecordType.A);
        rig.network.last().answersWith("www.example.com. 60 A 192.0.2.9");
        assertThat(fresh.answerLines()).containsExactly("www.example.com. 60 A 192.0.2.9");
        rig.pass(Duration.ofDays(2));
        RecordingSink late = rig.ask(NAME, RecordType.A);
        rig.pass(Duration.ofSeconds(5));
        assertThat(late.rcode()).as("two days are too old").isEqualTo(ResponseCode.SERVFAIL);
    }

    @Test
    void theCacheIsBoundedInBytes() {
        ForwarderSettings usual = Rig.quiet(ForwarderSettings.DEFAULT);
        int bytes = 1 << 17;
        Rig rig = Rig.with()
                .settings(new ForwarderSettings(
                        bytes,
                        usual.slots(),
                        usual.slotsPerPod(),
                        usual.dropPolicy(),
                        usual.timing(),
                        usual.staleAfter(),
                        usual.maxStale(),
                        false,
                        true))
                .make();
        for (int i = 0; i < 5_000; i++) {
            rig.ask("n" + i + ".example.", RecordType.A);
            rig.network.last().answersWith("n" + i + ".example. 60 A 192.0.2.7");
            assertThat(rig.forwarder.cacheBytes()).isLessThanOrEqualTo(bytes);
        }
        assertThat(rig.forwarder.cacheBytes()).isGreaterThan(bytes / 2);
        rig.ask("n4999.example.", RecordType.A);
        assertThat(rig.forwarder.counters().get(Event.HIT)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.shop.svc.cluster.local.",
                "cluster.local.",
                "printer.local.",
                "x.invalid.",
                "x.test.",
                "abcdef.onion.",
                "nas.home.arpa.",
                "vm.internal.",
                "x.alt.",
                "_dns.resolver.arpa.",
                "5.1.168.192.in-addr.arpa.",
                "1.2.3.10.in-addr.arpa.",
                "1.0.31.172.in-addr.arpa.",
                "1.2.100.100.in-addr.arpa.",
                "9.254.169.in-addr.arpa.",
                "b.d.f.ip6.arpa.",
                "1.0.8.e.f.ip6.arpa.",
                "7.3.244.10.in-addr.arpa.",
                "1.7.7.0.0.8.b.d.0.1.0.0.2.ip6.arpa."
            })
    void namesThatNobodyOutsideIsToHearOf(String name) {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(name, RecordType.A);
        assertThat(client.rcode()).isIn(ResponseCode.NXDOMAIN, ResponseCode.NOERROR);
        assertThat(client.answers()).isEmpty();
        assertThat(client.authorityLines()).hasSize(1);
        rig.pass(Duration.ofSeconds(10));
        assertThat(rig.network.sent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"localhost.,1,127.0.0.1", "a.localhost.,28,0:0:0:0:0:0:0:1"})
    void localhostIsHere(String name, int type, String address) {
        Rig rig = Rig.with().make();
        assertThat(rig.ask(name, type).answers().get(0).rdataToString()).isEqualTo(address);
        assertThat(rig.network.sent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local.example.",
                "mylocal.",
                "1.0.32.172.in-addr.arpa.",
                "8.8.8.8.in-addr.arpa.",
                "internal.example.",
                "2.ip6.arpa.",
                "in-addr.arpa."
            })
    void namesThatOnlyLookSo(String name) {
        Rig rig = Rig.with().make();
        rig.ask(name, RecordType.PTR);
        assertThat(rig.network.sent()).hasSize(1);
    }

    @Test
    void aStubDomainHasItsOwnServersAndAnswers() {
        Rig rig = Rig.with()
                .routes(Rig.stub("corp.internal", Rig.group(Rig.THREE), ForwardRoutes.to(Rig.group(Rig.ONE))))
                .make();
        rig.ask("git.corp.internal.", RecordType.A);
        assertThat(rig.network.last().to()).isEqualTo(Rig.THREE);
        rig.ask("gitcorp.internal.", RecordType.A);
        assertThat(rig.network.sent()).hasSize(1);
        var pod = Rig.pod("vpn");
        rig.forwarder.setRoutes(pod.pod(), ForwardRoutes.to(Rig.group(Rig.TWO)));
        rig.ask(NAME, RecordType.A);
        rig.network.last().answersWith(ANSWER);
        RecordingSink other = rig.ask(Rig.query(NAME, RecordType.A, false, false, Optional.of(pod)));
        assertThat(other.calls()).as("another view's answer").isZero();
        assertThat(rig.network.last().to()).isEqualTo(Rig.TWO);
    }

    @Test
    void changedServersAreThoseOfEverybodyWithoutOwn() {
        Rig rig = Rig.with().routes(ForwardRoutes.to(Rig.group(Rig.ONE))).make();
        var plain = Rig.pod("plain");
        var own = Rig.pod("own");
        var back = Rig.pod("back");
        rig.ask(Rig.query(NAME, RecordType.A, false, false, Optional.of(plain)));
        // Its own, though the same as the others'.
        rig.forwarder.setRoutes(own.pod(), ForwardRoutes.to(Rig.group(Rig.ONE)));
        rig.forwarder.setRoutes(back.pod(), ForwardRoutes.to(Rig.group(Rig.TWO)));
        rig.forwarder.setRoutes(ForwardRoutes.to(Rig.group(Rig.THREE)));
        rig.forwarder.resetRoutes(back.pod());
        assertThat(rig.forwarder.routesOf(plain.pod())).isEqualTo(ForwardRoutes.to(Rig.group(Rig.THREE)));
        assertThat(rig.forwarder.routesOf(back.pod())).isEqualTo(ForwardRoutes.to(Rig.group(Rig.THREE)));
        assertThat(rig.forwarder.routesOf(own.pod())).isEqualTo(ForwardRoutes.to(Rig.group(Rig.ONE)));
        rig.ask("other.example.", RecordType.A);
        assertThat(rig.network.last().to()).isEqualTo(Rig.THREE);
    }

    @Test
    void onePodCannotTakeAllSlots() {
        Rig rig = Rig.with().make();
        var greedy = Optional.of(Rig.pod("greedy"));
        List<RecordingSink> sinks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sinks.add(rig.ask(Rig.query("n" + i + ".example.", RecordType.A, false, false, greedy)));
        }
        assertThat(rig.forwarder.underWay()).isEqualTo(64);
        assertThat(sinks.subList(64, 100)).allMatch(sink -> sink.rcode() == ResponseCode.SERVFAIL);
        assertThat(sinks.subList(0, 64)).allMatch(sink -> sink.calls() == 0);
        RecordingSink modest = rig.ask(Rig.query(NAME, RecordType.A, false, false, Optional.of(Rig.pod("modest"))));
        rig.network.last().answersWith(ANSWER);
        assertThat(modest.answerLines()).containsExactly(ANSWER);
        rig.pass(Duration.ofSeconds(5));
        assertThat(rig.forwarder.underWay()).isZero();
        assertThat(sinks).allMatch(sink -> sink.calls() == 1);
    }

    @Test
    void theOldestGivesWayWhereThatIsWanted() {
        ForwarderSettings usual = Rig.quiet(ForwarderSettings.DEFAULT);
        Rig rig = Rig.with()
                .settings(new ForwarderSettings(
                        usual.cacheBytes(),
                        4,
                        2,
                        DropPolicy.OLDEST,
                        usual.timing(),
                        usual.staleAfter(),
                        usual.maxStale(),
                        false,
                        true))
                .make();
        List<RecordingSink> sinks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sinks.add(rig.ask(
                    Rig.query("n" + i + ".example.", RecordType.A, false, false, Optional.of(Rig.pod("greedy")))));
        }
        assertThat(sinks.subList(0, 3)).allMatch(RecordingSink::isDropped);
        assertThat(sinks.subList(3, 5)).allMatch(sink -> sink.calls() == 0);
        assertThat(rig.forwarder.underWay()).isEqualTo(2);
        // Clients of the node are many, so that only the bound of all is theirs.
        List<RecordingSink> others = new ArrayList<>();
        for (int i = 5; i < 8; i++) {
            others.add(rig.ask("n" + i + ".example.", RecordType.A));
        }
        assertThat(others).allMatch(sink -> sink.calls() == 0);
        assertThat(sinks.get(3).isDropped()).isTrue();
        assertThat(rig.forwarder.underWay()).isEqualTo(4);
    }

    @Test
    void closingAnswersWhoWaits() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        Thread closing = new Thread(rig.forwarder::close);
        closing.start();
        for (int i = 0; i < 100 && client.calls() == 0; i++) {
            rig.pass(Duration.ofMillis(1));
            Thread.onSpinWait();
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        assertThat(client.rcode()).isEqualTo(ResponseCode.SERVFAIL);
        assertThat(rig.ask(NAME, RecordType.A).rcode()).isEqualTo(ResponseCode.SERVFAIL);
    }

    @Test
    void withoutRecursionDesiredNothingIsTold() {
        Rig rig = Rig.with().make();
        rig.ask(NAME, RecordType.A);
        rig.network.last().answersWith(ANSWER);
        var query = Rig.query(NAME, RecordType.A, false, false, Optional.empty());
        RecordingSink client = rig.ask(new io.podnet.dns.server.QueryContext(
                query.message(),
                query.questionEnd(),
                query.name(),
                query.type(),
                false,
                false,
                false,
                false,
                Optional.empty()));
        assertThat(client.rcode()).isEqualTo(ResponseCode.REFUSED);
    }
}
