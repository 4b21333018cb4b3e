package io.podnet.dns.forward;

import io.podnet.dns.upstream.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A loop whose clock is turned by hand, on the test's own thread. */
public final class VirtualLoop implements EventLoop {
    private record Entry(long at, long order, Runnable task) {}

    private final PriorityQueue<Entry> timers =
            new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private long now = 1_000_000_000_000L;
    private long order;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Timer after(long delayNanos, Runnable task) {
        Entry entry = new Entry(now + delayNanos, order++, task);
        timers.add(entry);
        return () -> timers.remove(entry);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Does what is to be done now. */
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass, timer by timer. */
    public void pass(Duration time) {
        long end = now + time.toNanos();
        run();
        for (Entry next = timers.peek(); next != null && next.at() <= end; next = timers.peek()) {
            timers.remove(next);
            now = Math.max(now, next.at());
            next.task().run();
            run();
        }
        now = end;
    }
}
