package io.podnet.dns.upstream;

import java.time.Duration;

/**
 * How long an upstream server is waited for.
 *
 * @param firstTry after this a second server is asked besides, and so on
 * @param deadline after this a lookup has failed; below a client's own five seconds (resolv.conf(5), {@code timeout})
 * @param firstProbe after this a server that went down is probed, then after twice as long and so on
 * @param lastProbe the longest time between two probes
 */
public record Timing(Duration firstTry, Duration deadline, Duration firstProbe, Duration lastProbe) {
    /** 1 s, 4.5 s, 0.5 s, 10 s. */
    public static final Timing DEFAULT =
            new Timing(Duration.ofSeconds(1), Duration.ofMillis(4_500), Duration.ofMillis(500), Duration.ofSeconds(10));

    public Timing {
        for (Duration duration : new Duration[] {firstTry, deadline, firstProbe, lastProbe}) {
            if (duration.isNegative() || duration.isZero() || duration.compareTo(Duration.ofHours(1)) > 0) {
                throw new io.podnet.api.PodnetException.Invalid(
                        "a wait for upstream servers of " + duration + " is not in 1 ns..1 h");
            }
        }
    }
}
