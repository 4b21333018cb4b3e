package io.podnet.netlink.namespace;

import io.podnet.api.PodnetException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A few namespaces made ahead, so that whoever needs one does not wait for the kernel to make it: half a millisecond,
 * with a long tail. They have no pins, so that a crash leaves nothing; they are made only after somebody took some, and
 * given back to the kernel when nobody has for a while.
 *
 * <p>Safe for any thread.
 *
 * @param <T> what the task inside brings back
 */
public final class SpareNamespaces<T> implements AutoCloseable {
    /** How many are made ahead where nobody says otherwise: as many as there are threads to make them. */
    public static final int DEFAULT_SPARES = 2;

    private static final long IDLE_SECONDS = 5;

    private final NamespaceThreads threads;
    private final NewNamespaces wanted;
    private final NamespaceTask<T, RuntimeException> inside;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<MadeNamespaces<T>> spares = new ArrayDeque<>();
    private boolean demand;
    private boolean filling;
    private boolean closed;

    /**
     * Prepares, and makes nothing yet.
     *
     * @param threads what makes them; stays the caller's to close, after this
     * @param wanted which kinds, without pins
     * @param inside what to do in each
     * @param most how many, 0 to make each when it is asked for
     */
    public SpareNamespaces(
            NamespaceThreads threads, NewNamespaces wanted, NamespaceTask<T, RuntimeException> inside, int most) {
        if (wanted.pins().values().stream().anyMatch(Optional::isPresent)) {
            throw new IllegalArgumentException("spare namespaces have no pins");
        }
        this.threads = threads;
        this.wanted = wanted;
        this.inside = inside;
        this.most = most;
    }

    /**
     * Takes a set of namespaces, made ahead or made now.
     *
     * @return namespaces that are the caller's to close
     * @throws PodnetException where the kernel does not make them
     */
    public MadeNamespaces<T> take() {
        MadeNamespaces<T> spare;
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("these namespaces are closed");
            }
            spare = spares.pollFirst();
            demand = true;
        } finally {
            lock.unlock();
        }
        return spare != null ? spare : threads.make(wanted, inside);
    }

    /**
     * Has others made ahead in place of those that were taken. To be called when the taker has no kernel work for a while:
     * making one takes half a millisecond, a thread, a processor, and locks that links and addresses need too.
     */
    public void replenish() {
        lock.lock();
        try {
            if (closed || most == 0) {
                return;
            }
            if (!filling) {
                filling = true;
                Thread filler = new Thread(null, this::fill, "podnet-namespace-spares", 0, false);
                filler.setDaemon(true);
                filler.setContextClassLoader(null);
                filler.start();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fill() {
        try {
            while (awaitDemand()) {
                MadeNamespaces<T> made = threads.make(wanted, inside);
                lock.lock();
                try {
                    if (!closed) {
                        spares.addLast(made);
                        continue;
                    }
                } finally {
                    lock.unlock();
                }
                made.close();
            }
        } catch (PodnetException | IllegalStateException e) {
            // Whoever takes next gets the same refusal to its face, or these are closed.
            stopFilling();
        } catch (InterruptedException e) {
            stopFilling();
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for room among the spares; false ends the filler, with nothing spare, since nobody wants them. */
    private boolean awaitDemand() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && spares.size() >= most) {
                demand = false;
                if (!changed.await(IDLE_SECONDS, TimeUnit.SECONDS) && !demand) {
                    break;
                }
            }
            if (!closed && spares.size() < most) {
                return true;
            }
            filling = false;
            spares.forEach(MadeNamespaces::close);
            spares.clear();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void stopFilling() {
        lock.lock();
        try {
            filling = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            spares.forEach(MadeNamespaces::close);
            spares.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
