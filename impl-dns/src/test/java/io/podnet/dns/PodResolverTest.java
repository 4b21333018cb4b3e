package io.podnet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Condition;
import io.podnet.api.DnsConfig;
import io.podnet.api.DnsPolicy;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.spi.NameResolver;
import io.podnet.spi.PodResolvConf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod's own C library sees, and what the resolver's interface promises. */
class PodResolverTest {
    private ServedPod served;

    @BeforeEach
    void serve() throws Exception {
        served = new ServedPod(Map.of());
        served.resolver().apply(Shop.example());
    }

    @AfterEach
    void end() throws Exception {
        served.close();
    }

    private NameResolver.ResolvConf attachOther(PodSpec spec) throws Exception {
        try (PodPlace place = new PodPlace(served.threads())) {
            NameResolver.ResolvConf conf = served.resolver().attachPod(spec, place.namespace());
            served.resolver().detachPod(spec.id());
            return conf;
        }
    }

    @Test
    void theCLibraryResolvesThroughTheGeneratedFile(@TempDir Path directory) throws Exception {
        // Without another address than the loopback's getent asks for none (AI_ADDRCONFIG).
        served.pod().run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
        served.pod().run("ip", "link", "set", "eth1", "up");
        served.pod().run("ip", "link", "set", "eth0", "up");
        served.pod().run("ip", "address", "add", "10.0.9.9/16", "dev", "eth0");
        served.pod().run("ip", "address", "add", "fd00:10::99/64", "dev", "eth0", "nodad");
        NameResolver.ResolvConf conf = attachOther(PodSpec.of("shop", "other").build());
        Path file = Files.writeString(directory.resolve("resolv.conf"), PodResolvConf.text(conf));
        for (String[] row : new String[][] {
            {"ahostsv4", "api", "10.96.7.4"},
            {"ahostsv6", "api", "fd00:96::7"},
            {"ahostsv4", "api.shop", "10.96.7.4"},
            {"ahostsv4", "api.shop.svc", "10.96.7.4"},
            {"ahostsv4", "api.shop.svc.cluster.local", "10.96.7.4"},
            {"ahostsv4", "db-0.db", "10.0.1.5"},
            {"ahostsv4", "inner", "10.96.7.4"},
            {"hosts", "10.96.7.4", "api.shop.svc.cluster.local"},
            {"hosts", "fd00:10::5", "db-0.db.shop.svc.cluster.local"}
        }) {
            // The file is there for this program alone, in a mount namespace of its own.
            String output = served.pod()
                    .run(
                            "unshare",
                            "-m",
                            "sh",
                            "-ec",
                            "mount --make-rprivate / && mount --bind \"$1\" /etc/resolv.conf && exec getent \"$2\" \"$3\"",
                            "sh",
                            file.toString(),
                            row[0],
                            row[1]);
            assertThat(output).as(row[1]).contains(row[2]);
        }
    }

    @Test
    void resolvConfIsKubelets() throws Exception {
        NameResolver.ResolvConf conf = attachOther(PodSpec.of("bank", "p").build());
        assertThat(PodResolvConf.text(conf)).isEqualTo("""
                search bank.svc.cluster.local svc.cluster.local cluster.local corp.example
                nameserver 127.0.0.10
                options ndots:5
                """);
        assertThat(conf.warnings()).isEmpty();
        assertThat(PodResolvConf.text(attachOther(PodSpec.of("bank", "p")
                        .dnsConfig(new DnsConfig(
                                List.of(IpAddress.parse("192.0.2.7")),
                                List.of("corp.example", "extra.example"),
                                Map.of("ndots", "2", "edns0", "")))
                        .build())))
                .isEqualTo("""
                        search bank.svc.cluster.local svc.cluster.local cluster.local corp.example extra.example
                        nameserver 127.0.0.10
                        nameserver 192.0.2.7
                        options ndots:2 edns0
                        """);
        assertThat(PodResolvConf.text(attachOther(
                        PodSpec.of("bank", "p").dnsPolicy(DnsPolicy.DEFAULT).build())))
                .isEqualTo("search corp.example\nnameserver 192.0.2.1\n");
        assertThat(PodResolvConf.text(attachOther(PodSpec.of("bank", "p")
                        .dnsPolicy(DnsPolicy.NONE)
                        .dnsConfig(new DnsConfig(List.of(IpAddress.parse("192.0.2.8")), List.of(), Map.of()))
                        .build())))
                .isEqualTo("nameserver 192.0.2.8\n");
    }

    @Test
    void whatIsCutIsTold() throws Exception {
        List<IpAddress> servers =
                List.of(IpAddress.parse("192.0.2.7"), IpAddress.parse("192.0.2.8"), IpAddress.parse("192.0.2.9"));
        NameResolver.ResolvConf conf = attachOther(PodSpec.of("bank", "p")
                .dnsConfig(new DnsConfig(
                        servers,
                        java.util.stream.IntStream.range(0, 40)
                                .mapToObj(i -> "d" + i + ".example")
                                .toList(),
                        Map.of()))
                .build());
        assertThat(conf.nameservers()).hasSize(3);
        assertThat(conf.searches()).hasSize(32);
        assertThat(conf.warnings()).hasSize(2).anyMatch(warning -> warning.contains("4 nameservers"));
    }

    @Test
    void aChangeIsInTheNextAnswer() throws Exception {
        for (int i = 1; i <= 20; i++) {
            served.resolver()
                    .apply(Shop.change(
                            List.of(Shop.clusterIp("shop", "moving", List.of("10.96.8." + i))), List.of(), "shop"));
            assertThat(served.dig("+short", "moving.shop.svc.cluster.local")).isEqualTo("10.96.8." + i + "\n");
        }
    }

    @Test
    void waitsForAName() throws Exception {
        assertThat(served.resolver().awaitVisible("api.shop.svc.cluster.local", Duration.ZERO))
                .isTrue();
        assertThat(served.resolver().awaitVisible("late.shop.svc.cluster.local", Duration.ofMillis(50)))
                .isFalse();
        CompletableFuture<Boolean> late = CompletableFuture.supplyAsync(
                () -> served.resolver().awaitVisible("late.shop.svc.cluster.local.", Duration.ofSeconds(20)));
        served.resolver()
                .apply(Shop.change(List.of(Shop.clusterIp("shop", "late", List.of("10.96.9.9"))), List.of(), "shop"));
        assertThat(late.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void looksUpWithoutAPacket() {
        assertThat(served.resolver().lookup("api.shop.svc.cluster.local", "A"))
                .isEqualTo(new NameResolver.Answer("NOERROR", List.of("api.shop.svc.cluster.local. 5 IN A 10.96.7.4")));
        assertThat(served.resolver()
                        .lookup("nobody.shop.svc.cluster.local.", "AAAA")
                        .rcode())
                .isEqualTo("NXDOMAIN");
        assertThat(served.resolver().lookup("example.com", "A").rcode()).isEqualTo("REFUSED");
        assertThatThrownBy(() -> served.resolver().lookup("example.com", "NONSENSE"))
                .isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void tellsWhoAskedWhat() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        served.resolver()
                .addListener((pod, name, type, rcode, nanos) ->
                        heard.add(pod.map(PodId::toString).orElse("nobody") + " " + name + " " + type + " " + rcode));
        served.dig("API.shop.svc.cluster.local", "AAAA");
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("shop/web api.shop.svc.cluster.local. AAAA NOERROR");
        served.resolver().lookup("example.com", "A");
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("nobody example.com. A REFUSED");
    }

    @Test
    void drainsWithoutATtl() throws Exception {
        served.resolver().drain(Duration.ZERO);
        assertThat(served.dig("api.shop.svc.cluster.local"))
                .containsPattern("local\\.\\s+0\\s+IN\\s+A\\s+10\\.96\\.7\\.4");
        assertThat(served.resolver().status().code()).isEqualTo(Condition.Code.NOT_READY);
        assertThatThrownBy(() -> attachOther(PodSpec.of("shop", "other").build()))
                .isInstanceOf(PodnetException.Conflict.class);
    }

    @Test
    void knowsNothingBeforeTheFirstPicture() throws Exception {
        try (ServedPod fresh = new ServedPod(Map.of())) {
            assertThat(fresh.dig("api.shop.svc.cluster.local"))
                    .contains("SERVFAIL")
                    .contains("EDE: 14 (Not Ready)");
            assertThat(fresh.resolver().status().reason()).isEqualTo("NothingKnown");
        }
    }

    @Test
    void aPodIsAttachedOnceAndItsNamespaceGoesWithIt() throws Exception {
        PodSpec spec = PodSpec.of("shop", "other").build();
        try (PodPlace place = new PodPlace(served.threads())) {
            served.resolver().attachPod(spec, place.namespace());
            assertThatThrownBy(() -> served.resolver().attachPod(spec, place.namespace()))
                    .isInstanceOf(PodnetException.Conflict.class);
            served.resolver().detachPod(spec.id());
            served.resolver().detachPod(spec.id());
            assertThat(place.run("ss", "-Hlnptu")).isBlank();
        }
    }

    @Test
    void aProgramOfThePodMayServeDnsItself() throws Exception {
        // On the wildcard address, with the socket options that name servers set; both go on to be asked.
        String program = String.join(
                "\n",
                "import socket",
                "u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
                "u.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)",
                "u.bind(('0.0.0.0', 53))",
                "t = socket.socket()",
                "t.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)",
                "t.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)",
                "t.bind(('0.0.0.0', 53))",
                "t.listen()",
                "c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
                "c.sendto(b'mine', ('127.0.0.1', 53))",
                "print(u.recv(100))");
        assertThat(served.pod().run("python3", "-c", program)).contains("mine");
        assertThat(served.dig("api.shop.svc.cluster.local")).contains("10.96.7.4");
    }

    @Test
    void answersOnTheNodeFromTheAddressThatWasAsked() throws Exception {
        try (PodPlace node = new PodPlace(served.threads())) {
            node.run("ip", "address", "add", "10.96.0.10/32", "dev", "lo");
            node.run("ip", "address", "add", "fd00:96::a/128", "dev", "lo", "nodad");
            try (NameResolver resolver = new DnsResolverProvider()
                    .create(new io.podnet.spi.NameResolverProvider.Context(
                            "cluster.local",
                            List.of(),
                            List.of(),
                            List.of(),
                            Path.of("/nonexistent"),
                            node.namespace(),
                            Path.of("/nonexistent"),
                            Map.of("listen", "0.0.0.0,::", "threads", "2")))) {
                resolver.apply(Shop.example());
                for (String address : List.of("10.96.0.10", "127.0.0.1", "fd00:96::a", "::1")) {
                    for (String transport : List.of("+notcp", "+tcp")) {
                        assertThat(node.run(
                                        "dig",
                                        "@" + address,
                                        "+tries=1",
                                        "+short",
                                        transport,
                                        "api.shop.svc.cluster.local"))
                                .as(address + transport)
                                .isEqualTo("10.96.7.4\n");
                    }
                }
            }
        }
    }

    @Test
    void unknownOptionsAreRefused() {
        assertThatThrownBy(() -> new ServedPod(Map.of("podz", "verified")))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("podz");
        assertThatThrownBy(() -> new ServedPod(Map.of("ttl", "4000"))).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void podsByAddressAsConfigured() throws Exception {
        try (ServedPod none = new ServedPod(Map.of("pods", "disabled"));
                ServedPod any = new ServedPod(Map.of("pods", "insecure"))) {
            none.resolver().apply(Shop.example());
            any.resolver().apply(Shop.example());
            assertThat(none.dig("10-0-1-5.shop.pod.cluster.local")).contains("NXDOMAIN");
            assertThat(any.dig("+short", "1-2-3-4.shop.pod.cluster.local")).isEqualTo("1.2.3.4\n");
            assertThat(any.dig("1-2-3-4.strange.pod.cluster.local")).contains("NXDOMAIN");
            assertThat(any.dig("1-2-3.shop.pod.cluster.local")).contains("NXDOMAIN");
        }
    }
}
