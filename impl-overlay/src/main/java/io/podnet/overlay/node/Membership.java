package io.podnet.overlay.node;

import io.podnet.api.Cidr;
import io.podnet.api.Condition;
import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.network.StoredJson;
import io.podnet.overlay.subnet.SubnetLease;
import io.podnet.overlay.subnet.SubnetLeases;
import io.podnet.overlay.subnet.SubnetRange;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node in the cluster: its session, its sign of life, the leases of its subnets, its record. All waiting for the store is
 * done on one thread of its own. What the store does not hear is written later; the node forwards all the same. A node whose
 * name a later process uses yields: it writes nothing more.
 */
public final class Membership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final int TRIES = 100;
    private static final long RETRY_MILLIS = 1_000;

    private final ClusterStore store;
    private final NetworkKeys keys;
    private final String node;
    private final Duration timeToLive;
    private final List<Lease> leases;
    private final LongFunction<NodeRecord> record;
    private final ScheduledThreadPoolExecutor worker;
    private volatile Optional<StoreSession> session = Optional.empty();
    private volatile Condition condition =
            new Condition(Condition.Code.LIMITED, "NotJoined", "the node has not reached the cluster store yet");
    private volatile boolean closed;
    private volatile long recordRevision;
    // The worker's alone.
    private long token;
    private boolean yielded;
    private final Set<Cidr> lost = new HashSet<>();

    /**
     * A subnet that the node has.
     *
     * @param range the range that it is leased from
     * @param subnet the subnet
     */
    public record Lease(SubnetRange range, Cidr subnet) {}

    /**
     * Makes a membership that has not begun.
     *
     * @param store what the nodes share; not closed by this
     * @param keys the network's keys
     * @param node the node's name
     * @param timeToLive how long the store waits for a sign of life
     * @param leases the node's subnets, empty where it has none of its own
     * @param record makes the node's record of the session's fencing token, at every write anew
     */
    public Membership(
            ClusterStore store,
            NetworkKeys keys,
            String node,
            Duration timeToLive,
            List<Lease> leases,
            LongFunction<NodeRecord> record) {
        this.store = store;
        this.keys = keys;
        this.node = node;
        this.timeToLive = timeToLive;
        this.leases = List.copyOf(leases);
        this.record = record;
        this.worker = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, "podnet-overlay-member-" + node, 0, false);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Names the owner of the sessions of a node's overlay.
     *
     * @param keys the network's keys
     * @param node the node's name
     * @return the owner
     */
    public static String owner(NetworkKeys keys, String node) {
        return keys.root().name() + ".overlay." + node;
    }

    /**
     * Joins. Where the store does not answer that is tried again, for ever.
     *
     * @throws PodnetException.Conflict where a subnet is another node's
     */
    public void start() {
        try {
            java.util.concurrent.CompletableFuture.runAsync(this::join, worker).join();
        } catch (java.util.concurrent.CompletionException e) {
            if (!(e.getCause() instanceof PodnetException failure)) {
                throw e;
            }
            if (failure instanceof PodnetException.TimedOut) {
                failed(failure);
                return;
            }
            throw failure;
        }
    }

    /** Writes the record anew, soon. */
    public void publish() {
        later(this::write, 0);
    }

    /**
     * Does something from time to time, on the thread that may wait for the store.
     *
     * @param task what; where the store does not answer it is done again the next time
     * @param every how often
     */
    public void regularly(Runnable task, Duration every) {
        ScheduledFuture<?> unused = worker.scheduleWithFixedDelay(
                () -> attempt(task), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Gives the thread that may wait for the store.
     *
     * @return runs tasks one after another
     */
    public Executor executor() {
        return task -> later(task, 0);
    }

    private void later(Runnable task, long millis) {
        try {
            ScheduledFuture<?> unused = worker.schedule(() -> attempt(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException gone) {
            LOG.debug("the node's membership has ended");
        }
    }

    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (PodnetException e) {
            failed(e);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a task of the node's membership failed");
        }
    }

    private void failed(PodnetException why) {
        if (closed) {
            return;
        }
        boolean unreachable = why instanceof PodnetException.TimedOut;
        condition = new Condition(
                Condition.Code.LIMITED,
                unreachable ? "StoreUnreachable" : "NotJoined",
                String.valueOf(why.getMessage()));
        LOG.atWarn().addKeyValue("node", node).log("not in the cluster: {}; trying again", why.getMessage());
        later(this::join, RETRY_MILLIS);
    }

    private void join() {
        if (closed || yielded) {
            return;
        }
        StoreSession current = session.orElse(null);
        if (current == null || !current.alive()) {
            if (token > 0
                    && store.get(keys.nodes().child(node))
                            .map(NodeRecord::of)
                            .filter(other -> other.token() > token)
                            .isPresent()) {
                yielded = true;
                condition = new Condition(
                        Condition.Code.NOT_READY,
                        "NameTaken",
                        "a later process has the node's name " + node + "; each node needs a name of its own");
                return;
            }
            current = store.openSession(owner(keys, node), timeToLive, () -> later(this::join, 0));
            token = current.fencingToken();
            session = Optional.of(current);
        }
        put(
                keys.alive().child(node),
                Optional.of(current),
                before -> before.map(entry -> StoredJson.of(entry).object())
                        .orElseGet(StoredJson::empty)
                        .put("token", token)
                        .toString());
        lease(current);
        condition = lost.isEmpty()
                ? Condition.READY
                : new Condition(
                        Condition.Code.NOT_READY,
                        "SubnetLost",
                        "another node has the subnets " + lost
                                + " by now; restart this node, its pods get new addresses");
        write();
    }

    private void lease(StoreSession current) {
        SubnetLeases subnets = new SubnetLeases(store, keys, node);
        for (Lease lease : leases) {
            SubnetLease got = subnets.acquire(lease.range(), current, Optional.of(lease.subnet()));
            if (got.subnet().equals(lease.subnet())) {
                lost.remove(lease.subnet());
                continue;
            }
            subnets.release(got);
            if (recordRevision == 0) {
                throw new PodnetException.Conflict("subnet " + lease.subnet()
                        + " is another node's; choose another pod CIDR, or none to have one chosen");
            }
            lost.add(lease.subnet());
        }
    }

    /** The subnets that went to others while this node was not heard. */
    private NodeRecord without(NodeRecord all) {
        List<Cidr> kept = new ArrayList<>(all.podCidrs());
        kept.removeAll(lost);
        return new NodeRecord(
                all.name(),
                all.token(),
                all.endpoints(),
                all.vni(),
                all.port(),
                kept,
                all.tunnelIps(),
                all.capabilities());
    }

    private void write() {
        if (token > 0 && !yielded && !closed) {
            NodeRecord now = without(record.apply(token));
            recordRevision = put(keys.nodes().child(node), Optional.empty(), now::write);
        }
    }

    private interface Text {
        String of(Optional<Entry> before);
    }

    /** Writes over what is there, unless a later process of the node's name wrote it. */
    private long put(StoreKey key, Optional<StoreSession> bound, Text text) {
        Optional<Entry> before = store.get(key);
        for (int i = 0; i < TRIES; i++) {
            if (before.isPresent()
                    && StoredJson.of(before.get()).object().path("token").asLong() > token) {
                throw new PodnetException.Conflict("store entry " + key + " was written by a later process of node "
                        + node + "; each node needs a name of its own");
            }
            String value = text.of(before);
            if (before.isPresent() && before.get().value().equals(value) && bound.isEmpty()) {
                return before.get().revision();
            }
            WriteResult result = bound.isPresent()
                    ? store.put(key, value, Expect.of(before), bound.get())
                    : store.put(key, value, Expect.of(before));
            if (result instanceof WriteResult.Applied applied) {
                return applied.revision();
            }
            if (!(result instanceof WriteResult.Refused refused)) {
                throw new PodnetException.TimedOut("the session of node " + node + " was lost; another is opened");
            }
            before = refused.current();
        }
        throw new PodnetException.TimedOut("store entry " + key + " changed " + TRIES + " times; try again");
    }

    /**
     * Gives the revision of the node's record.
     *
     * @return 0 where it is not written yet
     */
    public long recordRevision() {
        return recordRevision;
    }

    /**
     * Tells whether the node is in the cluster.
     *
     * @return the state
     */
    public Condition condition() {
        return condition;
    }

    /**
     * Takes the node out of the cluster: the others drop their ways to it.
     *
     * @throws PodnetException.TimedOut where the store does not answer
     */
    public void leave() {
        close();
        StoreKey key = keys.nodes().child(node);
        store.get(key).ifPresent(entry -> store.delete(key, Expect.of(entry)));
        SubnetLeases subnets = new SubnetLeases(store, keys, node);
        subnets.list().stream()
                .filter(lease -> lease.node().equals(node) && !lease.reserved())
                .forEach(subnets::release);
        session.ifPresent(StoreSession::close);
    }

    /** Stops writing; what is written stays. */
    @Override
    public void close() {
        closed = true;
        worker.shutdownNow();
        try {
            worker.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
