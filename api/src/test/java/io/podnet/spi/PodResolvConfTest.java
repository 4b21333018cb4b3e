package io.podnet.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.DnsPolicy;
import io.podnet.api.IpAddress;
import io.podnet.api.PodSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodResolvConfTest {
    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static NameResolver.ResolvConf ofNode(Path node) {
        return PodResolvConf.of(
                PodSpec.of("shop", "web").dnsPolicy(DnsPolicy.DEFAULT).build(), node, Optional.empty());
    }

    /** pkg/kubelet/network/dns/dns.go, appendOptions: they gather over lines, and the last of a name counts. */
    @Test
    void optionsOfSeveralLinesGather() throws IOException {
        NameResolver.ResolvConf conf = ofNode(
                file("options", "options ndots:2 rotate\n\toptions\ttimeout:1  ndots:3\nnameserver 192.0.2.1\n"));
        assertThat(conf.options()).containsExactlyInAnyOrder("ndots:3", "rotate", "timeout:1");
    }

    @Test
    void aSearchLineReplacesEarlierOnesAndTheRootIsNone() throws IOException {
        NameResolver.ResolvConf conf = ofNode(file("search", "search a.example\nsearch b.example. . c.example\r\n"));
        assertThat(conf.searches()).containsExactly("b.example", "c.example");
    }

    /** A pod comes up whatever its node's file has, and hears what was left out. */
    @Test
    void whatIsNoDomainIsLeftOutAndTold() throws IOException {
        String label = "l".repeat(64);
        NameResolver.ResolvConf conf = ofNode(
                file("odd", "search good.example bad..example " + label + ".example # said b\u00fcro _x.example\n"));
        assertThat(conf.searches()).containsExactly("good.example", "said", "_x.example");
        assertThat(conf.warnings()).hasSize(4).anyMatch(warning -> warning.contains("'bad..example'"));
    }

    /** Where the cluster's servers stand for the node's, the node's search list is used all the same. */
    @Test
    void whatIsLeftOutOfTheSearchListIsToldWithClusterFirstToo() throws IOException {
        NameResolver.ResolvConf conf = PodResolvConf.of(
                PodSpec.of("shop", "web").build(),
                file("odd", "nameserver fe80::1%eth0\nsearch bad..example\n"),
                Optional.of(new PodResolvConf.Cluster(List.of(IpAddress.parse("127.0.0.10")), "cluster.local")));
        assertThat(conf.warnings()).singleElement().asString().contains("'bad..example'");
    }

    /** Files are octets: a comment of another encoding is still a comment. */
    @Test
    void aCommentMayBeInAnyEncoding() throws IOException {
        Path node = Files.write(
                directory.resolve("latin"),
                "# B\u00fcro\nnameserver 192.0.2.1\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThat(ofNode(node).nameservers()).containsExactly(IpAddress.parse("192.0.2.1"));
    }

    @Test
    void systemdResolvedsStubStandsForTheServersBehindIt() throws IOException {
        Path behind = file("behind", "nameserver 192.0.2.1\n");
        assertThat(PodResolvConf.behindStub(file("stub", "nameserver 127.0.0.53\noptions edns0\n"), behind))
                .isEqualTo(behind);
        for (String text :
                new String[] {"", "nameserver 192.0.2.2\n", "nameserver 127.0.0.53\nnameserver 192.0.2.2\n"}) {
            Path own = file("own", text);
            assertThat(PodResolvConf.behindStub(own, behind)).as(text).isEqualTo(own);
        }
        Path stub = file("stub", "nameserver 127.0.0.53\n");
        assertThat(PodResolvConf.behindStub(stub, directory.resolve("absent"))).isEqualTo(stub);
    }
}
