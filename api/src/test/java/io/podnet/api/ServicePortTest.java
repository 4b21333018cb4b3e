package io.podnet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServicePortTest {
    private static ServicePort to(String targetPort) {
        return new ServicePort("", Protocol.TCP, 80, targetPort, OptionalInt.empty(), Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "8080", "65535", "http", "8080-tcp", "a"})
    void aTargetPortIsANumberOrAName(String targetPort) {
        assertThat(to(targetPort).targetPort()).isEqualTo(targetPort);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "99999", "100000", "080", "-1", "", "HTTP", "a-name-of-16-chr"})
    void otherTargetPortsAreRefusedBeforeAPodComes(String targetPort) {
        assertThatThrownBy(() -> to(targetPort))
                .isInstanceOf(PodnetException.Invalid.class)
                .hasMessageContaining(targetPort)
                .hasMessageContaining("targetPort");
    }
}
