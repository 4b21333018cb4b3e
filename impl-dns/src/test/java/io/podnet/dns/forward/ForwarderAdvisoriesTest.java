package io.podnet.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.dns.forward.ForwarderCounters.Event;
import io.podnet.dns.forward.SimulatedUpstreams.Sent;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.response.Question;
import io.podnet.dns.server.PodView;
import io.podnet.dns.server.QueryContext;
import io.podnet.dns.upstream.UpstreamHealth;
import io.podnet.dns.wire.ExtendedError;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What happened to other forwarders, each by its name. */
class ForwarderAdvisoriesTest {
    private static final String NAME = "www.example.com.";
    private static final String ANSWER = "www.example.com. 60 A 192.0.2.7";
    private static final String SEARCHED = "www.example.com.shop.svc.cluster.local.";
    private static final String ANSWERED = "www.example.com. 60 A 192.0.2.7";

    @Test
    @DisplayName("CVE-2019-19794: ids cannot be predicted")
    void ids() {
        Rig rig = Rig.with().random(new SecureRandom()).make();
        int[] seen = new int[1 << 16];
        int[] bits = new int[16];
        int count = 100_000;
        int repeated = 0;
        int before = -1;
        for (int i = 0; i < count; i++) {
            rig.upstreams.ask(Rig.group(Rig.ONE), question("n" + i + ".example."), false, false, image -> {});
            int id = rig.network.last().id();
            rig.network.last().fails("enough");
            rig.network.sent().clear();
            seen[id]++;
            repeated += id == before ? 1 : 0;
            before = id;
            for (int bit = 0; bit < 16; bit++) {
                bits[bit] += id >> bit & 1;
            }
        }
        // 10^5 draws of 2^16 values: 78 % of them are met on average, with a deviation of some 90.
        assertThat(Arrays.stream(seen).filter(times -> times > 0).count()).isBetween(50_000L, 52_500L);
        assertThat(Arrays.stream(seen).max().orElseThrow()).isLessThan(16);
        assertThat(repeated).isLessThan(20);
        for (int ones : bits) {
            assertThat(ones).isBetween(count / 2 - 1_200, count / 2 + 1_200);
        }
    }

    private static Question question(String name) {
        return new Question(DomainName.parse(name), RecordType.A);
    }

    @Test
    @DisplayName("coredns #5174: an answer to another question is never kept")
    void anotherQuestion() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        Sent query = rig.network.last();
        Message other = query.response(Rcode.NOERROR);
        other.removeAllRecords(Section.QUESTION);
        other.addRecord(
                Record.newRecord(Name.fromConstantString("bank.example."), Type.A, DClass.IN), Section.QUESTION);
        other.addRecord(
                SimulatedUpstreams.records("bank.example. 60 A 192.0.2.66").get(0), Section.ANSWER);
        query.bytes(other.toWire());
        assertThat(client.calls()).isZero();
        assertThat(rig.upstreams.counters().strangers()).isEqualTo(1);
        query.answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWERED);
        rig.ask("bank.example.", RecordType.A);
        assertThat(rig.network.last().name()).hasToString("bank.example.");
    }

    @Test
    @DisplayName("CVE-2023-28452 (TuDoor): bad datagrams do not end the wait")
    void badDatagrams() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        Sent query = rig.network.last();
        query.bytes(new byte[0]);
        query.bytes(new byte[] {1, 2, 3});
        byte[] right = answer(query);
        for (int length = 0; length < right.length; length += 3) {
            query.bytes(Arrays.copyOf(right, length));
        }
        assertThat(client.calls()).isZero();
        assertThat(rig.network.sent()).hasSize(1);
        query.bytes(right);
        assertThat(client.answerLines()).containsExactly(ANSWERED);
    }

    @Test
    @DisplayName("CVE-2023-28454 (TuDoor): wrong ids, questions, opcodes and loops of pointers do not end the wait")
    void wrongDatagrams() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        Sent query = rig.network.last();
        for (int i = 0; i < 10; i++) {
            byte[] wrong = answer(query);
            switch (i) {
                case 0 -> Octets.put16(wrong, 0, query.id() ^ 1);
                case 1 -> wrong[2] &= 0x7f;
                case 2 -> wrong[2] |= 0x28;
                case 3 -> Octets.put16(wrong, 4, 0);
                case 4 -> Octets.put16(wrong, 4, 2);
                case 5 -> wrong[13] ^= 1;
                case 6 -> Octets.put16(wrong, 6, 0xffff);
                case 7 -> Octets.put16(wrong, 6, 2);
                case 8 -> Octets.put16(wrong, 33, 0xc021);
                default -> Octets.put16(wrong, 33, 0xc000);
            }
            query.bytes(wrong);
            assertThat(client.calls()).as("case %d", i).isZero();
        }
        query.answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWERED);
        assertThat(rig.network.sent()).hasSize(1);
    }

    private static byte[] answer(Sent query) {
        Message message = query.response(Rcode.NOERROR);
        message.addRecord(SimulatedUpstreams.records(ANSWER).get(0), Section.ANSWER);
        return message.toWire();
    }

    @Test
    @DisplayName("CVE-2023-28452 (TuDoor): who guesses too often is answered with TCP")
    void guessing() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        Sent query = rig.network.last();
        for (int i = 0; i < 200; i++) {
            byte[] guess = answer(query);
            Octets.put16(guess, 0, query.id() + 1 + i);
            query.bytes(guess);
        }
        assertThat(query.isClosed()).isTrue();
        assertThat(rig.network.last().isStream()).isTrue();
        assertThat(rig.network.sent()).hasSize(2);
        rig.network.last().answersWith(ANSWER);
        assertThat(client.answerLines()).containsExactly(ANSWERED);
    }

    @Test
    @DisplayName("CVE-2023-30464: many clients, the same question: one query")
    void birthday() {
        Rig rig = Rig.with().make();
        List<RecordingSink> clients = rig.askOften(60, NAME, RecordType.A);
        assertThat(rig.network.sent()).hasSize(1);
        rig.network.last().answersWith(ANSWER);
        for (RecordingSink client : clients) {
            assertThat(client.calls()).isEqualTo(1);
            assertThat(client.answerLines()).containsExactly(ANSWERED);
        }
        assertThat(rig.forwarder.counters().get(Event.JOINED)).isEqualTo(59);
        assertThat(rig.forwarder.underWay()).isZero();
    }

    @Test
    @DisplayName("CVE-2024-0874: DO and CD are part of what is the same question")
    void keyOfTheCache() {
        Rig rig = Rig.with().make();
        for (boolean dnssec : new boolean[] {false, true}) {
            for (boolean cd : new boolean[] {false, true}) {
                int before = rig.network.sent().size();
                RecordingSink client = rig.ask(Rig.query(NAME, RecordType.A, dnssec, cd, Optional.empty()));
                assertThat(rig.network.sent()).hasSize(before + 1);
                Message sent = rig.network.last().message();
                assertThat(sent.getHeader().getFlag(Flags.CD)).isEqualTo(cd);
                assertThat((sent.getOPT().getFlags() & 0x8000) != 0).isEqualTo(dnssec);
                rig.network.last().answersWith(ANSWER);
                assertThat(client.calls()).isEqualTo(1);
                rig.ask(Rig.query(NAME, RecordType.A, dnssec, cd, Optional.empty()));
                assertThat(rig.network.sent()).hasSize(before + 1);
            }
        }
    }

    @Test
    @DisplayName("CVE-2026-26018: a loop probe cannot be guessed, counts once, and ends nothing")
    void loopProbe() {
        ForwarderSettings loud = ForwarderSettings.DEFAULT;
        Rig rig = Rig.with()
                .settings(loud)
                .routes(ForwardRoutes.to(Rig.group(Rig.ONE)))
                .make();
        rig.ask(NAME, RecordType.A);
        Sent probe = rig.network.sent().stream()
                .filter(sent -> sent.message().getQuestion().getType() == Type.HINFO)
                .findFirst()
                .orElseThrow();
        String random = probe.name().getLabelString(0);
        assertThat(random).hasSize(40).matches("[0-9a-f]+");
        // Guesses change nothing.
        for (int i = 0; i < 100; i++) {
            rig.ask("%040x.loop-probe.podnet.".formatted(i), RecordType.HINFO);
        }
        assertThat(rig.upstreams.health().get(0).state()).isEqualTo(UpstreamHealth.State.UP);
        assertThat(rig.ask(probe.name().toString(), RecordType.HINFO).rcode()).isEqualTo(ResponseCode.NXDOMAIN);
        assertThat(rig.upstreams.health().get(0).state()).isEqualTo(UpstreamHealth.State.LOOP);
        // Nobody is asked in a circle; the client hears so at once.
        int before = rig.network.sent().size();
        assertThat(rig.ask("other.example.", RecordType.A).rcode()).isEqualTo(ResponseCode.SERVFAIL);
        assertThat(rig.network.sent()).hasSize(before);
        // The circle was opened: the next probe does not come back.
        rig.pass(Duration.ofMillis(600));
        Sent again = rig.network.last();
        assertThat(again.name()).isNotEqualTo(probe.name());
        again.nameError(".", 60, 60);
        assertThat(rig.upstreams.health().get(0).state()).isEqualTo(UpstreamHealth.State.UP);
        // A probe that is told twice is somebody's echo, not a loop.
        rig.ask(probe.name().toString(), RecordType.HINFO);
        assertThat(rig.upstreams.health().get(0).state()).isEqualTo(UpstreamHealth.State.UP);
    }

    @Test
    @DisplayName("CVE-2026-26017: the policy sees the final name, and kept answers too")
    void policyOnTheFinalName() {
        Set<String> denied = new HashSet<>();
        Rig rig = Rig.with()
                .policy((pod, name, type) -> !denied.contains(name.toString()))
                .make();
        rig.ask(NAME, RecordType.A);
        rig.network.last().answersWith(ANSWER);
        denied.add(NAME);
        RecordingSink refused = rig.ask(NAME, RecordType.A);
        assertThat(refused.rcode()).isEqualTo(ResponseCode.REFUSED);
        assertThat(refused.why()).isEqualTo(ExtendedError.BLOCKED);
        int before = rig.network.sent().size();
        RecordingSink completed = completed(rig, Rig.pod("web", "shop.svc.cluster.local"));
        assertThat(completed.bytes()).isEqualTo(negative(SEARCHED));
        assertThat(rig.network.sent()).hasSize(before);
    }

    /** Asks for a completion of a search, and gives what comes; {@link #negative} is what there is without one. */
    private static RecordingSink completed(Rig rig, PodView pod) {
        RecordingSink sink = new RecordingSink();
        rig.forwarder.complete(asked(SEARCHED, pod), negative(SEARCHED), sink);
        rig.loop.run();
        return sink;
    }

    private static QueryContext asked(String name, PodView pod) {
        return Rig.query(name, RecordType.A, false, false, Optional.of(pod));
    }

    private static byte[] negative(String name) {
        byte[] message =
                Rig.query(name, RecordType.A, false, false, Optional.empty()).message();
        message[2] |= (byte) 0x84;
        message[3] = 3;
        return message;
    }

    @Test
    @DisplayName("CVE-2026-86003: nothing but a QUERY leaves, and none of the client's options")
    void onlyQueries() {
        Rig rig = Rig.with().make();
        rig.ask(NAME, RecordType.A);
        Message sent = rig.network.last().message();
        assertThat(sent.getHeader().getOpcode()).isEqualTo(Opcode.QUERY);
        assertThat(sent.getSection(Section.QUESTION)).hasSize(1);
        assertThat(sent.getSection(Section.ANSWER)).isEmpty();
        assertThat(sent.getSection(Section.AUTHORITY)).isEmpty();
        assertThat(sent.getSection(Section.ADDITIONAL)).hasSize(1);
        assertThat(sent.getOPT().getOptions()).isEmpty();
        assertThat(sent.getOPT().getPayloadSize()).isEqualTo(1_232);
    }

    @Test
    @DisplayName("moby CVE-2024-29018: an isolated pod gets REFUSED, upstream sees nothing")
    void isolated() {
        Rig rig = Rig.with().make();
        PodView pod = Rig.pod("sealed", "shop.svc.cluster.local");
        rig.forwarder.setRoutes(pod.pod(), ForwardRoutes.ISOLATED);
        assertThat(rig.ask(asked(NAME, pod)).rcode()).isEqualTo(ResponseCode.REFUSED);
        // Nor from what others' queries brought.
        rig.ask(NAME, RecordType.A);
        rig.network.last().answersWith(ANSWER);
        int before = rig.network.sent().size();
        assertThat(rig.ask(asked(NAME, pod)).rcode()).isEqualTo(ResponseCode.REFUSED);
        RecordingSink completed = completed(rig, pod);
        rig.pass(Duration.ofSeconds(10));
        assertThat(completed.rcode()).isEqualTo(ResponseCode.NXDOMAIN);
        assertThat(rig.network.sent()).hasSize(before);
        // A new route counts for the next query.
        rig.forwarder.setRoutes(pod.pod(), ForwardRoutes.to(Rig.group(Rig.THREE)));
        rig.ask(asked(NAME, pod));
        assertThat(rig.network.last().to()).isEqualTo(Rig.THREE);
    }

    @Test
    @DisplayName("dnsmasq CVE-2020-25681..25687 (DNSpooq), CVE-2024-25638: only the chain from the question is kept")
    void bailiwick() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        Sent query = rig.network.last();
        Message response = query.response(Rcode.NOERROR);
        for (String line : new String[] {
            "bank.example. 60 A 192.0.2.66",
            "cdn.example.net. 30 A 192.0.2.8",
            "www.example.com. 60 CNAME cdn.example.net.",
            "example.com. 60 A 192.0.2.66"
        }) {
            response.addRecord(SimulatedUpstreams.records(line).get(0), Section.ANSWER);
        }
        response.addRecord(
                SimulatedUpstreams.records("com. 60 NS ns.evil.example.").get(0), Section.AUTHORITY);
        response.addRecord(
                SimulatedUpstreams.records("ns.evil.example. 60 A 192.0.2.66").get(0), Section.ADDITIONAL);
        query.bytes(response.toWire());
        assertThat(client.answerLines())
                .containsExactly("www.example.com. 60 CNAME cdn.example.net.", "cdn.example.net. 30 A 192.0.2.8");
        assertThat(client.authorityLines()).isEmpty();
        assertThat(client.message().getSection(Section.ADDITIONAL)).isEmpty();
        rig.ask("bank.example.", RecordType.A);
        assertThat(rig.network.last().name()).hasToString("bank.example.");
    }

    @Test
    @DisplayName("CVE-2023-28450: 1232 is what we say that we take")
    void bufferSize() {
        Rig rig = Rig.with().make();
        rig.ask(NAME, RecordType.A);
        assertThat(rig.network.last().message().getOPT().getPayloadSize()).isEqualTo(1_232);
    }

    @Test
    @DisplayName("dnsmasq CVE-2026-4893: no client subnet goes up, none that comes back counts")
    void clientSubnet() {
        Rig rig = Rig.with().make();
        RecordingSink client = rig.ask(NAME, RecordType.A);
        Sent query = rig.network.last();
        Message response = query.response(Rcode.NOERROR);
        response.addRecord(SimulatedUpstreams.records(ANSWER).get(0), Section.ANSWER);
        response.addRecord(
                new org.xbill.DNS.OPTRecord(
                        4_096,
                        0,
                        0,
                        0,
                        new org.xbill.DNS.ClientSubnetOption(32, java.net.InetAddress.getLoopbackAddress())),
                Section.ADDITIONAL);
        query.bytes(response.toWire());
        assertThat(client.answerLines()).containsExactly(ANSWERED);
        assertThat(client.message().getOPT()).isNull();
    }
}
