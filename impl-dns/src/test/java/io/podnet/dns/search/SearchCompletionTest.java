package io.podnet.dns.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.dns.forward.RecordingSink;
import io.podnet.dns.forward.Rig;
import io.podnet.dns.forward.SimulatedUpstreams.Sent;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.dns.server.PodView;
import io.podnet.dns.wire.NameReader;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import io.podnet.dns.wire.WireName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;

class SearchCompletionTest {
    private static final Set<String> EXISTING = Set.of("kubernetes.default.svc.cluster.local.");
    private static final PodView POD =
            Rig.pod("web", "shop.svc.cluster.local", "svc.cluster.local", "cluster.local", "corp.example");

    /** A cluster of one service. */
    private static final LocalAnswers CLUSTER = (query, length, answer) -> {
        NameReader reader = new NameReader();
        reader.read(query, 12, length);
        String name = WireName.text(reader.copy(), 0);
        if (!name.endsWith(".cluster.local.")) {
            return LocalAnswers.NOT_OURS;
        }
        System.arraycopy(query, 0, answer, 0, length);
        answer[2] |= (byte) 0x84;
        answer[3] = (byte) (EXISTING.contains(name) ? ResponseCode.NOERROR : ResponseCode.NXDOMAIN);
        return length;
    };

    private final Rig rig = Rig.with().local(CLUSTER).make();

    private static byte[] negative(String name, int type) {
        byte[] message = Rig.query(name, type, false, false, Optional.empty()).message();
        message[2] |= (byte) 0x84;
        message[3] = 3;
        return message;
    }

    private RecordingSink complete(String name, int type) {
        return complete(name, type, POD);
    }

    private RecordingSink complete(String name, int type, PodView pod) {
        RecordingSink sink = new RecordingSink();
        rig.forwarder.complete(Rig.query(name, type, false, false, Optional.of(pod)), negative(name, type), sink);
        rig.loop.run();
        return sink;
    }

    @Test
    void theFirstQueryGetsWhatTheLastWouldFind() {
        RecordingSink client = complete("www.example.com.shop.svc.cluster.local.", RecordType.A);
        assertThat(rig.network.last().name()).hasToString("www.example.com.corp.example.");
        rig.network.last().nameError("corp.example.", 60, 60);
        assertThat(rig.network.last().name()).hasToString("www.example.com.");
        rig.network.last().answersWith("www.example.com. 60 CNAME cdn.example.net.", "cdn.example.net. 60 A 192.0.2.7");
        assertThat(client.answerLines())
                .containsExactly(
                        "www.example.com.shop.svc.cluster.local. 5 CNAME www.example.com.",
                        "www.example.com. 60 CNAME cdn.example.net.",
                        "cdn.example.net. 60 A 192.0.2.7");
        assertThat(client.rcode()).isEqualTo(ResponseCode.NOERROR);
        assertThat(rig.network.sent()).hasSize(2);
        // The next client's search costs nothing.
        assertThat(complete("www.example.com.shop.svc.cluster.local.", RecordType.A)
                        .calls())
                .isEqualTo(1);
        assertThat(rig.network.sent()).hasSize(2);
    }

    @Test
    void aNameOfTheSearchListsOwnDomainWins() {
        RecordingSink client = complete("git.shop.svc.cluster.local.", RecordType.A);
        rig.network.last().answersWith("git.corp.example. 60 A 192.0.2.9");
        assertThat(client.answerLines())
                .containsExactly(
                        "git.shop.svc.cluster.local. 5 CNAME git.corp.example.", "git.corp.example. 60 A 192.0.2.9");
    }

    @Test
    void theOtherFamilyEndsTheSearchWithNoData() {
        RecordingSink client = complete("v4.example.com.shop.svc.cluster.local.", RecordType.AAAA);
        rig.network.last().nameError("corp.example.", 60, 60);
        rig.network.last().noData("example.com.", 60, 60);
        Sent other = rig.network.last();
        assertThat(other.message().getQuestion().getType()).isEqualTo(RecordType.A);
        other.answersWith("v4.example.com. 60 A 192.0.2.7");
        assertThat(client.rcode()).isEqualTo(ResponseCode.NOERROR);
        assertThat(client.answerLines())
                .containsExactly("v4.example.com.shop.svc.cluster.local. 5 CNAME v4.example.com.");
        assertThat(client.authorityLines().get(0)).startsWith("example.com. 60 SOA");
    }

    @Test
    void aNameWithoutAddressesDoesNotEndTheSearch() {
        RecordingSink client = complete("x.shop.svc.cluster.local.", RecordType.A);
        rig.network.last().noData("corp.example.", 60, 60);
        rig.network.last().noData("corp.example.", 60, 60);
        assertThat(rig.network.last().name()).hasToString("x.");
        rig.network.last().answersWith("x. 60 A 192.0.2.3");
        assertThat(client.answerLines()).containsExactly("x.shop.svc.cluster.local. 5 CNAME x.", "x. 60 A 192.0.2.3");
    }

    @Test
    void aNameThatIsNowhereStaysNowhere() {
        RecordingSink client = complete("no.example.shop.svc.cluster.local.", RecordType.A);
        rig.network.last().nameError("corp.example.", 60, 60);
        rig.network.last().nameError("example.", 60, 60);
        assertThat(client.bytes()).isEqualTo(negative("no.example.shop.svc.cluster.local.", RecordType.A));
        // The pod's resolver goes on by itself, and its last name is known by now.
        int before = rig.network.sent().size();
        assertThat(rig.ask("no.example.", RecordType.A).rcode()).isEqualTo(ResponseCode.NXDOMAIN);
        assertThat(rig.network.sent()).hasSize(before);
    }

    @Test
    void aNameOfTheClusterIsLeftToThePodsResolver() {
        RecordingSink client = complete("kubernetes.default.shop.svc.cluster.local.", RecordType.A);
        assertThat(client.rcode()).isEqualTo(ResponseCode.NXDOMAIN);
        assertThat(rig.network.sent()).isEmpty();
    }

    @Test
    void anErrorOnTheWayIsNoAnswer() {
        RecordingSink client = complete("www.example.com.shop.svc.cluster.local.", RecordType.A);
        rig.network.sent().get(0).refuses(Rcode.SERVFAIL);
        rig.network.sent().get(1).refuses(Rcode.SERVFAIL);
        assertThat(client.rcode()).isEqualTo(ResponseCode.NXDOMAIN);
        assertThat(rig.forwarder.underWay()).isZero();
    }

    @Test
    void onlyWhatASearchMade() {
        for (String name : new String[] {
            "www.example.com.svc.cluster.local.", // another domain than the first
            "shop.svc.cluster.local.", // the domain itself
            "a.b.c.d.e.f.shop.svc.cluster.local." // five dots: tried as it is before
        }) {
            assertThat(complete(name, RecordType.A).rcode()).as(name).isEqualTo(ResponseCode.NXDOMAIN);
        }
        complete("www.example.com.shop.svc.cluster.local.", RecordType.MX);
        PodView other = Rig.pod("x", "other.svc.cluster.local");
        complete("www.example.com.shop.svc.cluster.local.", RecordType.A, other);
        complete("www.example.com.shop.svc.cluster.local.", RecordType.A, Rig.pod("none"));
        assertThat(rig.network.sent()).isEmpty();
    }

    @Test
    void aPodThatSearchesAlotHoldsNoMoreThanItsSlots() {
        for (int i = 0; i < 100; i++) {
            complete("n" + i + ".example.com.shop.svc.cluster.local.", RecordType.A);
        }
        assertThat(rig.forwarder.underWay()).isEqualTo(64);
        rig.pass(Duration.ofMinutes(1));
        assertThat(rig.forwarder.underWay()).isZero();
    }
}
