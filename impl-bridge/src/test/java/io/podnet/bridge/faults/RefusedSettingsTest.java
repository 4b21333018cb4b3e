package io.podnet.bridge.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.HostPort;
import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.api.PodNetwork;
import io.podnet.api.PodSpec;
import io.podnet.api.Podnet;
import io.podnet.api.PodnetBuilder;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.bridge.TestNode;
import io.podnet.bridge.ipam.MemoryDirectory;
import io.podnet.netlink.route.AssignedAddress;
import io.podnet.netlink.route.Bridge;
import io.podnet.netlink.route.LinkAttributes;
import io.podnet.netlink.route.LinkKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be done is refused with the reason and the remedy, and nothing is changed. */
class RefusedSettingsTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private TestNode test;

    @BeforeEach
    void open() throws IOException {
        test = new TestNode(directory);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void refused(PodnetBuilder builder, Class<? extends PodnetException> kind, String... words)
            throws IOException {
        try (Inventory inventory = new Inventory(test, directory)) {
            List<String> kernel = test.kernel();
            List<String> process = inventory.process();
            assertThatThrownBy(builder::start).isInstanceOf(kind).hasMessageContainingAll(words);
            assertThat(Inventory.changes(kernel, test.kernel())).isEmpty();
            assertThat(Inventory.changes(process, Settling.after(inventory::process, process)))
                    .isEmpty();
        }
    }

    @Test
    void aBridgeWithAForeignAddress() throws Exception {
        test.route().links().create(new Bridge(), LinkAttributes.named("cbr0").up());
        int index = test.route().links().get("cbr0").index();
        test.route()
                .addresses()
                .create(AssignedAddress.of(index, new InterfaceAddress(IpAddress.parse("192.0.2.1"), 24)));
        refused(
                test.builder(),
                PodnetException.Conflict.class,
                "bridge cbr0 has the address 192.0.2.1/24",
                "10.244.1.1/24",
                "forceAddress=true");
        try (Podnet node = test.builder()
                .networkPluginOption("forceAddress", "true")
                .removePodsOnClose(true)
                .start()) {
            assertThat(test.kernel()).noneMatch(line -> line.contains("192.0.2.1"));
        }
        assertThat(test.route().links().find("cbr0"))
                .as("somebody else's bridge")
                .isPresent();
    }

    @Test
    void aLinkOfThatNameThatIsNoBridge() throws Exception {
        test.route().links().create(LinkKind.ifb(), LinkAttributes.named("cbr0"));
        refused(test.builder(), PodnetException.Conflict.class, "cbr0", "is a ifb", "option 'bridge'");
    }

    @Test
    void settingsThatCannotBe() throws Exception {
        assertThatThrownBy(() -> test.builder().interfaceName("a".repeat(16)))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("15");
        refused(
                test.builder().networkPluginOption("brigde", "cbr1"),
                PodnetException.Invalid.class,
                "no options [brigde]",
                "bridge");
        refused(
                test.builder().networkPluginOption("bridge", "b".repeat(16)),
                PodnetException.Invalid.class,
                "b".repeat(16));
        refused(
                test.builder().networkPluginOption("antiSpoofing", "yes"),
                PodnetException.Invalid.class,
                "antiSpoofing='yes'",
                "true or false");
        refused(test.builder().ipamOption("cooldown", "PT1S"), PodnetException.Invalid.class, "cooldown");
        refused(test.builder().networkPlugin("brigde"), PodnetException.NotFound.class, "brigde", "bridge");
    }

    @Test
    void aProcessWithoutCapabilities() throws Exception {
        assertThat(run(List.of("setpriv", "--bounding-set", "-net_admin"), true))
                .contains("CAP_NET_ADMIN");
        assertThat(run(List.of("setpriv", "--bounding-set", "-sys_admin"), true))
                .contains("CAP_SYS_ADMIN");
        assertThat(directory.resolve("modest/state"))
                .as("made for starts that failed")
                .doesNotExist();
    }

    @Test
    void aBridgeOfAnotherPodCidr() throws Exception {
        test.builder().start().close();
        assertThatThrownBy(() -> test.builder().podCidr("10.245.0.0/24").start())
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContainingAll("has the address", "10.245.0.1/24", "start with that one")
                .hasMessageNotContaining("forceAddress");
        try (Podnet node = test.builder().start()) {
            node.removeAll();
        }
    }

    @Test
    void aHostPortThatCannotBeCostsNoAddress() throws Exception {
        try (Podnet node = test.builder().removePodsOnClose(true).start()) {
            PodNetwork first = node.setUp(PodSpec.of("default", "first")
                    .hostPort(hostPort(Optional.empty()))
                    .build());
            assertThatThrownBy(() -> node.setUp(PodSpec.of("default", "looped")
                            .hostPort(hostPort(Optional.of(IpAddress.parse("127.0.0.1"))))
                            .build()))
                    .isInstanceOf(PodnetException.Unsupported.class)
                    .hasMessageContaining("pod default/looped");
            assertThatThrownBy(() -> node.setUp(PodSpec.of("default", "second")
                            .hostPort(hostPort(Optional.empty()))
                            .build()))
                    .isInstanceOf(PodnetException.Conflict.class)
                    .hasMessageContainingAll("taken by pod default/first", "pod default/second");
            PodNetwork next = node.setUp(PodSpec.of("default", "next").build());
            assertThat(next.ips()).containsExactly(first.ips().get(0).plus(1));
        }
    }

    private static HostPort hostPort(Optional<IpAddress> hostIp) {
        return new HostPort(hostIp, 8080, 80, Protocol.TCP);
    }

    @Test
    void anUnprivilegedUserInNamespacesOfItsOwnIsNotRefused() throws Exception {
        assertThat(run(List.of("unshare", "--user", "--map-root-user", "--net", "--mount"), false))
                .contains(ModestProcess.DONE);
    }

    /** Runs {@link ModestProcess} through another program, and gives all that it printed. */
    private String run(List<String> through, boolean inNodeNamespace) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(through);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ModestProcess.class.getName(),
                directory.resolve("modest").toString()));
        if (inNodeNamespace) {
            command.add(test.namespace().path().toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
