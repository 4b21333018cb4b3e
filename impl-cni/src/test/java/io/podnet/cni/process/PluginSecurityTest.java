package io.podnet.cni.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniCommand;
import io.podnet.cni.spec.CniEnvironment;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniNames;
import io.podnet.cni.spec.JsonObject;
import io.podnet.cni.spec.NetworkConfigList;
import io.podnet.netlink.libc.Libc;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has gone wrong in other runtimes between a configuration and a running plugin, by its number or name. */
class PluginSecurityTest {
    private static final int NET_RAW = 13;

    @TempDir
    Path directory;

    private Scripts scripts;

    @BeforeEach
    void makeDirectory() throws IOException {
        scripts = new Scripts(directory.resolve("bin"));
    }

    private PluginPath path() {
        return new PluginPath(List.of(scripts.directory()), true);
    }

    private PluginRunner runner() {
        return new PluginRunner(Optional.empty(), path(), PluginLimits.DEFAULT);
    }

    private JsonObject version(String type) {
        return runner().ask(type, CniEnvironment.of(CniCommand.VERSION, List.of()), JsonObject.EMPTY);
    }

    @ParameterizedTest
    @DisplayName("CVE-2021-20206: a type leads to no executable outside the plugin directories")
    @ValueSource(
            strings = {
                "../outside",
                "../../bin/true",
                "/bin/true",
                "sub/p",
                "..",
                ".",
                "",
                "p\u0000",
                "p\n",
                "p;true",
                "-p",
                "p p"
            })
    void cve202120206Types(String type) throws IOException {
        new Scripts(directory).plugin("outside", "touch " + directory.resolve("harm"));
        scripts.plugin("p", "touch " + directory.resolve("harm"));
        String json = JsonObject.EMPTY.with("type", type).toString();
        for (String list : List.of(
                "{\"name\":\"n\",\"plugins\":[" + json + "]}",
                "{\"name\":\"n\",\"plugins\":[{\"type\":\"p\",\"ipam\":" + json + "}]}")) {
            if (!type.isEmpty() || !list.contains("ipam")) {
                assertThatThrownBy(() -> NetworkConfigList.read(JsonObject.parse("list", list)))
                        .as(list)
                        .isInstanceOf(CniException.class);
            }
        }
        assertThatThrownBy(() -> version(type)).isInstanceOf(PodnetException.Invalid.class);
        assertThat(directory.resolve("harm")).doesNotExist();
    }

    @Test
    @DisplayName("CVE-2021-20206: whatever a name is made of, what is admitted is one element of a path")
    void cve202120206Fuzzed() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "ab09._-+/\\ \n\t\0:;%$&|`'\"*?~ä…\u202e";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(6); n >= 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String name = text.toString();
            for (Check check : List.<Check>of(
                    CniNames::containerId, CniNames::networkName, CniNames::interfaceName, CniNames::pluginType)) {
                if (admits(check, name)) {
                    assertThat(name)
                            .as("seed %d", seed)
                            .doesNotContain("/", "\0", "\n")
                            .isNotIn("", ".", "..");
                    assertThat(Path.of("/x").resolve(name).normalize().getParent())
                            .hasToString("/x");
                }
            }
        }
    }

    private interface Check {
        String of(String text);
    }

    private static boolean admits(Check check, String name) {
        try {
            return check.of(name).equals(name);
        } catch (CniException refused) {
            return false;
        }
    }

    @Test
    @DisplayName("CVE-2022-27649, -24769, -27651: plugins have no inheritable and no ambient capabilities")
    void cve202227649() throws Exception {
        scripts.plugin(
                "p",
                "printf '{\"inh\":\"%s\",\"amb\":\"%s\"}' $(sed -n 's/^CapInh:\\t//p' /proc/self/status)"
                        + " $(sed -n 's/^CapAmb:\\t//p' /proc/self/status)");
        CompletableFuture<JsonObject> seen = new CompletableFuture<>();
        // Capabilities are a thread's; this one ends with its own.
        Thread careless = new Thread(() -> {
            try {
                makeInheritable(1 << NET_RAW);
                assertThat(Files.readString(Path.of("/proc/thread-self/status")))
                        .contains("CapInh:\t0000000000002000", "CapAmb:\t0000000000002000");
                seen.complete(version("p"));
            } catch (Throwable e) {
                seen.completeExceptionally(e);
            }
        });
        careless.start();
        assertThat(seen.get().text("inh")).contains("0000000000000000");
        assertThat(seen.get().text("amb")).contains("0000000000000000");
    }

    /** Public because the stub class is generated in another class loader. */
    public interface Prctl {
        int prctl(int option, long a, long b, long c, long d);
    }

    /** capset(2) and prctl(2) PR_CAP_AMBIENT_RAISE, for the calling thread. */
    private static void makeInheritable(int mask) {
        boolean arm = "aarch64".equals(System.getProperty("os.arch"));
        Libc libc = Libc.instance();
        ByteBuffer header = Libc.allocate(8);
        header.putInt(0, 0x20080522);
        ByteBuffer data = Libc.allocate(24);
        assertThat(libc.syscall(arm ? 90 : 125, libc.addressOf(header), libc.addressOf(data), 0, 0))
                .isZero();
        data.putInt(8, data.getInt(8) | mask);
        assertThat(libc.syscall(arm ? 91 : 126, libc.addressOf(header), libc.addressOf(data), 0, 0))
                .isZero();
        assertThat(LibraryLoader.create(Prctl.class).load("c").prctl(47, 2, NET_RAW, 0, 0))
                .isZero();
        Reference.reachabilityFence(header);
        Reference.reachabilityFence(data);
    }

    @Test
    @DisplayName("Files: a plugin that others may write, or whose directory they may write, is not run")
    void untrustedPlugins() throws IOException {
        Path plugin = scripts.plugin("p", "echo '{\"cniVersion\":\"1.0.0\"}'");
        assertThat(path().find("p")).isEqualTo(plugin.toRealPath());
        for (String mode : List.of("rwxrwxrwx", "rwxr-xrwx")) {
            Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> path().find("p")).isInstanceOf(PodnetException.Invalid.class);
        }
        assertThat(new PluginPath(List.of(scripts.directory()), false).find("p"))
                .isEqualTo(plugin);
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> path().find("p"))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("not executable");
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(scripts.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> path().find("p"))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("writable for others");
        Files.setPosixFilePermissions(scripts.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(plugin, "unix:uid", 65534);
        assertThatThrownBy(() -> path().find("p"))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("belongs to user 65534");
    }

    @Test
    @DisplayName("Files: a link is followed to what is run, and that is looked at")
    void untrustedPluginsBehindLinks() throws IOException {
        Scripts elsewhere = new Scripts(directory.resolve("elsewhere"));
        Path target = elsewhere.plugin("q", "");
        Files.createSymbolicLink(scripts.directory().resolve("p"), target);
        assertThat(path().find("p")).isEqualTo(target.toRealPath());
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> path().find("p")).isInstanceOf(PodnetException.Invalid.class);
        Files.delete(scripts.directory().resolve("p"));
        Files.createDirectory(scripts.directory().resolve("p"));
        assertThatThrownBy(() -> path().find("p")).isInstanceOf(PodnetException.NotFound.class);
    }

    @Test
    @DisplayName("Output: neither much of it nor deep nesting takes the host's memory or stack")
    void hostileOutput() throws IOException {
        scripts.plugin("deep", "yes '[' | tr -d '\\n' | head -c 900000");
        assertThatThrownBy(() -> version("deep")).isInstanceOf(PodnetException.PluginFailed.class);
        scripts.plugin("long", "cat /dev/zero");
        assertThatThrownBy(() -> version("long"))
                .isInstanceOf(PodnetException.PluginFailed.class)
                .hasMessageContaining("1048576 bytes");
        scripts.plugin("loud", "cat /dev/zero >&2");
        assertThatThrownBy(() -> new PluginRunner(
                                Optional.empty(), path(), PluginLimits.DEFAULT.within(Duration.ofMillis(500)))
                        .ask("loud", CniEnvironment.of(CniCommand.VERSION, List.of()), JsonObject.EMPTY))
                .isInstanceOf(PodnetException.TimedOut.class)
                .satisfies(e -> assertThat(("" + e.getMessage()).length()).isLessThan(1000));
    }
}
