package io.podnet.netlink.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.ThreadsAtHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CVE-2025-31133, CVE-2025-52565, CVE-2025-52881: what is written to /proc ends up elsewhere, since somebody mounted
 * over it. Each attack is made in a mount namespace of its own, on a thread that is thrown away, with a network
 * namespace of its own, so that a write that gets through harms nobody.
 */
class SysctlMountAttackTest {
    private static final int CLONE_FS = 0x200;
    private static final int CLONE_NEWNS = 0x20000;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final long MS_RDONLY = 1;
    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final long MS_PRIVATE = 1 << 18;
    private static final SysctlKey TTL = SysctlKey.of("net", "ipv4", "ip_default_ttl");

    private final NamespaceThreads threads = new NamespaceThreads();

    @TempDir
    Path directory;

    @AfterEach
    void everybodyIsHome() throws IOException {
        threads.close();
        ThreadsAtHome.assertAll();
    }

    private interface Attack {
        void run(Libc libc) throws IOException;
    }

    private static void mount(Libc libc, String source, String target, String type, long flags) {
        assertThat(libc.mount(source, target, type, flags))
                .as("mount on " + target)
                .isZero();
    }

    private void writeAfter(boolean openat2, Attack attack) throws IOException {
        Supplier<Sysctls> open = openat2 ? Sysctls::open : Sysctls::openWithoutOpenat2;
        threads.callOnThrowAwayThread(() -> {
            Libc libc = Libc.instance();
            assertThat(libc.unshare(CLONE_FS | CLONE_NEWNS | CLONE_NEWNET)).isZero();
            mount(libc, "none", "/", "none", MS_REC | MS_PRIVATE);
            attack.run(libc);
            try (Sysctls inside = open.get()) {
                inside.write(TTL, "33");
            }
            return true;
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutAnAttackItWorks(boolean openat2) throws IOException {
        writeAfter(openat2, libc -> {});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileOverTheSetting(boolean openat2) throws IOException {
        Path bait = Files.writeString(directory.resolve("bait"), "untouched");
        assertThatThrownBy(() -> writeAfter(
                        openat2, libc -> mount(libc, "" + bait, "/proc/sys/net/ipv4/ip_default_ttl", "none", MS_BIND)))
                .isInstanceOf(PodnetException.Unsupported.class);
        assertThat(Files.readString(bait)).isEqualTo("untouched");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherFileOfProcOverTheSetting(boolean openat2) throws IOException {
        String before = Files.readString(Path.of("/proc/sys/kernel/core_pattern"));
        assertThatThrownBy(() -> writeAfter(
                        openat2,
                        libc -> mount(
                                libc,
                                "/proc/sys/kernel/core_pattern",
                                "/proc/sys/net/ipv4/ip_default_ttl",
                                "none",
                                MS_BIND)))
                .isInstanceOf(PodnetException.Unsupported.class);
        assertThat(Files.readString(Path.of("/proc/sys/kernel/core_pattern"))).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTmpfsOverADirectoryOfProc(boolean openat2) {
        for (String over : List.of("/proc/sys/net/ipv4", "/proc/sys/net", "/proc/sys")) {
            assertThatThrownBy(() -> writeAfter(openat2, libc -> {
                        mount(libc, "tmpfs", over, "tmpfs", 0);
                        Path fake = Path.of("/proc/sys/net/ipv4/ip_default_ttl");
                        Files.createDirectories(fake.getParent());
                        Files.createSymbolicLink(fake, Path.of("/proc/sys/kernel/core_pattern"));
                    }))
                    .as(over)
                    .isInstanceOf(PodnetException.Unsupported.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDirectoryOfTheSameProcOverAnother(boolean openat2) {
        assertThatThrownBy(() -> writeAfter(openat2, libc -> mount(libc, "/proc/sys", "/proc/sys", "none", MS_BIND)))
                .isInstanceOf(PodnetException.Unsupported.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void somethingElseThanProcOnProc(boolean openat2) {
        for (String source : List.of("" + directory, "/proc/sys", "/sys")) {
            assertThatThrownBy(() -> writeAfter(openat2, libc -> mount(libc, source, "/proc", "none", MS_BIND)))
                    .as(source)
                    .isInstanceOf(PodnetException.Unsupported.class)
                    .hasMessageContaining("/proc is not");
        }
    }

    @Test
    void aReadOnlyProcSaysSo() {
        assertThatThrownBy(() -> writeAfter(
                        true, libc -> mount(libc, "none", "/proc", "none", MS_REMOUNT | MS_BIND | MS_RDONLY)))
                .isInstanceOf(PodnetException.PermissionDenied.class)
                .hasMessageContaining("read-only");
    }
}
