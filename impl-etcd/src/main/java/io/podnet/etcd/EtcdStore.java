package io.podnet.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreObserver;
import io.podnet.spi.StoreSession;
import io.podnet.spi.StoreWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** A node's connection to etcd. A write is a transaction that compares the key's modification revision. */
final class EtcdStore implements ClusterStore {
    private final EtcdOptions options;
    private final EtcdKeys keys;
    private final Calls calls;
    private final Client client;
    private final Workers workers;
    private final Set<AutoCloseable> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    EtcdStore(EtcdOptions options, EtcdKeys keys, String nodeName) {
        this.options = options;
        this.keys = keys;
        this.calls = new Calls(
                options.timeout(),
                options.endpoints().stream().map(Object::toString).collect(Collectors.joining(",")));
        this.workers = new Workers(nodeName);
        this.client = Client.builder()
                .endpoints(options.endpoints())
                .connectTimeout(options.timeout())
                // etcd refuses connections that ping more often than every 5 s (embed.DefaultGRPCKeepAliveMinTime).
                .keepaliveTime(Duration.ofSeconds(10))
                .keepaliveTimeout(Duration.ofSeconds(5))
                .retryMaxDuration(options.timeout())
                .interceptor(new Deadlines(options.timeout()))
                .waitForReady(true)
                .build();
    }

    EtcdOptions options() {
        return options;
    }

    EtcdKeys keys() {
        return keys;
    }

    Calls calls() {
        return calls;
    }

    Client client() {
        return client;
    }

    Workers workers() {
        return workers;
    }

    private void checkOpen() {
        if (closed) {
            throw new PodnetException.Conflict("the store in etcd at " + calls.where() + " is closed");
        }
    }

    <T> T call(String what, CompletableFuture<T> answer) {
        return calls.await(what, answer);
    }

    @Override
    public Consistency consistency() {
        return Consistency.LINEARIZABLE;
    }

    @Override
    public Optional<Entry> get(StoreKey key) {
        checkOpen();
        return first(
                call("reading " + key, client.getKVClient().get(keys.of(key))).getKvs());
    }

    private Optional<Entry> first(List<KeyValue> found) {
        return found.stream().findFirst().map(keys::entry);
    }

    @Override
    public Snapshot list(StoreKey parent) {
        checkOpen();
        GetOption below = GetOption.builder()
                .isPrefix(true)
                .withSortField(GetOption.SortTarget.KEY)
                .withSortOrder(GetOption.SortOrder.ASCEND)
                .build();
        GetResponse all = call("listing " + parent, client.getKVClient().get(keys.below(parent), below));
        return new Snapshot(
                all.getHeader().getRevision(),
                all.getKvs().stream().map(keys::entry).toList());
    }

    private WriteResult commit(String what, StoreKey key, Expect expect, Op write, Cmp... more) {
        ByteSequence name = keys.of(key);
        Cmp[] all = new Cmp[more.length + 1];
        all[0] = new Cmp(name, Cmp.Op.EQUAL, CmpTarget.modRevision(expect.revision()));
        System.arraycopy(more, 0, all, 1, more.length);
        TxnResponse answer = call(
                what + key,
                client.getKVClient()
                        .txn()
                        .If(all)
                        .Then(write)
                        .Else(Op.get(name, GetOption.DEFAULT))
                        .commit());
        return answer.isSucceeded()
                ? new WriteResult.Applied(answer.getHeader().getRevision())
                : new WriteResult.Refused(first(answer.getGetResponses().get(0).getKvs()));
    }

    @Override
    public WriteResult put(StoreKey key, String value, Expect expect) {
        checkOpen();
        ClusterStore.checkValue(key, value);
        return commit("writing ", key, expect, Op.put(keys.of(key), EtcdKeys.bytes(value), PutOption.DEFAULT));
    }

    @Override
    public WriteResult put(StoreKey key, String value, Expect expect, StoreSession session) {
        checkOpen();
        ClusterStore.checkValue(key, value);
        if (!(session instanceof EtcdSession mine) || (!running.contains(session) && session.alive())) {
            throw new PodnetException.Invalid(session + " is not of this store");
        }
        if (!mine.alive()) {
            return new WriteResult.Fenced();
        }
        PutOption bound = PutOption.builder().withLeaseId(mine.lease()).build();
        try {
            WriteResult result = commit(
                    "writing ", key, expect, Op.put(keys.of(key), EtcdKeys.bytes(value), bound), mine.stillMine());
            // Refused for one of two reasons: where the expectation holds, it was the session.
            boolean fenced = result instanceof WriteResult.Refused refused
                    && Expect.of(refused.current()).equals(expect);
            if (fenced) {
                mine.check();
            }
            return fenced || (!result.applied() && !mine.alive()) ? new WriteResult.Fenced() : result;
        } catch (PodnetException.TimedOut e) {
            if (!mine.alive() || EtcdSession.isLeaseGone(e)) {
                mine.lost();
                return new WriteResult.Fenced();
            }
            throw e;
        }
    }

    @Override
    public WriteResult delete(StoreKey key, Expect expect) {
        checkOpen();
        if (expect.equals(Expect.ABSENT)) {
            return new WriteResult.Refused(get(key));
        }
        return commit("deleting ", key, expect, Op.delete(keys.of(key), DeleteOption.DEFAULT));
    }

    @Override
    public StoreSession openSession(String owner, Duration timeToLive, Runnable onLost) {
        checkOpen();
        ClusterStore.checkTimeToLive(timeToLive);
        EtcdSession session = EtcdSession.open(this, owner, timeToLive, onLost);
        running.add(session);
        return session;
    }

    @Override
    public StoreWatch watch(StoreKey parent, StoreObserver observer) {
        checkOpen();
        EtcdWatch watch = new EtcdWatch(this, parent, observer);
        running.add(watch);
        watch.start();
        return watch;
    }

    void forget(AutoCloseable ended) {
        running.remove(ended);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        running.forEach(each -> {
            if (each instanceof EtcdWatch watch) {
                watch.close();
            } else if (each instanceof EtcdSession session) {
                session.leave();
            }
        });
        workers.close();
        client.close();
    }
}
