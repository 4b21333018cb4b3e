package io.podnet.netlink.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.PodnetException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlKeyTest {
    @Test
    void theFirstSeparatorDecides() {
        assertThat(SysctlKey.parse("net.ipv4.ip_forward")).isEqualTo(SysctlKey.of("net", "ipv4", "ip_forward"));
        assertThat(SysctlKey.parse("net/ipv4/conf/eth0.100/forwarding"))
                .isEqualTo(SysctlKey.ofInterface("ipv4", "conf", "eth0.100", "forwarding"))
                .hasToString("net/ipv4/conf/eth0.100/forwarding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "net",
                "net.",
                "net..ip_forward",
                "kernel.core_pattern",
                "kernel/core_pattern",
                "net/../kernel/core_pattern",
                "net/./ipv4/ip_forward",
                "/net/ipv4/ip_forward",
                "net/ipv4/ip_forward\n",
                "net/ipv4/ip forward",
                "net/ipv4/\0",
                "vm.overcommit_memory",
                "net.ipv4.ip_forward=1 kernel.core_pattern"
            })
    void refuses(String text) {
        assertThatThrownBy(() -> SysctlKey.parse(text)).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void segmentsAreNeverSplitFurther() {
        for (String segment : List.of("a/b", "..", ".", "", "a\nb", "ä", "a b")) {
            assertThatThrownBy(() -> SysctlKey.of("net", segment)).isInstanceOf(PodnetException.Invalid.class);
        }
        assertThatThrownBy(() -> SysctlKey.of("net", "x".repeat(600))).isInstanceOf(PodnetException.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\n0", "1\0", "ä"})
    void valuesAreOneLine(String value) {
        SysctlKey key = SysctlKey.of("net", "ipv4", "ip_forward");
        assertThatThrownBy(() -> new SysctlSetting(key, value)).isInstanceOf(PodnetException.Invalid.class);
        assertThatThrownBy(() -> new SysctlSetting(key, "1".repeat(5000))).isInstanceOf(PodnetException.Invalid.class);
    }
}
