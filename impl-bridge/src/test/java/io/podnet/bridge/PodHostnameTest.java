package io.podnet.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host names that programs in pods see, as kubelet gives them. */
class PodHostnameTest {
    private static final String FQDN = "db-0.db.shop.svc.cluster.local";

    @TempDir
    Path directory;

    private static String output(PodNetwork pod, String... command) throws Exception {
        Process process = pod.sandbox().start(new ProcessBuilder(command));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    @Test
    void thePodsDomainNameIsTheKernelsHostNameWhereItIsWanted() throws Exception {
        try (TestNode test = new TestNode(directory);
                Podnet node = test.builder().removePodsOnClose(true).start()) {
            PodNetwork wanted = node.setUp(PodSpec.of("shop", "db-0")
                    .subdomain("db")
                    .setHostnameAsFqdn(true)
                    .build());
            assertThat(output(wanted, "hostname")).isEqualTo(FQDN);
            assertThat(output(wanted, "hostname", "-f")).isEqualTo(FQDN);
            assertThat(output(wanted, "hostname", "-s")).isEqualTo("db-0");
            assertThat(output(wanted, "cat", "/etc/hostname")).isEqualTo(FQDN);
            assertThat(output(wanted, "cat", "/etc/hosts"))
                    .contains(wanted.ips().get(0) + "\t" + FQDN + "\tdb-0");

            PodNetwork shortOne =
                    node.setUp(PodSpec.of("shop", "db-1").subdomain("db").build());
            assertThat(output(shortOne, "hostname")).isEqualTo("db-1");
            assertThat(output(shortOne, "hostname", "-f")).isEqualTo("db-1.db.shop.svc.cluster.local");

            PodNetwork withoutDomain =
                    node.setUp(PodSpec.of("shop", "web").setHostnameAsFqdn(true).build());
            assertThat(output(withoutDomain, "hostname")).isEqualTo("web");
            assertThat(output(withoutDomain, "cat", "/etc/hostname")).isEqualTo("web");
        }
    }

    @Test
    void aDomainNameThatTheKernelDoesNotTakeIsRefusedAndNothingIsMade() throws Exception {
        // ".db.shop.svc.cluster.local" has 26 characters.
        PodSpec longest = PodSpec.of("shop", "a".repeat(38))
                .subdomain("db")
                .setHostnameAsFqdn(true)
                .build();
        PodSpec tooLong = PodSpec.of("shop", "b".repeat(39))
                .subdomain("db")
                .setHostnameAsFqdn(true)
                .build();
        try (TestNode test = new TestNode(directory)) {
            try (Podnet node = test.builder().removePodsOnClose(true).start()) {
                PodNetwork pod = node.setUp(longest);
                assertThat(output(pod, "hostname")).hasSize(64).startsWith("aaa");
                assertThatThrownBy(() -> node.setUp(tooLong))
                        .isInstanceOf(PodnetException.Invalid.class)
                        .hasMessageContaining("65 characters")
                        .hasMessageContaining("setHostnameAsFQDN");
                assertThatThrownBy(() -> node.plan(tooLong)).isInstanceOf(PodnetException.Invalid.class);
                assertThat(node.pods()).hasSize(1);
                node.tearDown(pod.id());
                assertThat(test.leftovers()).isEmpty();
            }
        }
    }

    @Test
    void aPodKeepsItsNameOverARestart() throws Exception {
        PodSpec spec = PodSpec.of("shop", "db-0")
                .subdomain("db")
                .setHostnameAsFqdn(true)
                .build();
        try (TestNode test = new TestNode(directory)) {
            try (Podnet node = test.builder().start()) {
                node.setUp(spec);
            }
            try (Podnet node = test.builder().removePodsOnClose(true).start()) {
                PodNetwork adopted = node.pod(spec.id()).orElseThrow();
                assertThat(adopted.spec()).isEqualTo(spec);
                assertThat(output(adopted, "hostname", "-f")).isEqualTo(FQDN);
                assertThat(output(adopted, "cat", "/etc/hostname")).isEqualTo(FQDN);
            }
        }
    }
}
