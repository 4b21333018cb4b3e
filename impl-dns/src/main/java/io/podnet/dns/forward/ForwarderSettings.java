package io.podnet.dns.forward;

import io.podnet.api.PodnetException;
import io.podnet.dns.upstream.Timing;
import java.time.Duration;
import java.util.Objects;

/**
 * The forwarder's bounds and times.
 *
 * @param cacheBytes memory for kept answers, at least 64 KB
 * @param slots queries under way at once, at least 1
 * @param slotsPerPod queries of one pod under way at once, 1 to {@code slots}
 * @param dropPolicy what gives way where there is no slot
 * @param timing how long servers are waited for
 * @param staleAfter after this a client gets an old answer while servers are still asked (RFC 8767 section 5)
 * @param maxStale how long after its TTL an answer can still be used so; zero for never
 * @param loopProbes whether each upstream server is probed for loops
 * @param searchCompletion whether search lists are completed here
 */
public record ForwarderSettings(
        long cacheBytes,
        int slots,
        int slotsPerPod,
        DropPolicy dropPolicy,
        Timing timing,
        Duration staleAfter,
        Duration maxStale,
        boolean loopProbes,
        boolean searchCompletion) {
    /** 16 MB, 1 024 slots, 64 of a pod, newest dropped, stale after 1.8 s for up to a day, probes and completion on. */
    public static final ForwarderSettings DEFAULT = new ForwarderSettings(
            16L << 20,
            1_024,
            64,
            DropPolicy.NEWEST,
            Timing.DEFAULT,
            Duration.ofMillis(1_800),
            Duration.ofDays(1),
            true,
            true);

    public ForwarderSettings {
        Objects.requireNonNull(dropPolicy, "dropPolicy");
        Objects.requireNonNull(timing, "timing");
        if (cacheBytes < 64 << 10) {
            throw new PodnetException.Invalid("a DNS cache of " + cacheBytes + " bytes is below 65536");
        }
        if (slots < 1 || slotsPerPod < 1 || slotsPerPod > slots) {
            throw new PodnetException.Invalid(slots + " forwarding slots with " + slotsPerPod
                    + " of a pod: both are at least 1, a pod's at most all");
        }
        if (staleAfter.isNegative() || maxStale.isNegative()) {
            throw new PodnetException.Invalid("times of stale answers must not be negative");
        }
    }
}
