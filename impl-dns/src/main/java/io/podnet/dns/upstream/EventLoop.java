package io.podnet.dns.upstream;

/**
 * One thread's world: its time, its timers and its tasks. All that the forwarder decides happens on one of these, so its
 * parts need no locks; tests turn the clock by hand.
 */
public interface EventLoop {
    /**
     * Gives the time.
     *
     * @return nanoseconds since some point, never going back
     */
    long nanos();

    /**
     * Does something later, on the loop. Only to be called there.
     *
     * @param delayNanos from now, 0 or more
     * @param task what to do
     * @return the timer
     */
    Timer after(long delayNanos, Runnable task);

    /**
     * Does something soon, on the loop. From any thread.
     *
     * @param task what to do
     */
    void execute(Runnable task);

    /** Something that happens later. */
    interface Timer {
        /** Lets it not happen. Idempotent; only to be called on the loop. */
        void cancel();
    }
}
