package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.api.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Kubernetes' test/e2e/network/service_latency.go, with its bounds, and up to the first answer. */
@ParameterizedClass
@EnumSource(Configuration.class)
class ServiceLatencyTest {
    private static final int SERVICES = 100;
    private static final Duration MEDIAN = Duration.ofSeconds(20);
    private static final Duration TAIL = Duration.ofSeconds(50);

    @RegisterExtension
    final Scene scene;

    ServiceLatencyTest(Configuration configuration) {
        scene = new Scene(configuration);
    }

    private record Begun(IpAddress clusterIp, long nanos) {}

    @Test
    @DisplayName("Service endpoints latency should not be very high")
    void latency() throws Exception {
        TestPod server = scene.server("svc-latency", "svc-latency", scene.a());
        TestPod client = scene.pod("client", scene.a());
        List<Begun> begun = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            long now = System.nanoTime();
            Service service = scene.applyOnly(scene.service("latency-svc-" + i)
                    .selector("app", "svc-latency")
                    .build());
            begun.add(new Begun(scene.clusterIp(service), now));
        }
        List<Duration> latencies = new ArrayList<>();
        for (Begun service : begun) {
            Scene.eventually(
                    "an answer at " + service.clusterIp(),
                    () -> client.client()
                            .briefly(Protocol.TCP, service.clusterIp(), Scene.PORT)
                            .server()
                            .equals(server.name()));
            latencies.add(Duration.ofNanos(System.nanoTime() - service.nanos()));
        }
        latencies.sort(null);
        assertThat(latencies.get(SERVICES / 2)).as("median").isLessThanOrEqualTo(MEDIAN);
        assertThat(latencies.get(SERVICES * 9 / 10)).as("90th percentile").isLessThanOrEqualTo(TAIL);
    }
}
