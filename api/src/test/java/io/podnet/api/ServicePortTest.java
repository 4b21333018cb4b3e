package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServicePortTest {
    private static ServicePort to(String targetPort) {
        return new ServicePort("web", Protocol.TCP, 80, targetPort, OptionalInt.empty(), Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "080",
                "65536",
                "99999",
                "100000",
                "9999999999",
                "-1",
                "+80",
                "a--b",
                "a-",
                "HTTP",
                "a-name-of-16-chr",
                "٨"
            })
    void refusesTargetsThatNoPodCanHave(String targetPort) {
        assertThatThrownBy(() -> to(targetPort))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining("targetPort")
                .hasMessageContaining(targetPort);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "8080", "65535", "http", "8080-tcp", "a", "80a", "a-b"})
    void takesNumbersAndNamesOfContainerPorts(String targetPort) {
        assertThat(to(targetPort).targetPort()).isEqualTo(targetPort);
    }
}
