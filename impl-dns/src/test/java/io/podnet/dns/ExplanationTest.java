package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.DnsConfig;
import io.podnet.api.DnsPolicy;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.spi.NameResolver.Explanation;
import io.podnet.spi.NameResolver.StaticRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a pod would get for a name, and why. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplanationTest {
    private static final PodId WEB = new PodId("shop", "web");

    private ServedPod served;

    @BeforeAll
    void serve() throws Exception {
        served = new ServedPod(Map.of());
        served.resolver().apply(Shop.example());
        served.resolver().replaceRecords(List.of(new StaticRecord("*.apps.test", "A", 60, "192.0.2.9")));
    }

    @AfterAll
    void end() throws Exception {
        served.close();
    }

    private Explanation explain(String name, String type) {
        return served.resolver().explain(WEB, name, type);
    }

    private static List<String> names(Explanation explanation) {
        return explanation.steps().stream().map(Explanation.Step::name).toList();
    }

    private String reason(String name, String type) {
        return explain(name, type).steps().get(0).reason();
    }

    @Test
    void theSearchListIsFollowedToTheFirstAnswer() {
        Explanation found = explain("api.shop", "A");
        assertThat(names(found)).containsExactly("api.shop.shop.svc.cluster.local.", "api.shop.svc.cluster.local.");
        assertThat(found.steps().get(0).answer().rcode()).isEqualTo("NXDOMAIN");
        assertThat(found.answer().records()).containsExactly("api.shop.svc.cluster.local. 5 IN A 10.96.7.4");
        assertThat(names(explain("nobody", "A")))
                .containsExactly(
                        "nobody.shop.svc.cluster.local.",
                        "nobody.svc.cluster.local.",
                        "nobody.cluster.local.",
                        "nobody.corp.example.");
    }

    @Test
    void aDotAtTheEndOrEnoughDotsComeFirst() {
        assertThat(names(explain("api.shop.svc.cluster.local.", "A"))).containsExactly("api.shop.svc.cluster.local.");
        assertThat(names(explain("a.b.c.d.e.example", "A"))).containsExactly("a.b.c.d.e.example.");
        assertThat(names(explain("pg._tcp.none.shop.svc.cluster.local", "SRV")).get(0))
                .isEqualTo("pg._tcp.none.shop.svc.cluster.local.");
    }

    @Test
    void eachReasonIsSaid() {
        String zone = ".svc.cluster.local.";
        assertThat(reason("api.shop" + zone, "A")).isEqualTo("service shop/api has cluster IPs");
        assertThat(reason("api.shop" + zone, "TXT")).endsWith("no record of type TXT");
        assertThat(reason("db.shop" + zone, "A")).isEqualTo("headless service shop/db has 3 endpoints with names");
        assertThat(reason("db-0.db.shop" + zone, "A")).isEqualTo("an endpoint of headless service shop/db");
        assertThat(reason("_pg._tcp.db.shop" + zone, "SRV")).isEqualTo("a named port of service shop/db");
        assertThat(reason("none.shop" + zone, "A"))
                .isEqualTo("headless service shop/none has no endpoint that is ready; it has 1 that are not");
        assertThat(reason("nobody.shop" + zone, "A")).isEqualTo("there is no service nobody in namespace shop");
        assertThat(reason("api.strange" + zone, "A")).startsWith("there is no namespace strange");
        assertThat(reason("strange" + zone, "A")).startsWith("there is no namespace strange");
        assertThat(reason("x.api.shop" + zone, "A")).startsWith("service shop/api has no endpoint or port");
        assertThat(reason("shop" + zone, "A")).startsWith("names below it exist");
        assertThat(reason("pay.shop" + zone, "CNAME")).isEqualTo("service shop/pay is an ExternalName");
        assertThat(reason("10-0-9-9.shop.pod.cluster.local.", "A")).isEqualTo("a pod's address");
        assertThat(reason("4.7.96.10.in-addr.arpa.", "PTR")).startsWith("an address of a service");
        assertThat(reason("8.96.10.in-addr.arpa.", "PTR")).isEqualTo("no such name in the cluster");
        assertThat(reason("x.apps.test.", "A")).isEqualTo("a record of the host's own, by *.apps.test.");
        assertThat(reason("dns-version.cluster.local.", "TXT")).contains("schema");
        assertThat(reason("example.com.", "A")).endsWith("pod shop/web has no upstream servers");
        assertThat(reason("we\\.ird.\\000x.svc.cluster.local.", "A")).startsWith("there is no namespace");
    }

    @Test
    void listenersHearOnlyWhatPodsAsk() {
        List<String> heard = new ArrayList<>();
        var listener = (io.podnet.spi.NameResolver.QueryListener) (pod, name, type, rcode, nanos) -> heard.add(name);
        served.resolver().addListener(listener);
        explain("api", "A");
        assertThat(heard).isEmpty();
        served.resolver().lookup("api.shop.svc.cluster.local", "A");
        assertThat(heard).hasSize(1);
        served.resolver().removeListener(listener);
        served.resolver().lookup("api.shop.svc.cluster.local", "A");
        assertThat(heard).hasSize(1);
    }

    @Test
    void aPodThatAsksOthersIsNotOurs() throws Exception {
        PodSpec other = PodSpec.of("shop", "other")
                .dnsPolicy(DnsPolicy.NONE)
                .dnsConfig(new DnsConfig(List.of(IpAddress.parse("192.0.2.8")), List.of(), Map.of()))
                .build();
        try (PodPlace place = new PodPlace(served.threads())) {
            served.resolver().attachPod(other, place.namespace());
            assertThatThrownBy(() -> served.resolver().explain(other.id(), "api", "A"))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContaining("192.0.2.8");
            served.resolver().detachPod(other.id());
        }
        assertThatThrownBy(() -> served.resolver().explain(other.id(), "api", "A"))
                .isInstanceOf(PodnetException.NotFound.class);
    }
}
