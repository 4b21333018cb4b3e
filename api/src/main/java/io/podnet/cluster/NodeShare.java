package io.podnet.cluster;

import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.ServiceChanges.SliceId;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreSession;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What a node has for the others: the slices of its pods, and the pods' addresses. It is told what shall be in the store, and a
 * thread of its own writes the difference, however long the store is away; whoever tells never waits. Entries go with the node's
 * session. Safe for any thread.
 */
public final class NodeShare implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeShare.class);
    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long LONGEST_DELAY_MILLIS = 5_000;
    private static final int TRIES = 100;

    private final ClusterStore store;
    private final NodeSession session;
    private final Map<StoreKey, String> wanted = new HashMap<>();
    private final Set<StoreKey> due = new LinkedHashSet<>();
    // Of this node's entries, as far as they are known.
    private final Map<StoreKey, Long> revisions = new ConcurrentHashMap<>();
    private Optional<StoreSession> bound = Optional.empty();
    private Optional<Thread> writer = Optional.empty();
    private boolean idle = true;
    private boolean closed;

    /**
     * Makes one that writes nothing before {@link #start}.
     *
     * @param store the store
     * @param session the node's
     */
    public NodeShare(ClusterStore store, NodeSession session) {
        this.store = store;
        this.session = session;
    }

    /**
     * Shares a slice, new or changed.
     *
     * @param slice a slice of this node's pods
     */
    public void put(EndpointSlice slice) {
        want(
                ClusterKeys.endpoints(session.node(), new SliceId(slice.service(), slice.name())),
                Optional.of(SliceText.write(slice, session.node())));
    }

    /**
     * Takes a slice back.
     *
     * @param slice the slice
     */
    public void remove(SliceId slice) {
        want(ClusterKeys.endpoints(session.node(), slice), Optional.empty());
    }

    /**
     * Shares a pod, new or changed.
     *
     * @param pod the pod
     * @param ips its addresses
     */
    public void put(PodId pod, List<IpAddress> ips) {
        want(ClusterKeys.pod(session.node(), pod), Optional.of(PodText.write(pod, ips)));
    }

    /**
     * Takes a pod back.
     *
     * @param pod the pod
     */
    public void remove(PodId pod) {
        want(ClusterKeys.pod(session.node(), pod), Optional.empty());
    }

    private synchronized void want(StoreKey key, Optional<String> text) {
        boolean same = Optional.ofNullable(wanted.get(key)).equals(text);
        text.ifPresentOrElse(present -> wanted.put(key, present), () -> wanted.remove(key));
        if (!same && due.add(key)) {
            notifyAll();
        }
    }

    /**
     * Is told what the store has, or has no more, of this node: what somebody else changed is put right.
     *
     * @param change a change of an entry of this node
     */
    void seen(Change change) {
        Optional<String> there =
                change instanceof Change.Put put ? Optional.of(put.entry().value()) : Optional.empty();
        synchronized (this) {
            // What comes late of this node's own writes is older than, or the same as, the last of them.
            if (change.revision() > revisions.getOrDefault(change.key(), 0L)
                    && !there.equals(Optional.ofNullable(wanted.get(change.key())))
                    && due.add(change.key())) {
                notifyAll();
            }
        }
    }

    /** Begins to write. What an earlier process of the node left and nobody wants goes. Idempotent. */
    public synchronized void start() {
        if (writer.isEmpty() && !closed) {
            Thread thread = new Thread(this::write, "podnet-share-" + session.node());
            thread.setDaemon(true);
            writer = Optional.of(thread);
            thread.start();
        }
    }

    private void write() {
        long delay = FIRST_DELAY_MILLIS;
        boolean listed = false;
        while (true) {
            try {
                if (!listed) {
                    listOwn();
                    listed = true;
                }
                Set<StoreKey> batch = next();
                if (batch.isEmpty()) {
                    return;
                }
                writeAll(batch);
                delay = FIRST_DELAY_MILLIS;
            } catch (PodnetException e) {
                LOG.atLevel(delay == FIRST_DELAY_MILLIS ? Level.WARN : Level.DEBUG)
                        .addKeyValue("node", session.node())
                        .log("pods are not told to the cluster yet: {}", e.getMessage());
                if (!rest(delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1))) {
                    return;
                }
                delay = Math.min(LONGEST_DELAY_MILLIS, delay * 2);
            }
        }
    }

    private void listOwn() {
        for (StoreKey parent : List.of(ClusterKeys.ENDPOINTS, ClusterKeys.PODS)) {
            for (Entry entry : store.list(parent.child(session.node())).entries()) {
                revisions.put(entry.key(), entry.revision());
                synchronized (this) {
                    due.add(entry.key());
                }
            }
        }
    }

    /** Waits for something to do; empty at the end. */
    private synchronized Set<StoreKey> next() {
        while (due.isEmpty() && !closed) {
            idle = true;
            notifyAll();
            if (!pause(0)) {
                return Set.of();
            }
        }
        idle = false;
        return closed ? Set.of() : new LinkedHashSet<>(due);
    }

    private synchronized boolean rest(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0 && !closed; left = (end - System.nanoTime()) / 1_000_000) {
            if (!pause(left)) {
                return false;
            }
        }
        return !closed;
    }

    /** The callers loop. */
    @SuppressWarnings("WaitNotInLoop")
    private boolean pause(long millis) {
        try {
            wait(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void writeAll(Set<StoreKey> batch) {
        StoreSession current = session.get();
        if (!bound.equals(Optional.of(current))) {
            // What is bound to the former one goes with it.
            synchronized (this) {
                due.addAll(wanted.keySet());
            }
            bound = Optional.of(current);
        }
        for (StoreKey key : batch) {
            Optional<String> text;
            synchronized (this) {
                due.remove(key);
                text = Optional.ofNullable(wanted.get(key));
            }
            boolean done = false;
            try {
                done = writeOne(key, text, current);
            } catch (PodnetException.Invalid e) {
                // Trying again would not help, and the others must not wait for it.
                LOG.atError()
                        .addKeyValue("node", session.node())
                        .addKeyValue("key", key)
                        .log("an entry of the cluster's store stays as it was: {}", e.getMessage());
                done = true;
            } finally {
                if (!done) {
                    synchronized (this) {
                        due.add(key);
                    }
                }
            }
        }
    }

    private boolean writeOne(StoreKey key, Optional<String> text, StoreSession current) {
        for (int i = 0; i < TRIES; i++) {
            Expect expect = new Expect(revisions.getOrDefault(key, 0L));
            if (text.isEmpty() && expect.equals(Expect.ABSENT)) {
                return true;
            }
            WriteResult result =
                    text.isPresent() ? store.put(key, text.get(), expect, current) : store.delete(key, expect);
            if (result instanceof WriteResult.Applied applied) {
                if (text.isPresent()) {
                    revisions.put(key, applied.revision());
                } else {
                    revisions.remove(key);
                }
                return true;
            }
            if (!(result instanceof WriteResult.Refused refused)) {
                return false;
            }
            refused.current()
                    .ifPresentOrElse(there -> revisions.put(key, there.revision()), () -> revisions.remove(key));
        }
        throw new PodnetException.TimedOut("store entry " + key + " changed " + TRIES + " times while it was written");
    }

    /** Takes everything of this node back, at once where the store answers. */
    public void clear() {
        synchronized (this) {
            due.addAll(wanted.keySet());
            wanted.clear();
            notifyAll();
            long end = System.nanoTime() + LONGEST_DELAY_MILLIS * 1_000_000;
            while (writer.isPresent() && !(due.isEmpty() && idle) && !closed && end - System.nanoTime() > 0) {
                if (!pause(FIRST_DELAY_MILLIS)) {
                    break;
                }
            }
        }
    }

    /** Ends writing. What is written stays as long as the session. Idempotent. */
    @Override
    public void close() {
        Optional<Thread> ending;
        synchronized (this) {
            closed = true;
            ending = writer;
            notifyAll();
        }
        ending.ifPresent(thread -> {
            try {
                thread.join(LONGEST_DELAY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
