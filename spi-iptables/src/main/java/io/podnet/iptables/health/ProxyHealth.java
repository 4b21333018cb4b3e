package io.podnet.iptables.health;

import io.podnet.api.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Says whether the proxy keeps up: unhealthy while a change of either family waits for the kernel longer than it may
 * (kubernetes/kubernetes pkg/proxy/healthcheck/proxier_health.go). One that has nothing to do yet is healthy. Safe for any
 * thread.
 */
public final class ProxyHealth {
    private final InstantSource clock;
    private final Duration patience;
    private final Map<IpFamily, Instant> oldestQueued = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, Instant> lastUpdated = new EnumMap<>(IpFamily.class);
    private boolean nodeEligible = true;

    /**
     * Starts healthy.
     *
     * @param clock tells the time
     * @param patience how long a change may wait; kube-proxy takes twice its sync period, 60 s
     */
    public ProxyHealth(InstantSource clock, Duration patience) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.patience = Objects.requireNonNull(patience, "patience");
    }

    /**
     * A change was taken and waits for the kernel.
     *
     * @param family its family
     */
    public synchronized void queued(IpFamily family) {
        oldestQueued.putIfAbsent(family, clock.instant());
    }

    /**
     * The kernel acknowledged all that waited.
     *
     * @param family whose
     */
    public synchronized void updated(IpFamily family) {
        oldestQueued.remove(family);
        lastUpdated.put(family, clock.instant());
    }

    /**
     * Takes the node out of load balancing, or back in: a node that is being deleted, or that Kubernetes' autoscaler marked
     * with the taint ToBeDeletedByClusterAutoscaler (KEP-3836).
     *
     * @param eligible false to take it out
     */
    public synchronized void nodeEligible(boolean eligible) {
        nodeEligible = eligible;
    }

    /**
     * Tells whether the proxy keeps up, whatever becomes of the node.
     *
     * @return false while a change waits too long
     */
    public synchronized boolean isHealthy() {
        return overdue(clock.instant()).isEmpty();
    }

    /**
     * Answers load balancers that ask for the node.
     *
     * @return the report; unhealthy too where the node is not eligible
     */
    public synchronized HealthReport healthz() {
        HealthReport live = livez();
        return new HealthReport(
                live.healthy() && nodeEligible, live.lastUpdated(), live.currentTime(), live.nodeEligible());
    }

    /**
     * Answers who would start the proxy anew; that helps no node on its way out, so eligibility does not count.
     *
     * @return the report
     */
    public synchronized HealthReport livez() {
        Instant now = clock.instant();
        Optional<IpFamily> overdue = overdue(now);
        Instant updated = overdue.map(family -> lastUpdated.getOrDefault(family, Instant.EPOCH))
                .orElse(now);
        return new HealthReport(overdue.isEmpty(), updated, now, nodeEligible);
    }

    private Optional<IpFamily> overdue(Instant now) {
        return oldestQueued.entrySet().stream()
                .filter(entry -> Duration.between(entry.getValue(), now).compareTo(patience) >= 0)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
