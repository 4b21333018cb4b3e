package io.podnet.dns.upstream;

import java.util.concurrent.atomic.LongAdder;

/** What happened towards upstream servers since the start. Safe for any thread. */
public final class UpstreamCounters {
    private final LongAdder sent = new LongAdder();
    private final LongAdder strangers = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder streams = new LongAdder();

    /** Starts at nothing. */
    public UpstreamCounters() {}

    void countSent() {
        sent.increment();
    }

    void countStranger() {
        strangers.increment();
    }

    void countMalformed() {
        malformed.increment();
    }

    void countUnanswered() {
        unanswered.increment();
    }

    void countStream() {
        streams.increment();
    }

    /**
     * Counts queries, each try as one.
     *
     * @return sent over UDP or TCP
     */
    public long sent() {
        return sent.sum();
    }

    /**
     * Counts messages that were no response to what was asked: somebody guesses, or a server is broken.
     *
     * @return ignored messages
     */
    public long strangers() {
        return strangers.sum();
    }

    /**
     * Counts responses to what was asked that contradict themselves.
     *
     * @return ignored messages
     */
    public long malformed() {
        return malformed.sum();
    }

    /**
     * Counts tries that got nothing in time.
     *
     * @return tries
     */
    public long unanswered() {
        return unanswered.sum();
    }

    /**
     * Counts TCP connections: after a cut answer, or where somebody guessed.
     *
     * @return connections
     */
    public long streams() {
        return streams.sum();
    }
}
