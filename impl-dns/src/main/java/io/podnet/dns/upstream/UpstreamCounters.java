package io.podnet.dns.upstream;

import java.util.concurrent.atomic.LongAdder;

/** What happened towards upstream servers since the start. Safe for any thread. */
public final class UpstreamCounters {
    private final LongAdder strangers = new LongAdder();

    /** Starts at nothing. */
    public UpstreamCounters() {}

    void countStranger() {
        strangers.increment();
    }

    /**
     * Counts messages that were no response to what was asked: somebody guesses, or a server is broken.
     *
     * @return ignored messages
     */
    public long strangers() {
        return strangers.sum();
    }
}
