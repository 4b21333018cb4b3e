package io.podnet.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Condition;
import io.podnet.api.DnsForwarding;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceSpec;
import io.podnet.spi.NameResolver.StaticRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names through the facade, with pods of a real kernel. */
class ClusterNamesRealKernelTest {
    private static final PodId DB = new PodId("shop", "db-0");
    private static final String PEERS = "peers.shop.svc.cluster.local";

    @TempDir
    Path directory;

    private TestNode node = null;

    @BeforeEach
    void makeNode() throws IOException {
        node = TestNode.create();
    }

    @AfterEach
    void removeNode() throws IOException, InterruptedException {
        node.close();
    }

    private PodnetBuilder builder() throws IOException {
        return node.podnet()
                .resolvConf(Files.writeString(directory.resolve("resolv.conf"), "search example.org\n"))
                .serviceCidrs("10.96.0.0/16")
                .nameResolver("dns")
                .removePodsOnClose(true);
    }

    private static String inside(PodNetwork pod, String... command) throws IOException, InterruptedException {
        Process process = pod.sandbox().start(new ProcessBuilder(command).redirectErrorStream(true));
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void namesAreAskedExplainedSetAndHeard() throws Exception {
        try (Podnet podnet = builder().start()) {
            assertThat(podnet.status()).isEqualTo(Condition.READY);
            PodNetwork db =
                    podnet.setUp(PodSpec.of("shop", "db-0").label("app", "db").build());
            String ip = db.ips().get(0).toString();
            podnet.services()
                    .apply(ServiceSpec.of("shop", "peers")
                            .headless()
                            .selector("app", "db")
                            .port(80, 8080)
                            .build());
            assertThat(podnet.names().awaitVisible(PEERS, Duration.ZERO)).isTrue();
            assertThat(podnet.names().lookup(PEERS, "A").records()).containsExactly(PEERS + ". 5 IN A " + ip);
            assertThat(podnet.names().explain(DB, "peers", "A").answer().records())
                    .containsExactly(PEERS + ". 5 IN A " + ip);
            assertThat(podnet.names()
                            .explain(DB, "www.example.com.", "A")
                            .steps()
                            .get(0)
                            .reason())
                    .contains("no upstream servers");

            CompletableFuture<Boolean> later = CompletableFuture.supplyAsync(
                    () -> podnet.names().awaitVisible("x.apps.test", Duration.ofSeconds(60)));
            podnet.names().replaceRecords(List.of(new StaticRecord("*.apps.test", "A", 60, "192.0.2.9")));
            assertThat(later.get(60, TimeUnit.SECONDS)).isTrue();
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            podnet.names().addListener((pod, name, type, rcode, nanos) -> heard.add(pod + " " + name + " " + rcode));
            assertThat(inside(db, "getent", "ahostsv4", "web.apps.test")).startsWith("192.0.2.9 ");
            assertThat(heard).contains("Optional[shop/db-0] web.apps.test. NOERROR");

            podnet.names().forwarding(DB, DnsForwarding.to(List.of(IpAddress.parse("192.0.2.53"))));
            assertThat(inside(db, "dig", "@127.0.0.10", PEERS)).contains(" ra");
            podnet.names().forwarding(DB, DnsForwarding.NONE);
            assertThat(inside(db, "dig", "@127.0.0.10", PEERS)).doesNotContain(" ra");
            podnet.names().resetForwarding(DB);
            podnet.names().forwardPolicy((pod, name, type) -> false);
            assertThat(podnet.names().status()).isEqualTo(Condition.READY);
        }
    }

    @Test
    void aPodIsDrainedInOrder() throws Exception {
        // Nobody waits that long: the interrupt ends the wait.
        try (Podnet podnet = builder().nameResolverOption("ttl", "3600").start()) {
            podnet.setUp(PodSpec.of("shop", "db-0").label("app", "db").build());
            podnet.services()
                    .apply(ServiceSpec.of("shop", "peers")
                            .headless()
                            .selector("app", "db")
                            .port(80, 8080)
                            .build());
            String byAddress =
                    podnet.pod(DB).orElseThrow().ips().get(0).toString().replace('.', '-') + ".shop.pod.cluster.local";
            assertThat(podnet.names().lookup(byAddress, "A").rcode()).isEqualTo("NOERROR");
            List<Boolean> done = new ArrayList<>();
            Thread drain = new Thread(() -> done.add(podnet.drain(DB)), "drain");
            drain.start();
            node.await(
                    "no name", () -> podnet.names().lookup(PEERS, "A").rcode().equals("NXDOMAIN"));
            node.await(
                    "no name of the pod",
                    () -> podnet.names().lookup(byAddress, "A").rcode().equals("NXDOMAIN"));
            assertThat(podnet.pod(DB))
                    .as("still there while somebody may remember it")
                    .isPresent();
            drain.interrupt();
            drain.join();
            assertThat(done).containsExactly(true);
            assertThat(podnet.pod(DB)).isEmpty();
            assertThat(podnet.drain(DB)).isFalse();

            Thread all = new Thread(() -> podnet.names().drain(), "drain-all");
            all.start();
            node.await("draining", () -> podnet.status().code() == Condition.Code.NOT_READY);
            assertThat(podnet.status().reason()).isEqualTo("Draining");
            assertThatThrownBy(() -> podnet.setUp(PodSpec.of("shop", "late").build()))
                    .isInstanceOf(PodnetException.Conflict.class);
            assertThat(podnet.names().lookup("cluster.local", "NS").records().get(0))
                    .contains(". 0 IN NS");
            all.interrupt();
            all.join();
        }
    }

    @Test
    void withoutAResolverEveryCallSaysWhatToDo() throws Exception {
        try (Podnet podnet = node.podnet().removePodsOnClose(true).start()) {
            assertThat(podnet.status().code()).isEqualTo(Condition.Code.READY);
            assertThatThrownBy(() -> podnet.names().lookup(PEERS, "A"))
                    .isInstanceOf(PodnetException.Unsupported.class)
                    .hasMessageContaining("nameResolver(\"dns\")");
            podnet.setUp(PodSpec.of("shop", "db-0").build());
            assertThat(podnet.drain(DB)).isTrue();
        }
    }
}
