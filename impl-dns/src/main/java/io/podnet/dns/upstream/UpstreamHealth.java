package io.podnet.dns.upstream;

/**
 * How a server does, as all pods' queries found. Two failures in a row take it down, any valid answer brings it up. Only
 * changed on the {@link EventLoop}; the state may be read from anywhere.
 */
public final class UpstreamHealth {
    private static final int FAILURES_TO_DOWN = 2;
    private static final long MOST_RTT = 4_000_000_000L;

    private final UpstreamSockets sockets;
    private final Upstream upstream;
    private final Runnable whenDown;
    private volatile State state = State.UP;
    private long smoothedRttNanos;
    private int failures;

    /** What a server is good for. */
    public enum State {
        /** It answers, as far as we know. */
        UP,
        /** It does not answer; it is probed, and asked only where nobody else is there. */
        DOWN,
        /** It sends our queries back to us; it is probed, and not asked. */
        LOOP
    }

    UpstreamHealth(UpstreamSockets sockets, Upstream upstream, java.util.function.Consumer<UpstreamHealth> whenDown) {
        this.sockets = sockets;
        this.upstream = upstream;
        this.whenDown = () -> whenDown.accept(this);
    }

    /**
     * Gives the server.
     *
     * @return the server
     */
    public Upstream upstream() {
        return upstream;
    }

    UpstreamSockets sockets() {
        return sockets;
    }

    /**
     * Gives the state.
     *
     * @return what the server is good for
     */
    public State state() {
        return state;
    }

    long smoothedRttNanos() {
        return smoothedRttNanos;
    }

    void forgetALittle() {
        smoothedRttNanos -= smoothedRttNanos >> 6;
    }

    void answered(long rttNanos) {
        smoothedRttNanos =
                smoothedRttNanos == 0 ? rttNanos : smoothedRttNanos - (smoothedRttNanos >> 3) + (rttNanos >> 3);
        failures = 0;
        if (state == State.DOWN) {
            state = State.UP;
        }
    }

    void failed() {
        smoothedRttNanos = Math.min(MOST_RTT, Math.max(2 * smoothedRttNanos, 100_000_000L));
        failures++;
        if (failures >= FAILURES_TO_DOWN && state == State.UP) {
            state = State.DOWN;
            whenDown.run();
        }
    }

    void looping(boolean loop) {
        if (loop && state != State.LOOP) {
            state = State.LOOP;
            whenDown.run();
        } else if (!loop && state == State.LOOP) {
            state = State.UP;
            failures = 0;
        }
    }

    @Override
    public String toString() {
        return upstream + " " + state;
    }
}
