package io.podnet.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.lease.NoSuchLeaseException;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.options.PutOption;
import io.podnet.api.PodnetException;
import io.podnet.spi.StoreSession;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session: a lease, and a key of the owner's under it whose revision is the fencing token. A later session of the same owner
 * overwrites that key. The lease is renewed by this loop and counts as lost when its time to live has passed since the last
 * renewal was sent, by this machine's monotonic clock: etcd counts from when it received it, so it never expires it earlier
 * there. jetcd's own renewal compares wall clocks.
 */
final class EtcdSession implements StoreSession {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdSession.class);

    private final EtcdStore store;
    private final String owner;
    private final ByteSequence key;
    private final long lease;
    private final long token;
    private final long timeToLive;
    private final Runnable onLost;
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private volatile boolean left;
    private volatile long renewed;

    private EtcdSession(
            EtcdStore store, String owner, long lease, long token, long timeToLive, long renewed, Runnable onLost) {
        this.store = store;
        this.owner = owner;
        this.key = store.keys().session(owner);
        this.lease = lease;
        this.token = token;
        this.timeToLive = timeToLive;
        this.renewed = renewed;
        this.onLost = onLost;
    }

    static EtcdSession open(EtcdStore store, String owner, Duration timeToLive, Runnable onLost) {
        String what = "opening a session of " + owner;
        long sent = System.nanoTime();
        // Whole seconds, rounded up; etcd lengthens what is shorter than one and a half election time-outs.
        long seconds = timeToLive.plusNanos(999_999_999).toSeconds();
        var granted = store.call(what, store.client().getLeaseClient().grant(seconds));
        PutOption bound = PutOption.builder().withLeaseId(granted.getID()).build();
        PutResponse put = store.call(
                what,
                store.client()
                        .getKVClient()
                        .put(store.keys().session(owner), EtcdKeys.bytes(Long.toString(granted.getID())), bound));
        EtcdSession session = new EtcdSession(
                store,
                owner,
                granted.getID(),
                put.getHeader().getRevision(),
                Duration.ofSeconds(granted.getTTL()).toNanos(),
                sent,
                onLost);
        store.workers().loops().execute(session::loop);
        return session;
    }

    long lease() {
        return lease;
    }

    /** Holds in a transaction while no later session has taken over and the lease lives. */
    Cmp stillMine() {
        return new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(token));
    }

    /** Tells whether etcd said that the lease is gone. */
    static boolean isLeaseGone(Throwable failure) {
        for (Throwable each : failure.getSuppressed()) {
            if (each instanceof NoSuchLeaseException
                    || String.valueOf(each.getMessage())
                            .toLowerCase(Locale.ROOT)
                            .contains("lease not found")) {
                return true;
            }
        }
        return false;
    }

    private void loop() {
        try {
            while (alive()) {
                Thread.sleep(Math.max(1, timeToLive / 3_000_000));
                if (alive()) {
                    renew();
                }
            }
        } catch (InterruptedException e) {
            // The store is being closed; the lease is left to its time to live.
            Thread.currentThread().interrupt();
        }
    }

    private void renew() {
        long sent = System.nanoTime();
        try {
            LeaseKeepAliveResponse answer = store.call(
                    "renewing the session of " + owner,
                    store.client().getLeaseClient().keepAliveOnce(lease));
            if (answer.getTTL() <= 0) {
                lost();
            } else {
                renewed = sent;
                check();
            }
        } catch (PodnetException.TimedOut e) {
            LOG.atDebug().addKeyValue("owner", owner).setCause(e).log("a renewal failed");
            if (isLeaseGone(e)) {
                lost();
            }
        }
    }

    /** Looks whether a later session has taken over. */
    void check() {
        try {
            var found = store.call(
                    "checking the session of " + owner,
                    store.client().getKVClient().get(key));
            if (found.getKvs().isEmpty() || found.getKvs().get(0).getModRevision() != token) {
                lost();
            }
        } catch (PodnetException.TimedOut e) {
            LOG.atDebug().addKeyValue("owner", owner).setCause(e).log("a check of the session failed");
        }
    }

    void lost() {
        if (alive.compareAndSet(true, false)) {
            store.forget(this);
            if (!left) {
                try {
                    store.workers().callbacks().execute(onLost);
                } catch (RejectedExecutionException e) {
                    LOG.atDebug().addKeyValue("owner", owner).log("lost while the store is being closed");
                }
            }
        }
    }

    /** Stops renewing and says nothing: the store is closed, the lease keeps its time to live. */
    void leave() {
        left = true;
        lost();
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public long fencingToken() {
        return token;
    }

    @Override
    public boolean alive() {
        if (alive.get() && System.nanoTime() - renewed >= timeToLive) {
            lost();
        }
        return alive.get();
    }

    @Override
    public void close() {
        boolean was = alive();
        left = true;
        lost();
        if (was) {
            try {
                store.call(
                        "ending the session of " + owner,
                        store.client().getLeaseClient().revoke(lease));
            } catch (PodnetException.TimedOut e) {
                LOG.atDebug().addKeyValue("owner", owner).setCause(e).log("not revoked; it will expire");
            }
        }
    }

    @Override
    public String toString() {
        return "session " + token + " of " + owner;
    }
}
