package io.podnet.bridge.ipam;

import static io.podnet.bridge.ipam.Node.owner;
import static io.podnet.bridge.ipam.Node.reserve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.AttachmentId;
import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** CNI's own host-local binary and ours on one directory. */
@Timeout(120)
class HostLocalInteropTest {
    private static final Path BINARY = Path.of("/usr/lib/cni/host-local");
    private static final Pattern ADDRESS = Pattern.compile("\"address\": \"([^/]+)/");

    @TempDir
    Path directory;

    private Node node;

    @BeforeEach
    void start() {
        assertThat(BINARY)
                .as("install Debian's package containernetworking-plugins")
                .isExecutable();
        node = new Node(directory);
    }

    /** What the binary answered. */
    private record Answer(int exit, String output) {
        List<String> addresses() {
            assertThat(exit).as(output).isZero();
            List<String> found = new ArrayList<>();
            Matcher matcher = ADDRESS.matcher(output);
            while (matcher.find()) {
                found.add(matcher.group(1));
            }
            return found;
        }
    }

    private Answer cni(String verb, String container, String prefix4) {
        String config = """
                {"cniVersion": "1.0.0", "name": "net", "type": "bridge", "ipam": {"type": "host-local",
                 "dataDir": "%s", "ranges": [[{"subnet": "10.1.0.0/%s"}], [{"subnet": "fd00::/120"}]]}}
                """.formatted(directory, prefix4);
        ProcessBuilder builder = new ProcessBuilder(BINARY.toString()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "CNI_COMMAND", verb,
                        "CNI_CONTAINERID", container,
                        "CNI_NETNS", "/proc/self/ns/net",
                        "CNI_IFNAME", "eth0",
                        "CNI_PATH", "/usr/lib/cni"));
        try {
            Process process = builder.start();
            process.getOutputStream().write(config.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void takesTurnsUntilThePoolIsFull() {
        try (Ipam ipam = node.open("10.1.0.0/28", "fd00::/120")) {
            Set<String> all = new HashSet<>();
            for (int i = 0; i < 13; i++) {
                List<String> got = i % 2 == 0
                        ? reserve(ipam, i)
                        : cni("ADD", "pod" + i, "28").addresses();
                // Each goes on where the other one was.
                assertThat(got).containsExactly("10.1.0." + (i + 2), "fd00::" + Integer.toHexString(i + 2));
                all.addAll(got);
            }
            assertThat(all).hasSize(26);
            assertThatThrownBy(() -> reserve(ipam, "x")).isInstanceOf(PodnetException.PoolExhausted.class);
            Answer full = cni("ADD", "podx", "28");
            assertThat(full.exit()).isNotZero();
            assertThat(full.output()).contains("no IP addresses available");
            assertThat(ipam.list()).hasSize(13);
        }
    }

    @Test
    void eachReadsTheOthersLeases() throws IOException {
        try (Ipam ipam = node.open("10.1.0.0/24", "fd00::/120")) {
            List<String> theirs = cni("ADD", "theirs", "24").addresses();
            AttachmentId owner = new AttachmentId("theirs", "eth0");
            assertThat(Node.addresses(ipam.reserve(owner, List.of()))).isEqualTo(theirs);
            assertThat(ipam.lease(owner).orElseThrow().committed()).isTrue();
            assertThat(cni("CHECK", "theirs", "24").exit()).isZero();
            assertThat(ipam.release(owner)).hasSize(2);
            assertThat(cni("CHECK", "theirs", "24").exit()).isNotZero();

            List<String> ours = reserve(ipam, "ours");
            assertThat(cni("CHECK", "podours", "24").exit()).isZero();
            Answer twice = cni("ADD", "podours", "24");
            assertThat(twice.exit()).isNotZero();
            assertThat(twice.output()).contains(ours.get(0));
            assertThat(cni("DEL", "podours", "24").exit()).isZero();
            assertThat(ipam.lease(owner("ours"))).isEmpty();
            assertThatThrownBy(() -> ipam.commit(owner("ours"))).isInstanceOf(PodnetException.NotFound.class);
            // Its marker stayed, and must not make the next lease of that owner fail.
            assertThat(reserve(ipam, "ours")).doesNotContainAnyElementsOf(ours);

            assertThat(names(node.network()))
                    .allMatch(name -> name.equals("lock")
                            || name.startsWith("last_reserved_ip.")
                            || name.startsWith("10.")
                            || name.startsWith("fd00"));
        }
    }

    @Test
    void keepsWhatItGaveInThisBootBeforeWeCame() {
        List<String> theirs = cni("ADD", "theirs", "24").addresses();
        IpamProvider.Context context =
                new IpamProvider.Context("net", Node.sets("10.1.0.0/24", "fd00::/120"), directory, Map.of());
        try (Ipam ipam = new HostLocalIpamProvider().create(context)) {
            assertThat(Node.addresses(
                            ipam.lease(new AttachmentId("theirs", "eth0")).orElseThrow()))
                    .isEqualTo(theirs);
        }
    }

    @Test
    void freesWhatItLeftInAnEarlierBoot() {
        for (int i = 0; i < 5; i++) {
            cni("ADD", "lost" + i, "29").addresses();
        }
        assertThat(cni("ADD", "lost5", "29").output()).contains("no IP addresses available");
        node.reboot();
        try (Ipam ipam = node.open("10.1.0.0/29", "fd00::/120")) {
            assertThat(ipam.list()).isEmpty();
            for (int i = 0; i < 5; i++) {
                reserve(ipam, i);
            }
        }
    }

    @Test
    void atTheSameTimeNeitherHandsOutATakenAddress(@TempDir Path claims) throws Exception {
        try (Ipam ipam =
                node.open(new PosixFileOps(), Map.of("coolDown", "PT0S"), Node.sets("10.1.0.0/28", "fd00::/120"))) {
            CompletableFuture<Void> theirs = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 60; i++) {
                    List<String> got = cni("ADD", "their" + i, "28").addresses();
                    claim(claims, got);
                    giveBack(claims, got);
                    assertThat(cni("DEL", "their" + i, "28").exit()).isZero();
                }
            });
            int rounds = 0;
            while (!theirs.isDone() || rounds < 60) {
                List<String> got = reserve(ipam, rounds);
                claim(claims, got);
                giveBack(claims, got);
                assertThat(ipam.release(owner(rounds))).hasSize(2);
                rounds++;
            }
            theirs.get(60, TimeUnit.SECONDS);
            assertThat(ipam.list()).isEmpty();
        }
    }

    /** Most file systems' clocks tick each some milliseconds: tmpfs', on which state belongs, and all before Linux 6.13. */
    @Test
    void seesWhatChangesWithinOneTickOfTheClock() {
        try (Ipam ipam = node.open(tickingEachTenSeconds(), "10.1.0.0/24", "fd00::/120")) {
            for (int i = 0; i < 3; i++) {
                AttachmentId theirs = new AttachmentId("their" + i, "eth0");
                reserve(ipam, i);
                List<String> given = cni("ADD", "their" + i, "24").addresses();
                assertThat(Node.addresses(ipam.lease(theirs).orElseThrow())).isEqualTo(given);
                assertThat(cni("DEL", "their" + i, "24").exit()).isZero();
                assertThat(ipam.lease(theirs)).isEmpty();
            }
        }
    }

    private static FileOps tickingEachTenSeconds() {
        FileOps real = new PosixFileOps();
        return (FileOps) Proxy.newProxyInstance(
                FileOps.class.getClassLoader(), new Class<?>[] {FileOps.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(real, arguments);
                    return result instanceof Optional<?> found && found.orElse(null) instanceof FileOps.Stat stat
                            ? Optional.of(new FileOps.Stat(
                                    stat.regular(),
                                    stat.directory(),
                                    stat.writableByOthers(),
                                    Instant.ofEpochSecond(stat.modified().getEpochSecond() / 10 * 10)))
                            : result;
                });
    }

    private static void claim(Path claims, List<String> addresses) {
        try {
            for (String address : addresses) {
                Files.writeString(claims.resolve(address), "", StandardOpenOption.CREATE_NEW);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void giveBack(Path claims, List<String> addresses) {
        try {
            for (String address : addresses) {
                Files.delete(claims.resolve(address));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
