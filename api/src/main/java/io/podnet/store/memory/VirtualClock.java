package io.podnet.store.memory;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** A clock that stands still until it is told to go on, for tests that wait for nothing. Safe for any thread. */
public final class VirtualClock implements HubClock {
    private record Timer(long at, long order, Runnable task) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::order));
    private long now;
    private long orders;

    /** Makes a clock. */
    public VirtualClock() {}

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized void after(Duration delay, Runnable task) {
        timers.add(new Timer(now + delay.toNanos(), orders++, task));
    }

    /**
     * Goes on, and runs on this thread what falls due, in order of time.
     *
     * @param time how far
     */
    public void advance(Duration time) {
        long until = nanoTime() + time.toNanos();
        for (Optional<Timer> due = due(until); due.isPresent(); due = due(until)) {
            due.get().task().run();
        }
        synchronized (this) {
            now = until;
        }
    }

    private synchronized Optional<Timer> due(long until) {
        Timer first = timers.peek();
        if (first == null || first.at() > until) {
            return Optional.empty();
        }
        timers.remove();
        now = Math.max(now, first.at());
        return Optional.of(first);
    }
}
