package io.podnet.dns.forward;

import io.podnet.dns.response.Question;
import io.podnet.dns.upstream.EventLoop.Timer;
import io.podnet.dns.upstream.UpstreamLookup;
import io.podnet.spi.telemetry.Observation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A lookup under way and all who wait for it: never two of the same question (CVE-2023-30464). On the loop only. */
final class Flight {
    private final CacheKey key;
    private final Cached before;
    private final Observation observation;
    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private @Nullable UpstreamLookup lookup;
    private @Nullable Timer staleTimer;
    private boolean staleServed;

    Flight(CacheKey key, Cached before, Observation observation) {
        this.key = key;
        this.before = before;
        this.observation = observation;
    }

    Observation observation() {
        return observation;
    }

    CacheKey key() {
        return key;
    }

    Question question() {
        return new Question(key.name(), key.type());
    }

    /** What the cache had when it began. */
    Cached before() {
        return before;
    }

    Set<Waiter> waiters() {
        return waiters;
    }

    List<Waiter> takeWaiters() {
        List<Waiter> all = new ArrayList<>(waiters);
        waiters.clear();
        return all;
    }

    void lookup(UpstreamLookup started) {
        lookup = started;
    }

    void staleTimer(Timer timer) {
        staleTimer = timer;
    }

    void staleIsServed() {
        staleServed = true;
    }

    boolean isStaleServed() {
        return staleServed;
    }

    void end() {
        if (staleTimer != null) {
            staleTimer.cancel();
        }
    }

    void cancel() {
        if (lookup != null) {
            lookup.cancel();
        }
    }
}
