package io.podnet.store.memory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Monotonic time, which decides when a session has expired. Safe for any thread. */
public interface HubClock {
    /**
     * Tells the time.
     *
     * @return nanoseconds since some moment
     */
    long nanoTime();

    /**
     * Runs something later.
     *
     * @param delay from now
     * @param task short, never waits
     */
    void after(Duration delay, Runnable task);

    /**
     * Gives the machine's clock.
     *
     * @return a clock that needs no closing
     */
    static HubClock system() {
        return new HubClock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void after(Duration delay, Runnable task) {
                CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                        .execute(task);
            }
        };
    }
}
