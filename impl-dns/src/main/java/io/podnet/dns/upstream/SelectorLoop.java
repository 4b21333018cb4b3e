package io.podnet.dns.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An {@link EventLoop} on a thread of its own that waits for sockets. */
public final class SelectorLoop implements EventLoop, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SelectorLoop.class);
    private static final long CLOSE_MILLIS = 5_000;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Entry> timers = new PriorityQueue<>();
    private final Selector selector;
    private final Thread thread;
    private long sequence;
    private volatile boolean closed;

    private final class Entry implements Timer, Comparable<Entry> {
        private final long at;
        private final long order = sequence++;
        private final Runnable task;

        Entry(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }

        @Override
        public void cancel() {
            timers.remove(this);
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at - other.at, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /**
     * Starts the thread.
     *
     * @param name the thread's name
     */
    public SelectorLoop(String name) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector", e);
        }
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Timer after(long delayNanos, Runnable task) {
        Entry entry = new Entry(nanos() + delayNanos, task);
        timers.add(entry);
        return entry;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /** Registers a channel whose key runs {@code ready} each time that something can be done. On the loop only. */
    SelectionKey register(SelectableChannel channel, int operations, Runnable ready) throws IOException {
        return channel.register(selector, operations, ready);
    }

    private void run() {
        while (!closed) {
            try {
                select();
            } catch (IOException e) {
                LOG.error("the forwarder cannot wait for its sockets any more; other names are not resolved", e);
                return;
            }
            for (SelectionKey key : selector.selectedKeys()) {
                guarded((Runnable) key.attachment());
            }
            selector.selectedKeys().clear();
            for (Entry due = timers.peek(); due != null && due.at - nanos() <= 0; due = timers.peek()) {
                timers.remove(due);
                guarded(due.task);
            }
            // Tasks that tasks add wait for the next round, so that sockets get their turn.
            for (int left = tasks.size(); left > 0; left--) {
                Runnable task = tasks.poll();
                if (task != null) {
                    guarded(task);
                }
            }
        }
    }

    private void select() throws IOException {
        if (!tasks.isEmpty()) {
            selector.selectNow();
            return;
        }
        Entry next = timers.peek();
        if (next == null) {
            selector.select();
            return;
        }
        long nanos = next.at - nanos();
        if (nanos <= 0) {
            selector.selectNow();
        } else {
            selector.select(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        }
    }

    /** One query's fault must not end the thread that all others need. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | AssertionError e) {
            LOG.error("a forwarded query failed for a reason of our own", e);
        }
    }

    /** Ends the thread. What has not begun does not happen. Idempotent; not from the loop itself. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.isOpen() ? selector.keys() : java.util.Set.<SelectionKey>of()) {
            Channels.close(key.channel());
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("a selector did not close: {}", e.toString());
        }
    }
}
