package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodSpec;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the schema's record table and of the answer matrix, asked from inside a pod's namespace with dig over UDP
 * and with kdig over TCP.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswerTest {
    private static final String SERVER = "@127.0.0.10";

    private final NamespaceThreads threads = new NamespaceThreads();
    private NameResolver resolver;
    private PodPlace pod;

    @BeforeAll
    void serve(@TempDir Path directory) throws Exception {
        Path node = directory.resolve("resolv.conf");
        Files.writeString(node, "nameserver 192.0.2.1\nsearch corp.example\n");
        pod = new PodPlace(threads);
        resolver = new DnsResolverProvider()
                .create(new NameResolverProvider.Context(
                        "cluster.local",
                        List.of(Cidr.parse("10.0.0.0/16"), Cidr.parse("fd00:10::/64")),
                        List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("fd00:96::/112")),
                        List.of(),
                        node,
                        NetworkNamespace.current(),
                        directory,
                        Map.of("threads", "1")));
        resolver.attachPod(PodSpec.of("shop", "web").build(), pod.namespace());
        resolver.apply(Shop.example());
        resolver.replaceRecords(List.of(
                new NameResolver.StaticRecord("host.podnet.internal", "A", 30, "192.0.2.9"),
                new NameResolver.StaticRecord("mail.corp.cluster.local.", "MX", 60, "10 mx.corp.example."),
                new NameResolver.StaticRecord("alias.corp.cluster.local", "CNAME", 60, "api.shop.svc.cluster.local")));
    }

    @AfterAll
    void end() {
        resolver.close();
        pod.close();
        threads.close();
    }

    /** A query, the code, and the answers' data in any order; SOA tells that the authority section has one. */
    record Row(String name, String type, String code, String... data) {
        @Override
        public String toString() {
            return name + " " + type;
        }
    }

    static Stream<Row> rows() {
        String zone = ".cluster.local";
        String db0 = "db-0.db.shop.svc.cluster.local.";
        return Stream.of(
                // Table 1.2 of the schema, by number.
                new Row("dns-version" + zone, "TXT", "NOERROR", "\"1.1.0\""),
                new Row("api.shop.svc" + zone, "A", "NOERROR", "10.96.7.4"),
                new Row("api.shop.svc" + zone, "AAAA", "NOERROR", "fd00:96::7"),
                new Row("_http._tcp.api.shop.svc" + zone, "SRV", "NOERROR", "0 100 80 api.shop.svc.cluster.local."),
                new Row("_quic._udp.api.shop.svc" + zone, "SRV", "NOERROR", "0 100 443 api.shop.svc.cluster.local."),
                new Row("4.7.96.10.in-addr.arpa", "PTR", "NOERROR", "api.shop.svc.cluster.local."),
                new Row(nibbles("fd00:96::7"), "PTR", "NOERROR", "api.shop.svc.cluster.local."),
                new Row("db.shop.svc" + zone, "A", "NOERROR", "10.0.1.5", "10.0.2.6"),
                new Row("db.shop.svc" + zone, "AAAA", "NOERROR", "fd00:10::5", "fd00:10::6"),
                new Row("db-0.db.shop.svc" + zone, "A", "NOERROR", "10.0.1.5"),
                new Row("db-0.db.shop.svc" + zone, "AAAA", "NOERROR", "fd00:10::5"),
                new Row("10-0-2-6.db.shop.svc" + zone, "A", "NOERROR", "10.0.2.6"),
                new Row("fd00-10--6.db.shop.svc" + zone, "AAAA", "NOERROR", "fd00:10::6"),
                new Row(
                        "_pg._tcp.db.shop.svc" + zone,
                        "SRV",
                        "NOERROR",
                        "0 33 5432 " + db0,
                        "0 33 5432 10-0-2-6.db.shop.svc.cluster.local.",
                        "0 33 5432 fd00-10--6.db.shop.svc.cluster.local."),
                new Row("5.1.0.10.in-addr.arpa", "PTR", "NOERROR", db0),
                new Row(nibbles("fd00:10::5"), "PTR", "NOERROR", db0),
                new Row("pay.shop.svc" + zone, "CNAME", "NOERROR", "pay.example.com."),
                new Row("10-0-1-5.shop.pod" + zone, "A", "NOERROR", "10.0.1.5"),
                new Row("fd00-10--5.shop.pod" + zone, "AAAA", "NOERROR", "fd00:10::5"),
                new Row("10-0-9-9.shop.pod" + zone, "A", "NOERROR", "10.0.9.9"),
                // The answer matrix 1.3.
                new Row("cluster.local", "A", "NOERROR", "SOA"),
                new Row("cluster.local", "SRV", "NOERROR", "SOA"),
                new Row("cluster.local", "NS", "NOERROR", "ns.dns.cluster.local."),
                new Row("ns.dns" + zone, "A", "NOERROR", "127.0.0.10"),
                new Row("ns.dns" + zone, "AAAA", "NOERROR", "SOA"),
                new Row("dns" + zone, "A", "NOERROR", "SOA"),
                new Row("svc" + zone, "A", "NOERROR", "SOA"),
                new Row("pod" + zone, "TXT", "NOERROR", "SOA"),
                new Row("shop.svc" + zone, "AAAA", "NOERROR", "SOA"),
                new Row("empty.svc" + zone, "A", "NOERROR", "SOA"),
                new Row("empty.pod" + zone, "A", "NOERROR", "SOA"),
                new Row("strange.svc" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("strange.pod" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("four.shop.svc" + zone, "AAAA", "NOERROR", "SOA"),
                new Row("six.shop.svc" + zone, "A", "NOERROR", "SOA"),
                new Row("api.shop.svc" + zone, "TXT", "NOERROR", "SOA"),
                new Row("api.shop.svc" + zone, "HTTPS", "NOERROR", "SOA"),
                new Row("api.shop.svc" + zone, "TYPE65280", "NOERROR", "SOA"),
                new Row(
                        "api.shop.svc" + zone,
                        "SRV",
                        "NOERROR",
                        "0 50 80 api.shop.svc.cluster.local.",
                        "0 50 443 api.shop.svc.cluster.local."),
                new Row("_tcp.api.shop.svc" + zone, "A", "NOERROR", "SOA"),
                new Row("_udp.api.shop.svc" + zone, "SRV", "NOERROR", "SOA"),
                new Row("_tcp.db.shop.svc" + zone, "SRV", "NOERROR", "SOA"),
                new Row("_udp.db.shop.svc" + zone, "SRV", "NXDOMAIN", "SOA"),
                new Row("_tcp.four.shop.svc" + zone, "SRV", "NXDOMAIN", "SOA"),
                new Row("_bad._tcp.api.shop.svc" + zone, "SRV", "NXDOMAIN", "SOA"),
                new Row("_http._udp.api.shop.svc" + zone, "SRV", "NXDOMAIN", "SOA"),
                new Row("_http._tcp.api.shop.svc" + zone, "A", "NOERROR", "SOA"),
                new Row("x._http._tcp.api.shop.svc" + zone, "SRV", "NXDOMAIN", "SOA"),
                new Row("dns-version" + zone, "A", "NOERROR", "SOA"),
                new Row("none.shop.svc" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("_pg._tcp.none.shop.svc" + zone, "SRV", "NXDOMAIN", "SOA"),
                new Row("10-0-2-7.db.shop.svc" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("early.eager.shop.svc" + zone, "A", "NOERROR", "10.0.3.2"),
                new Row("inner.shop.svc" + zone, "A", "NOERROR", "API.shop.svc.cluster.local.", "10.96.7.4"),
                new Row("inner.shop.svc" + zone, "TXT", "NOERROR", "API.shop.svc.cluster.local.", "SOA"),
                new Row("lost.shop.svc" + zone, "A", "NXDOMAIN", "nowhere.shop.svc.cluster.local.", "SOA"),
                new Row("pay.shop.svc" + zone, "A", "NOERROR", "pay.example.com."),
                new Row("nothing.shop.svc" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("x.api.shop.svc" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("elsewhere" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("10-0-1-5.empty.pod" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("10-0-1-9.shop.pod" + zone, "A", "NXDOMAIN", "SOA"),
                new Row("10-0-1-5.shop.pod" + zone, "AAAA", "NOERROR", "SOA"),
                new Row("010-0-1-5.shop.pod" + zone, "A", "NXDOMAIN", "SOA"),
                // Reverse names: empty non-terminals, and nothing that leaves.
                new Row("7.96.10.in-addr.arpa", "PTR", "NOERROR", "SOA"),
                new Row("8.96.10.in-addr.arpa", "PTR", "NXDOMAIN", "SOA"),
                new Row("96.10.in-addr.arpa", "PTR", "NOERROR", "SOA"),
                new Row("9.7.96.10.in-addr.arpa", "PTR", "NXDOMAIN", "SOA"),
                new Row("x.4.7.96.10.in-addr.arpa", "PTR", "NXDOMAIN", "SOA"),
                new Row("04.7.96.10.in-addr.arpa", "PTR", "NXDOMAIN", "SOA"),
                new Row("4.7.96.10.in-addr.arpa", "A", "NOERROR", "SOA"),
                new Row("7.2.0.10.in-addr.arpa", "PTR", "NXDOMAIN", "SOA"),
                new Row("1.168.192.in-addr.arpa", "PTR", "REFUSED"),
                // Names of the host's own, and of nobody.
                new Row("host.podnet.internal", "A", "NOERROR", "192.0.2.9"),
                new Row("host.podnet.internal", "AAAA", "NOERROR", "SOA"),
                new Row("mail.corp" + zone, "MX", "NOERROR", "10 mx.corp.example."),
                new Row("corp" + zone, "MX", "NOERROR", "SOA"),
                new Row("x.corp" + zone, "MX", "NXDOMAIN", "SOA"),
                new Row("alias.corp" + zone, "AAAA", "NOERROR", "api.shop.svc.cluster.local.", "fd00:96::7"),
                new Row("example.com", "A", "REFUSED"));
    }

    private static String nibbles(String address) {
        StringBuilder name = new StringBuilder();
        byte[] octets = IpAddress.parse(address).toBytes();
        for (int i = octets.length - 1; i >= 0; i--) {
            name.append(Integer.toHexString(octets[i] & 15)).append('.');
            name.append(Integer.toHexString(octets[i] >> 4 & 15)).append('.');
        }
        return name + "ip6.arpa";
    }

    @ParameterizedTest
    @MethodSource("rows")
    void digOverUdp(Row row) throws Exception {
        check(row, pod.run("dig", SERVER, "+tries=1", "+time=2", row.name, row.type));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void kdigOverTcp(Row row) throws Exception {
        check(row, pod.run("kdig", SERVER, "+tcp", "+retry=0", "+timeout=2", row.name, row.type));
    }

    private static void check(Row row, String output) {
        assertThat(output).containsPattern("status: " + row.code + "[,;]");
        List<String> answers = section(output, "ANSWER");
        List<String> expected =
                Arrays.stream(row.data).filter(data -> !data.equals("SOA")).toList();
        assertThat(answers.stream().map(line -> line.split("\\s+", 5)[4]).toList())
                .as(output)
                .containsExactlyInAnyOrderElementsOf(expected);
        boolean negative = List.of(row.data).contains("SOA");
        List<String> authority = section(output, "AUTHORITY");
        assertThat(authority.stream().filter(line -> line.contains("SOA")).count())
                .as(output)
                .isEqualTo(negative ? 1 : 0);
        boolean refused = row.code.equals("REFUSED");
        assertThat(output.lines()
                        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(";; flags:")))
                .allMatch(line -> line.contains(" aa") != refused);
    }

    private static List<String> section(String output, String name) {
        return output.lines()
                .dropWhile(line -> !line.startsWith(";; " + name + " SECTION"))
                .skip(1)
                .takeWhile(line -> !line.isBlank() && !line.startsWith(";;"))
                .toList();
    }

    @Test
    void anAliasThatLeadsToItselfEnds() throws Exception {
        assertThat(pod.run("dig", SERVER, "+tries=1", "ring.shop.svc.cluster.local", "A"))
                .contains("status: SERVFAIL");
    }

    @Test
    void letterCaseComesBack() throws Exception {
        assertThat(pod.run("dig", SERVER, "+tries=1", "aPi.ShOp.sVC.clusTER.LocaL", "A"))
                .containsPattern("aPi\\.ShOp\\.sVC\\.clusTER\\.LocaL\\.\\s+5\\s+IN\\s+A\\s+10\\.96\\.7\\.4");
    }

    @Test
    void anySaysNoMoreThanItMust() throws Exception {
        assertThat(pod.run("dig", SERVER, "+tries=1", "+notcp", "api.shop.svc.cluster.local", "ANY"))
                .contains("HINFO\t\"RFC8482\" \"\"");
    }
}
