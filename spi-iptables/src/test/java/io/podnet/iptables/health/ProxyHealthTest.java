package io.podnet.iptables.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpFamily;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProxyHealthTest {
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

    private Instant now = START;
    private final ProxyHealth health = new ProxyHealth(() -> now, Duration.ofSeconds(60));

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void nothingToDoIsHealthyForEver() {
        pass(100_000);
        assertThat(health.isHealthy()).isTrue();
        assertThat(health.livez()).isEqualTo(new HealthReport(true, now, now, true));
    }

    @Test
    void aChangeThatWaitsTooLong() {
        health.updated(IpFamily.IPV4);
        health.queued(IpFamily.IPV4);
        pass(30);
        // A later change does not make the oldest younger.
        health.queued(IpFamily.IPV4);
        pass(29);
        assertThat(health.isHealthy()).isTrue();
        pass(1);
        assertThat(health.isHealthy()).isFalse();
        assertThat(health.livez()).isEqualTo(new HealthReport(false, START, now, true));

        health.updated(IpFamily.IPV4);
        assertThat(health.isHealthy()).isTrue();
        assertThat(health.healthz().healthy()).isTrue();
    }

    @Test
    void eachFamilyCounts() {
        health.queued(IpFamily.IPV4);
        health.queued(IpFamily.IPV6);
        health.updated(IpFamily.IPV4);
        pass(60);
        assertThat(health.isHealthy()).isFalse();
        assertThat(health.livez().lastUpdated()).isEqualTo(Instant.EPOCH);
        health.updated(IpFamily.IPV6);
        assertThat(health.isHealthy()).isTrue();
    }

    @Test
    void aNodeOnItsWayOutIsUnhealthyButAlive() {
        health.nodeEligible(false);
        assertThat(health.healthz().healthy()).isFalse();
        assertThat(health.healthz().nodeEligible()).isFalse();
        assertThat(health.livez().healthy()).isTrue();
        assertThat(health.isHealthy()).isTrue();
        health.nodeEligible(true);
        assertThat(health.healthz().healthy()).isTrue();
    }
}
