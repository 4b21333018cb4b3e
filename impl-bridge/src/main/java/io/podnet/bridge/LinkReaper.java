package io.podnet.bridge;

import io.podnet.api.PodnetException;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.Links;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees links that were torn down. Deleting one link waits for a grace period of some 17 ms, deleting a whole group
 * waits once: so teardown only puts links into the dead group, and this thread deletes the group now and then. What a
 * crash leaves in the group goes with the next deletion.
 */
final class LinkReaper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkReaper.class);
    // Long enough for the kernel to free most pods' links itself, with their namespaces, and for a batch to form.
    private static final long GATHER_MILLIS = 25;

    private final Links links;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private boolean pending;
    private boolean closed;

    LinkReaper(Links links) {
        this.links = links;
        this.thread = new Thread(null, this::run, "podnet-link-reaper", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** Says that links were put into the dead group. */
    void wake() {
        lock.lock();
        try {
            pending = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
                reap();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !pending) {
                changed.await();
            }
            pending = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void reap() {
        try {
            links.deleteGroup(LinkNames.GROUP_DEAD);
        } catch (PodnetException e) {
            LOG.warn("links that were torn down could not be freed, the next teardown tries again: {}", e.toString());
        }
    }

    /** Waits until no link is in the dead group. */
    void quiesce(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            links.deleteGroup(LinkNames.GROUP_DEAD);
            long left = links.list().stream()
                    .filter(link -> link.group() == LinkNames.GROUP_DEAD)
                    .map(Link::name)
                    .count();
            if (left == 0) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new PodnetException.TimedOut(
                        left + " links that were torn down are still there after " + timeout);
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
