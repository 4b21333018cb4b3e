package io.podnet.iptables;

import java.time.Duration;

/**
 * When the next write may begin: a bucket of two, which gains one each minimum period, as kube-proxy's sync runner; after
 * each write a rest as long as the write, so that many services do not take a whole processor where kube-proxy's longer
 * period would not; and after failures a wait that doubles up to the sync period. For one thread at a time.
 */
final class Pacing {
    private static final int BURST = 2;
    // kube-proxy's minSyncPeriod: beyond, nobody is better off with a longer wait.
    private static final long LONGEST_REST = Duration.ofSeconds(1).toNanos();

    private final long period;
    private final long longestWait;
    private double tokens = BURST;
    private long filled;
    private long begun;
    private long wait;
    private long notBefore;

    Pacing(Duration minimum, Duration longestRetry, long now) {
        this.period = minimum.toNanos();
        this.longestWait = longestRetry.toNanos();
        this.filled = now;
        this.notBefore = now;
    }

    /** Nanoseconds until a write may begin; 0 or less for now. */
    long nanosUntilNext(long now) {
        fill(now);
        long forToken = tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) * period);
        return Math.max(forToken, notBefore - now);
    }

    private void fill(long now) {
        tokens = period == 0 ? BURST : Math.min(BURST, tokens + (now - filled) / (double) period);
        filled = now;
    }

    void begun(long now) {
        fill(now);
        tokens--;
        begun = now;
    }

    void succeeded(long now) {
        wait = 0;
        notBefore = period == 0 ? now : now + Math.min(LONGEST_REST, now - begun);
    }

    void failed(long now) {
        wait = wait == 0 ? Math.min(longestWait, Duration.ofSeconds(1).toNanos()) : Math.min(longestWait, 2 * wait);
        notBefore = now + wait;
    }
}
