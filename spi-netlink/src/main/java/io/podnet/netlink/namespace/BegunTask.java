package io.podnet.netlink.namespace;

/** A task inside a namespace that its caller begun and did not wait for yet. For the thread that begun it alone. */
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
    public void await() {
        close();
        hop.<RuntimeException>outcome();
    }

    /** Waits for its end, whatever came of it. A second call does nothing. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            hop.await(whileWaiting);
            afterwards.run();
        }
    }
}
