package io.podnet.iptables.health;

import java.time.Instant;
import java.util.Objects;

/**
 * What kube-proxy's /healthz and /livez answer.
 *
 * @param healthy whether to answer 200 rather than 503
 * @param lastUpdated when the kernel had what was asked for, as far as known; the present time while healthy
 * @param currentTime when this was asked
 * @param nodeEligible whether load balancers should still choose this node
 */
public record HealthReport(boolean healthy, Instant lastUpdated, Instant currentTime, boolean nodeEligible) {
    public HealthReport {
        Objects.requireNonNull(lastUpdated, "lastUpdated");
        Objects.requireNonNull(currentTime, "currentTime");
    }
}
