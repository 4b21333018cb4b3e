package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolver.StaticRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of the host's own, wildcards by the example of RFC 4592 section 2.2.1 among them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StaticNamesTest {
    private static final List<StaticRecord> EXAMPLE = List.of(
            new StaticRecord("*.example.", "TXT", 3_600, "\"this is a wildcard\""),
            new StaticRecord("*.example.", "MX", 3_600, "10 host1.example."),
            new StaticRecord("sub.*.example.", "TXT", 3_600, "\"this is not a wildcard\""),
            new StaticRecord("host1.example.", "A", 3_600, "192.0.2.1"),
            new StaticRecord("_ssh._tcp.host1.example.", "SRV", 3_600, "0 0 22 host1.example."),
            new StaticRecord("_ssh._tcp.host2.example.", "SRV", 3_600, "0 0 22 host2.example."),
            new StaticRecord("*.alias.test.", "CNAME", 60, "api.shop.svc.cluster.local."));

    private ServedPod served;

    @BeforeAll
    void serve() throws Exception {
        served = new ServedPod(Map.of());
        served.resolver().apply(Shop.example());
    }

    @AfterAll
    void end() throws Exception {
        served.close();
    }

    @BeforeEach
    void records() {
        served.resolver().replaceRecords(EXAMPLE);
    }

    private static StaticRecord address(String name, String address) {
        return new StaticRecord(name, "A", 60, address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host3.example.               | MX  | NOERROR  | host3.example. 3600 IN MX 10 host1.example.",
                "host3.example.               | A   | NOERROR  |",
                "foo.bar.example.             | TXT | NOERROR  | foo.bar.example. 3600 IN TXT \"this is a wildcard\"",
                "host1.example.               | MX  | NOERROR  |",
                "host1.example.               | A   | NOERROR  | host1.example. 3600 IN A 192.0.2.1",
                "sub.*.example.               | MX  | NOERROR  |",
                "sub.*.example.               | TXT | NOERROR  | sub.*.example. 3600 IN TXT \"this is not a wildcard\"",
                "_telnet._tcp.host1.example.  | SRV | NXDOMAIN |",
                "host2.example.               | MX  | NOERROR  |",
                "_tcp.host2.example.          | A   | NOERROR  |",
                "ghost.*.example.             | MX  | NXDOMAIN |",
                "*.example.                   | MX  | NOERROR  | *.example. 3600 IN MX 10 host1.example.",
                // Not below the wildcard's parent: not ours, and nobody is there to ask.
                "example.                     | A   | REFUSED  |",
                "example.org.                 | A   | REFUSED  |",
                "alias.test.                  | A   | REFUSED  |",
            })
    void wildcardsStandForWhatDoesNotExist(String name, String type, String code, String record) {
        NameResolver.Answer answer = served.resolver().lookup(name, type);
        assertThat(answer).isEqualTo(new NameResolver.Answer(code, record == null ? List.of() : List.of(record)));
    }

    @Test
    void aNegativeAnswerNamesTheWildcardsParentAsItsZone() throws Exception {
        assertThat(served.dig("ghost.*.example.", "MX")).containsPattern("\nexample\\.\\s+5\\s+IN\\s+SOA");
        assertThat(served.dig("host3.example.", "A")).containsPattern("\nexample\\.\\s+5\\s+IN\\s+SOA");
    }

    @Test
    void aWildcardsAliasLeadsIntoTheCluster() {
        assertThat(served.resolver().lookup("x.y.alias.test", "A").records())
                .containsExactly(
                        "x.y.alias.test. 60 IN CNAME api.shop.svc.cluster.local.",
                        "api.shop.svc.cluster.local. 5 IN A 10.96.7.4");
    }

    @Test
    void whatIsNotNamedAgainGoes() {
        served.resolver().replaceRecords(List.of(address("printer.corp.example", "192.0.2.3")));
        assertThat(served.resolver().lookup("host1.example", "A").rcode()).isEqualTo("REFUSED");
        assertThat(served.resolver().lookup("printer.corp.example", "A").records())
                .hasSize(1);
        // Without a wildcard the names above are as they were.
        assertThat(served.resolver().lookup("corp.example", "A").rcode()).isEqualTo("REFUSED");
        served.resolver().replaceRecords(List.of());
        assertThat(served.resolver().lookup("printer.corp.example", "A").rcode())
                .isEqualTo("REFUSED");
    }

    @Test
    void onlyTheHostsOwnNameOfTheClusterIsReplaced() {
        served.resolver()
                .replaceRecords(List.of(
                        address("api.shop.svc.cluster.local", "192.0.2.5"), address("a.b.cluster.local", "192.0.2.6")));
        assertThat(served.resolver().lookup("api.shop.svc.cluster.local", "A").records())
                .containsExactly("api.shop.svc.cluster.local. 60 IN A 192.0.2.5");
        assertThat(served.resolver()
                        .lookup("api.shop.svc.cluster.local", "AAAA")
                        .records())
                .containsExactly("api.shop.svc.cluster.local. 5 IN AAAA fd00:96::7");
        assertThat(served.resolver().lookup("b.cluster.local", "A").rcode()).isEqualTo("NOERROR");
        assertThat(served.resolver().lookup("c.cluster.local", "A").rcode()).isEqualTo("NXDOMAIN");
    }

    @Test
    void sameDataCountsOnce() {
        served.resolver().replaceRecords(List.of(address("a.test", "192.0.2.1"), address("A.test.", "192.0.2.1")));
        assertThat(served.resolver().lookup("a.test", "A").records()).hasSize(1);
    }

    @Test
    void oneWrongRecordChangesNothing() {
        for (StaticRecord wrong : List.of(
                address("*.shop.svc.cluster.local", "192.0.2.1"),
                address("*.cluster.local", "192.0.2.1"),
                new StaticRecord("*.7.96.10.in-addr.arpa", "PTR", 60, "x.test"),
                new StaticRecord("new.test", "A", 61, "192.0.2.2"),
                new StaticRecord("new.test", "CNAME", 60, "x.test"),
                new StaticRecord("x.test", "AXFR", 60, ""),
                new StaticRecord("x.test", "A", -1, "192.0.2.2"),
                address("x..test", "192.0.2.1"),
                address("x.test", "fd00::1"))) {
            assertThatThrownBy(() -> served.resolver().replaceRecords(List.of(address("new.test", "192.0.2.1"), wrong)))
                    .as(wrong.toString())
                    .isInstanceOf(PodnetException.Invalid.class);
            assertThat(served.resolver().lookup("new.test", "A").rcode()).isEqualTo("REFUSED");
            assertThat(served.resolver().lookup("host1.example", "A").rcode()).isEqualTo("NOERROR");
        }
    }
}
