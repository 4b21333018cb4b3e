package io.podnet.overlay.kernel;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon thread that does one task after another, each in its order; one that fails is logged. Safe for any thread. */
final class Worker implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final ScheduledThreadPoolExecutor executor;

    Worker(String name) {
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, name, 0, false);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    /**
     * Has something done for somebody who waits for it, and hears of failures himself.
     *
     * @throws RejectedExecutionException after the end
     */
    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Has something done behind what waits already; after the end nothing. */
    void soon(Runnable task) {
        after(0, task);
    }

    /** Has something done after a time; after the end nothing. */
    void after(long millis, Runnable task) {
        try {
            ScheduledFuture<?> unused = executor.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("the overlay is closed, and does nothing more");
        }
    }

    /** Has something done from time to time, for the first time after that time. */
    void regularly(Duration every, Runnable task) {
        ScheduledFuture<?> unused = executor.scheduleWithFixedDelay(
                guarded(task), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("the overlay's worker failed, and goes on");
            }
        };
    }

    /** Gives up what waits, and waits for what runs. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
