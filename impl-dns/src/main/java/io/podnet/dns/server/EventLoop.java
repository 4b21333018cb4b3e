package io.podnet.dns.server;

import io.podnet.api.PodnetException;
import io.podnet.netlink.libc.Libc;
import io.podnet.netlink.libc.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that serves many sockets: of pods, of the node, and their connections. Sockets are level-triggered, so that
 * each gets one batch a turn and none starves the others.
 */
final class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int EFD_FLAGS = 0x80800;
    private static final int TICK_MILLIS = 250;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_HANDLERS = 1 << 16;

    private final Libc libc = Libc.instance();
    private final Epoll epoll = new Epoll();
    private final AtomicReferenceArray<@Nullable Handler> handlers = new AtomicReferenceArray<>(MOST_HANDLERS);
    private final List<Integer> free = new ArrayList<>();
    private final List<Integer> given = new ArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Runnable> ticks = new ArrayList<>();
    private final ByteBuffer counter = Libc.allocate(8);
    private final int wakeUp;
    private final Thread thread;
    private int unused = 1;
    private int ticking;
    private long lastComplaint;
    private boolean busy;
    private volatile boolean closed;

    EventLoop(String name) {
        wakeUp = libc.eventfd(0, EFD_FLAGS);
        if (wakeUp < 0) {
            epoll.close();
            throw Refusal.of("eventfd", "the name server's event loop", wakeUp);
        }
        epoll.add(wakeUp, Epoll.IN, 0);
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        lastComplaint = System.nanoTime() - QUIET_NANOS;
        thread.start();
    }

    /** Begins to watch a descriptor; any thread. */
    long add(int fd, int interest, Handler handler) {
        int token = take();
        handlers.set(token, handler);
        try {
            epoll.add(fd, interest, token);
        } catch (PodnetException e) {
            give(token);
            throw e;
        }
        return token;
    }

    private int take() {
        synchronized (free) {
            if (!free.isEmpty()) {
                return free.remove(free.size() - 1);
            }
            if (unused == MOST_HANDLERS) {
                throw new PodnetException.LimitReached(
                        "an event loop of the name server has " + MOST_HANDLERS + " sockets; give it more threads");
            }
            return unused++;
        }
    }

    private void give(int token) {
        handlers.set(token, null);
        synchronized (free) {
            free.add(token);
        }
    }

    void interest(int fd, int interest, long token) {
        epoll.change(fd, interest, token);
    }

    /**
     * Ends watching and closes the descriptor; the loop's thread only. An event of it may be among those that were waited
     * for together, so that its token is nobody else's before they are all handled.
     */
    void remove(int fd, long token) {
        libc.close(fd);
        handlers.set((int) token, null);
        given.add((int) token);
    }

    private void giveBack() {
        if (!given.isEmpty()) {
            synchronized (free) {
                free.addAll(given);
            }
            given.clear();
        }
    }

    /** Has something done on the loop's thread, soon. */
    void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    /** Has something done on the loop's thread, and waits for it a bounded time. */
    void executeAndWait(Runnable task) {
        if (Thread.currentThread() == thread || !thread.isAlive()) {
            task.run();
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        execute(() -> {
            try {
                task.run();
            } finally {
                done.countDown();
            }
        });
        try {
            if (!done.await(5, TimeUnit.SECONDS)) {
                throw new PodnetException.TimedOut("the name server's event loop did not answer within 5 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has something done each quarter of a second while anybody needs the clock; the loop's thread only. */
    void onTick(Runnable tick) {
        ticks.add(tick);
    }

    /** Starts or stops the clock, by how many need it more or less; the loop's thread only. */
    void needClock(int more) {
        ticking += more;
    }

    /** Tells whether the last wait was none: there is more work than time, so batches form. */
    boolean busy() {
        return busy;
    }

    private void wake() {
        ByteBuffer one = Libc.allocate(8);
        one.putLong(0, 1);
        try {
            libc.write(wakeUp, libc.addressOf(one), 8);
        } finally {
            java.lang.ref.Reference.reachabilityFence(one);
        }
    }

    private void run() {
        long lastTick = System.nanoTime();
        while (!closed) {
            int ready = epoll.await(0);
            busy = ready > 0;
            if (!busy) {
                ready = epoll.await(ticking > 0 ? TICK_MILLIS : -1);
            }
            for (int i = 0; i < ready; i++) {
                dispatch(epoll.token(i), epoll.happened(i));
            }
            giveBack();
            if (ticking > 0 && System.nanoTime() - lastTick >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                lastTick = System.nanoTime();
                for (int i = 0; i < ticks.size(); i++) {
                    guarded(ticks.get(i));
                }
            }
        }
        for (int i = 1; i < unused; i++) {
            Handler handler = handlers.get(i);
            if (handler != null) {
                handler.close();
            }
        }
        runTasks();
    }

    private void dispatch(long token, int events) {
        if (token == 0) {
            libc.read(wakeUp, libc.addressOf(counter), 8);
            runTasks();
            return;
        }
        Handler handler = handlers.get((int) token);
        if (handler == null) {
            return;
        }
        try {
            handler.ready(events);
        } catch (RuntimeException e) {
            complain(e);
        }
    }

    private void runTasks() {
        Runnable task = tasks.poll();
        while (task != null) {
            guarded(task);
            task = tasks.poll();
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            complain(e);
        }
    }

    /** One log line in ten seconds: a client must not be able to fill the log. */
    private void complain(RuntimeException e) {
        long now = System.nanoTime();
        if (now - lastComplaint >= QUIET_NANOS) {
            lastComplaint = now;
            LOG.warn("a query could not be handled; the server goes on", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            libc.close(wakeUp);
            epoll.close();
        }
    }
}
