package io.podnet.dns.forward;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What happened to clients' queries since the start. Safe for any thread. */
public final class ForwarderCounters {
    /** Something that is counted. */
    public enum Event {
        /** An answer from the cache. */
        HIT,
        /** An answer to wait for. */
        MISS,
        /** A query that waits for the same lookup as another. */
        JOINED,
        /** An answer older than its TTL. */
        STALE,
        /** A name answered here since nobody outside is to hear of it. */
        SPECIAL,
        /** A query refused: by policy, or of a client without upstream. */
        REFUSED,
        /** A query given up since too much was under way. */
        DROPPED,
        /** A lookup without answer. */
        FAILED
    }

    private final Map<Event, LongAdder> counts = new EnumMap<>(Event.class);

    ForwarderCounters() {
        for (Event event : Event.values()) {
            counts.put(event, new LongAdder());
        }
    }

    void count(Event event) {
        adder(event).increment();
    }

    /**
     * Gives a count.
     *
     * @param event what
     * @return how often
     */
    public long get(Event event) {
        return adder(event).sum();
    }

    private LongAdder adder(Event event) {
        return Objects.requireNonNull(counts.get(event), "counter");
    }
}
