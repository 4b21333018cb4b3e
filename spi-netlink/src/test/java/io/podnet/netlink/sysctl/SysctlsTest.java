package io.podnet.netlink.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.netlink.namespace.ThreadsAtHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlsTest {
    private static final SysctlKey FORWARD = SysctlKey.of("net", "ipv4", "ip_forward");
    private static final SysctlKey DEFAULT_TTL = SysctlKey.of("net", "ipv4", "ip_default_ttl");
    private static final Path CORE_PATTERN = Path.of("/proc/sys/kernel/core_pattern");

    private final NamespaceThreads threads = new NamespaceThreads();
    private final NetworkNamespace pod = threads.makeUnpinned();
    private final NamespaceSysctls sysctls = Sysctls.in(threads, pod);

    @AfterEach
    void everybodyIsHome() throws Exception {
        pod.close();
        threads.close();
        ThreadsAtHome.assertAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writesInsideOnly(boolean openat2) throws Exception {
        String home = Files.readString(Path.of("/proc/sys/net/ipv4/ip_default_ttl"));
        Supplier<Sysctls> open = openat2 ? Sysctls::open : Sysctls::openWithoutOpenat2;
        List<SysctlChange> changes = threads.callIn(pod, () -> {
            try (Sysctls inside = open.get()) {
                return List.of(inside.write(DEFAULT_TTL, "33"), inside.write(DEFAULT_TTL, "34"));
            }
        });
        assertThat(changes.get(0).existed()).isTrue();
        assertThat(changes.get(1)).isEqualTo(new SysctlChange(DEFAULT_TTL, true, Optional.of("33")));
        assertThat(sysctls.read(DEFAULT_TTL)).contains("34");
        assertThat(Files.readString(Path.of("/proc/sys/net/ipv4/ip_default_ttl")))
                .isEqualTo(home);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatThisKernelOrNamespaceLacksIsNoError(boolean openat2) {
        SysctlKey absent = SysctlKey.ofInterface("ipv6", "conf", "nosuch0", "disable_ipv6");
        SysctlKey belowAFile = SysctlKey.of("net", "ipv4", "ip_forward", "more");
        Supplier<Sysctls> open = openat2 ? Sysctls::open : Sysctls::openWithoutOpenat2;
        threads.callIn(pod, () -> {
            try (Sysctls inside = open.get()) {
                assertThat(inside.read(absent)).isEmpty();
                assertThat(inside.write(absent, "1")).isEqualTo(new SysctlChange(absent, false, Optional.empty()));
                assertThat(inside.read(belowAFile)).isEmpty();
                return true;
            }
        });
    }

    @Test
    void anInterfaceNameWithADotIsOneName() throws Exception {
        Process added = NamespaceCommand.find()
                .entering(NamespaceKind.NET, pod.path())
                .processBuilder(
                        List.of("ip", "link", "add", "eth0.100", "type", "veth", "peer", "name", "all..forwarding"))
                .redirectErrorStream(true)
                .start();
        assertThat(added.waitFor()).isZero();
        for (String name : List.of("eth0.100", "all..forwarding")) {
            SysctlKey key = SysctlKey.ofInterface("ipv4", "conf", name, "rp_filter");
            assertThat(sysctls.write(key, "2").existed()).isTrue();
            assertThat(sysctls.read(key)).contains("2");
        }
    }

    @Test
    void settingsThatCanOnlyBeWritten() {
        SysctlKey flush = SysctlKey.of("net", "ipv4", "route", "flush");
        assertThat(sysctls.write(flush, "1")).isEqualTo(new SysctlChange(flush, true, Optional.empty()));
        assertThatThrownBy(() -> sysctls.read(flush)).isInstanceOf(PodnetException.PermissionDenied.class);
    }

    @Test
    void longAndEmptyValues() {
        SysctlKey reserved = SysctlKey.of("net", "ipv4", "ip_local_reserved_ports");
        StringBuilder ports = new StringBuilder("1024");
        for (int i = 0; i < 500; i++) {
            ports.append(',').append(1026 + 2 * i);
        }
        sysctls.write(reserved, ports.toString());
        assertThat(sysctls.read(reserved)).contains(ports.toString());
        assertThat(sysctls.write(reserved, "").previous()).contains(ports.toString());
        assertThat(sysctls.read(reserved)).contains("");
    }

    @Test
    void aRefusedValueUndoesThoseBeforeIt() {
        sysctls.write(DEFAULT_TTL, "60");
        assertThatThrownBy(() -> sysctls.writeAll(List.of(
                        new SysctlSetting(DEFAULT_TTL, "61"),
                        new SysctlSetting(FORWARD, "1"),
                        new SysctlSetting(DEFAULT_TTL, "999"))))
                .isInstanceOf(PodnetException.KernelRejected.class)
                .hasMessageContaining("ip_default_ttl")
                .hasMessageContaining("EINVAL")
                .hasNoSuppressedExceptions();
        assertThat(sysctls.read(DEFAULT_TTL)).contains("60");
        assertThat(sysctls.read(FORWARD)).contains("0");
    }

    @Test
    void closedOnesRefuseWork() {
        Sysctls closed = Sysctls.open();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.read(FORWARD)).isInstanceOf(IllegalStateException.class);
    }

    /** CVE-2022-0811: a value smuggled through a list of sysctls reached kernel.core_pattern. */
    @Test
    void cve20220811KeysAndValuesAreNeverTakenApart() throws Exception {
        String before = Files.readString(CORE_PATTERN);
        String payload = "1+kernel.core_pattern=|/var/tmp/payload #";
        assertThatThrownBy(() -> sysctls.write(FORWARD, payload)).isInstanceOf(PodnetException.class);
        for (String segment : List.of(
                "ip_forward=1+kernel.core_pattern=x", "ip_forward+kernel.core_pattern", "kernel.core_pattern")) {
            assertThat(sysctls.write(SysctlKey.of("net", "ipv4", segment), "x").existed())
                    .isFalse();
        }
        assertThat(Files.readString(CORE_PATTERN)).isEqualTo(before);
    }
}
