package io.podnet.examples.container;

import java.time.Duration;

/**
 * How long a container that keeps ending waits for its next start: at once, then 10 s, doubled up to 5 minutes; one that
 * ran for 10 minutes begins anew. Source: Kubernetes {@code pkg/kubelet/kubelet.go} (MaxContainerBackOff) and {@code
 * client-go/util/flowcontrol/backoff.go}.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration HEALTHY = LONGEST.multipliedBy(2);

    private Backoff() {}

    /** The delay after so many early ends in a row; 0 for the first. */
    static Duration delay(int streak) {
        if (streak <= 0) {
            return Duration.ZERO;
        }
        Duration delay = FIRST.multipliedBy(1L << Math.min(streak - 1, 10));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    static boolean wasHealthy(Duration ran) {
        return ran.compareTo(HEALTHY) >= 0;
    }
}
