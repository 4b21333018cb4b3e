package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.spi.PodResolvConf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodFilesTest {
    @TempDir
    Path directory;

    @Test
    void writesHostsAsKubeletDoes() {
        PodSpec spec = PodSpec.of("shop", "db-0")
                .subdomain("db")
                .hostAlias(new HostAlias(IpAddress.parse("192.0.2.1"), List.of("a", "b")))
                .build();
        assertThat(PodFiles.hosts(
                        spec, List.of(IpAddress.parse("10.244.1.2"), IpAddress.parse("fd00::2")), "cluster.local"))
                .isEqualTo("""
                        # Managed by Podnet.
                        127.0.0.1\tlocalhost
                        ::1\tlocalhost ip6-localhost ip6-loopback
                        fe00::0\tip6-localnet
                        fe00::0\tip6-mcastprefix
                        fe00::1\tip6-allnodes
                        fe00::2\tip6-allrouters
                        10.244.1.2\tdb-0.db.shop.svc.cluster.local\tdb-0
                        fd00::2\tdb-0.db.shop.svc.cluster.local\tdb-0

                        # Entries added by HostAliases.
                        192.0.2.1\ta\tb
                        """);
    }

    @Test
    void addsThePodsSettingsToTheNodesAndKeepsToTheLimits() throws Exception {
        Path node = directory.resolve("resolv.conf");
        Files.writeString(
                node,
                "# made by hand\nnameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch old\nsearch a.example. b.example\n"
                        + "options timeout:1 rotate\noptions ndots:3\n");
        PodSpec spec = PodSpec.of("default", "web")
                .dnsConfig(new DnsConfig(
                        List.of(
                                IpAddress.parse("192.0.2.2"),
                                IpAddress.parse("192.0.2.3"),
                                IpAddress.parse("192.0.2.4")),
                        List.of("b.example", "c.example"),
                        Map.of("ndots", "2", "edns0", "")))
                .build();
        assertThat(PodResolvConf.text(PodFiles.resolvConf(spec, node))).isEqualTo("""
                        search a.example b.example c.example
                        nameserver 192.0.2.1
                        nameserver 192.0.2.2
                        nameserver 192.0.2.3
                        options timeout:1 rotate ndots:2 edns0
                        """);
    }

    @Test
    void cutsTheSearchListWhereGlibcWould() {
        List<String> searches =
                IntStream.range(0, 40).mapToObj(i -> "d" + i + ".example").toList();
        PodSpec spec = PodSpec.of("default", "web")
                .dnsPolicy(DnsPolicy.NONE)
                .dnsConfig(new DnsConfig(List.of(IpAddress.parse("192.0.2.1")), searches, Map.of()))
                .build();
        assertThat(PodResolvConf.text(PodFiles.resolvConf(spec, directory.resolve("absent"))))
                .startsWith("search d0.example")
                .contains("d31.example\n")
                .doesNotContain("d32.example");
    }

    @Test
    void cutsALongPodNameForTheHostName() {
        String name = "a".repeat(62) + "-b." + "c".repeat(20);
        assertThat(PodSpec.of("default", name).build().effectiveHostname()).isEqualTo("a".repeat(62));
    }
}
