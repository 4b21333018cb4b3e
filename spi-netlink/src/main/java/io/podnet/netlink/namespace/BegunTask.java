package io.podnet.netlink.namespace;

/**
 * A task inside a namespace that its caller began and did not wait for yet. Safe for any thread; the one that began it
 * is woken at once, another one looks every few milliseconds.
 */
public final class BegunTask implements AutoCloseable {
    private final Hop<Boolean> hop;
    private final Runnable whileWaiting;
    private final Runnable afterwards;
    private boolean ended;

    BegunTask(Hop<Boolean> hop, Runnable whileWaiting, Runnable afterwards) {
        this.hop = hop;
        this.whileWaiting = whileWaiting;
        this.afterwards = afterwards;
    }

    /**
     * Waits for its end.
     *
     * @throws io.podnet.api.PodnetException where it failed
     */
    public synchronized void await() {
        close();
        hop.<RuntimeException>outcome();
    }

    /** Waits for its end, whatever came of it. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (!ended) {
            ended = true;
            hop.await(whileWaiting);
            afterwards.run();
        }
    }
}
