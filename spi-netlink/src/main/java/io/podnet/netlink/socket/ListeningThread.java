package io.podnet.netlink.socket;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon thread that hears a subscription's events and tells them, until it is closed. Where it cannot hear, or the listener
 * fails, it pauses and listens again, and tells an overrun, since nobody knows what went by. Safe for any thread.
 */
public final class ListeningThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningThread.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration END = Duration.ofSeconds(5);

    private final NetlinkEvents events;
    private final NetlinkEvents.Listener listener;
    private final Supplier<Duration> beforeWait;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private ListeningThread(
            String name, NetlinkEvents events, NetlinkEvents.Listener listener, Supplier<Duration> beforeWait) {
        this.events = events;
        this.listener = listener;
        this.beforeWait = beforeWait;
        this.thread = new Thread(null, this::run, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
    }

    /**
     * Begins to listen.
     *
     * @param name the thread's name
     * @param events what to hear; closed with this
     * @param listener is told, on the thread
     * @return to be closed, by another thread
     */
    public static ListeningThread start(String name, NetlinkEvents events, NetlinkEvents.Listener listener) {
        return start(name, events, listener, () -> PATIENCE);
    }

    /**
     * Begins to listen, and does something on the thread between one wait and the next.
     *
     * @param name the thread's name
     * @param events what to hear; closed with this
     * @param listener is told, on the thread
     * @param beforeWait runs on the thread before each wait, the first too, whether something came or not; gives how long that
     *     may last, at most 24 days
     * @return to be closed, by another thread
     */
    public static ListeningThread start(
            String name, NetlinkEvents events, NetlinkEvents.Listener listener, Supplier<Duration> beforeWait) {
        ListeningThread started = new ListeningThread(name, events, listener, beforeWait);
        started.thread.start();
        return started;
    }

    private void run() {
        try {
            listen();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() throws InterruptedException {
        boolean missed = false;
        boolean open = true;
        while (open) {
            try {
                if (missed) {
                    missed = false;
                    listener.overrun();
                }
                open = events.await(listener, beforeWait.get());
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("thread", thread.getName())
                        .log("changes in the kernel could not be heard; soon everything counts as changed");
                missed = true;
                open = !closing.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Closes the subscription and waits until the thread ends, for at most 5 seconds. A second call does nothing more. */
    @Override
    public void close() {
        closing.countDown();
        events.close();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
