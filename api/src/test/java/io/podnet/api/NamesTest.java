package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "a:b",
                "a b",
                "-eth0",
                "eth0\n",
                "eth%d",
                "sixteen-letters-",
                "all",
                "default"
            })
    void refusesInterfaceNamesThatTheKernelOrACommandLineWouldMisread(String name) {
        assertThatThrownBy(() -> Names.interfaceName(name)).isInstanceOf(PodnetException.Invalid.class);
    }

    @Test
    void saysHowLongAnInterfaceNameMayBe() {
        assertThatThrownBy(() -> Names.interfaceName("abcdefghijklmnop"))
                .hasMessage("interface name 'abcdefghijklmnop' has 16 characters, the kernel takes at most 15; choose a"
                        + " shorter one");
        assertThat(Names.interfaceName("abcdefghijklmno")).hasSize(15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/b", "-a", ".a", "a\u0000b", "a b"})
    void refusesIdsThatCouldBecomeAnotherPath(String id) {
        assertThatThrownBy(() -> Names.cniId("sandbox id", id)).isInstanceOf(PodnetException.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Web", "web_1", "-web", "web-", "a..b", "../etc"})
    void refusesPodNamesThatKubernetesRefuses(String name) {
        assertThatThrownBy(() -> new PodId("default", name)).isInstanceOf(PodnetException.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1k, 1000",
        "10M, 10000000",
        "1.5G, 1500000000",
        "1Gi, 1073741824",
        "1P, 1000000000000000",
        "1e6, 1000000"
    })
    void readsQuantities(String text, long bits) {
        assertThat(Bandwidth.fromAnnotations(Map.of(Bandwidth.INGRESS_ANNOTATION, text)))
                .isEqualTo(new Bandwidth(OptionalLong.of(bits), OptionalLong.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "999", "1001T", "2P", "10MB", "-5M", "1 M", "1e99", "M"})
    void refusesQuantitiesOutsideKubernetesRange(String text) {
        assertThatThrownBy(() -> Bandwidth.fromAnnotations(Map.of(Bandwidth.EGRESS_ANNOTATION, text)))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("kubernetes.io/egress-bandwidth");
    }
}
