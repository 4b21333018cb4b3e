package io.podnet.overlay.node;

import io.podnet.api.PodnetException;
import io.podnet.overlay.network.NetworkKeys;
import io.podnet.overlay.network.StoredJson;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreWatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Both sides of the promise that others have programmed something. Who waits writes which states of which keys; each node that is
 * alive answers once it has seen them and its kernel has them. Nobody writes anything while nobody waits, and requests that come
 * while one is being written share the next. Safe for any thread.
 */
public final class Acknowledgements implements AutoCloseable {
    private static final String NUMBER = "number";
    private static final int TRIES = 20;

    private final ClusterStore store;
    private final NetworkKeys keys;
    private final String node;
    private final Executor executor;
    private final BiPredicate<StoreKey, Long> seen;
    private final Supplier<CompletableFuture<Void>> programmed;
    private final List<StoreWatch> watches = new ArrayList<>();
    private final StoreFollower<String> alive;
    private final StoreFollower<Awaited> others;
    private final StoreFollower<Map.Entry<String, Long>> answers;
    // Guarded by this.
    private final TreeMap<Long, Request> requests = new TreeMap<>();
    private final Map<String, Long> answered = new HashMap<>();
    private final Map<String, Long> answering = new HashMap<>();
    private long number;
    private long written;
    private boolean writing;
    /** False until it is known where an earlier process of this node ended: its answers are not ours. */
    private boolean numbered;

    /**
     * What is waited for.
     *
     * @param peers revisions of their signs of life, by name; empty until the request is written
     */
    private record Request(
            Map<StoreKey, Long> revisions, Map<String, Long> peers, CompletableFuture<Set<String>> done) {}

    /**
     * Begins to listen.
     *
     * @param store what the nodes share
     * @param keys the network's keys
     * @param node this node's name
     * @param executor may wait for the store; one task after another
     * @param seen whether this node has seen a state of a key, or a later one
     * @param programmed completes when the kernel has all that was seen so far
     */
    public Acknowledgements(
            ClusterStore store,
            NetworkKeys keys,
            String node,
            Executor executor,
            BiPredicate<StoreKey, Long> seen,
            Supplier<CompletableFuture<Void>> programmed) {
        this.store = store;
        this.keys = keys;
        this.node = node;
        this.executor = executor;
        this.seen = seen;
        this.programmed = programmed;
        this.alive = new StoreFollower<>(entry -> entry.key().name(), new Changes<>(this::settle));
        this.others = new StoreFollower<>(Awaited::of, new Changes<>(this::answer));
        this.answers = new StoreFollower<>(
                entry -> Map.entry(entry.key().name(), StoredJson.of(entry).number(NUMBER)),
                new Changes<>(this::settle));
        watches.add(store.watch(keys.alive(), alive));
        watches.add(store.watch(keys.awaits(), others));
        watches.add(store.watch(keys.acks(node), answers));
    }

    private record Changes<T>(Runnable then) implements StoreFollower.Listener<T> {
        @Override
        public void all(Collection<T> all, boolean first) {
            then.run();
        }

        @Override
        public void some(List<T> changed, List<StoreKey> gone) {
            then.run();
        }
    }

    /**
     * Names the nodes that are alive, as the store sees it.
     *
     * @return this node too, where it is
     */
    public Set<String> alive() {
        return Set.copyOf(alive.values().values());
    }

    /**
     * Waits for the others.
     *
     * @param revisions states of keys that they must have in their kernels
     * @return completes with their names
     */
    public CompletableFuture<Set<String>> await(Map<StoreKey, Long> revisions) {
        CompletableFuture<Set<String>> done = new CompletableFuture<>();
        if (revisions.isEmpty()) {
            done.complete(Set.of());
            return done;
        }
        synchronized (this) {
            requests.put(++number, new Request(Map.copyOf(revisions), new HashMap<>(), done));
            if (!writing) {
                writing = true;
                executor.execute(this::write);
            }
        }
        return done;
    }

    private void write() {
        StoreKey key = keys.awaits().child(node);
        try {
            Map<String, Long> peers = new HashMap<>();
            // Asked for here, since what is watched may lag behind a node that has joined just now.
            store.list(keys.alive())
                    .entries()
                    .forEach(entry -> peers.put(entry.key().name(), entry.revision()));
            peers.remove(node);
            // Numbers go on where an earlier process of this node ended.
            replace(key, before -> {
                synchronized (this) {
                    writing = false;
                    if (!numbered) {
                        shift(before);
                        numbered = true;
                    }
                    Map<StoreKey, Long> all = new TreeMap<>();
                    requests.values().forEach(request -> {
                        request.peers().putAll(peers);
                        request.revisions().forEach((each, revision) -> all.merge(each, revision, Math::max));
                    });
                    written = number;
                    return new Awaited(node, number, all).write();
                }
            });
            settle();
        } catch (PodnetException e) {
            fail(e);
            throw e;
        }
    }

    /** Renumbers the requests, which nobody has been told of yet. */
    private void shift(long by) {
        TreeMap<Long, Request> shifted = new TreeMap<>();
        requests.forEach((each, request) -> shifted.put(each + by, request));
        requests.clear();
        requests.putAll(shifted);
        number += by;
    }

    private void fail(PodnetException why) {
        List<Request> failed;
        synchronized (this) {
            writing = false;
            failed = List.copyOf(requests.values());
            requests.clear();
        }
        failed.forEach(request -> request.done().completeExceptionally(why));
    }

    private interface Text {
        String of(long before);
    }

    private void replace(StoreKey key, Text text) {
        var before = store.get(key);
        for (int i = 0; i < TRIES; i++) {
            long was = before.map(Acknowledgements::number).orElse(0L);
            WriteResult result = store.put(key, text.of(was), Expect.of(before));
            if (!(result instanceof WriteResult.Refused refused)) {
                return;
            }
            before = refused.current();
        }
        throw new PodnetException.TimedOut("store entry " + key + " changed " + TRIES + " times; try again");
    }

    private static long number(Entry entry) {
        return StoredJson.of(entry).object().path(NUMBER).asLong();
    }

    /** Completes what everybody has acknowledged who is still alive. */
    private void settle() {
        Map<String, Long> got = new HashMap<>();
        answers.values().values().forEach(each -> got.put(each.getKey(), each.getValue()));
        List<Request> done = new ArrayList<>();
        synchronized (this) {
            requests.headMap(written, true).entrySet().removeIf(each -> {
                boolean complete = numbered
                        && each.getValue().peers().entrySet().stream()
                                .allMatch(peer -> got.getOrDefault(peer.getKey(), 0L) >= each.getKey()
                                        || isGone(peer.getKey(), peer.getValue()));
                if (complete) {
                    done.add(each.getValue());
                }
                return complete;
            });
        }
        for (Request request : done) {
            Set<String> acknowledged = new HashSet<>(request.peers().keySet());
            acknowledged.removeIf(peer -> isGone(peer, request.peers().getOrDefault(peer, 0L)));
            request.done().complete(acknowledged);
        }
    }

    private boolean isGone(String peer, long revision) {
        StoreKey key = keys.alive().child(peer);
        return alive.hasSeen(key, revision) && !alive.values().containsKey(key);
    }

    /** Answers what others wait for, as far as this node has seen it. To be called whenever more was seen. */
    public void answer() {
        for (Awaited request : others.values().values()) {
            if (request.node().equals(node) || !wanted(request)) {
                continue;
            }
            CompletableFuture<Void> unused = programmed.get().thenRun(() -> executor.execute(() -> write(request)));
        }
    }

    private boolean wanted(Awaited request) {
        synchronized (this) {
            if (answered.getOrDefault(request.node(), 0L) >= request.number()
                    || answering.getOrDefault(request.node(), 0L) >= request.number()
                    || !request.revisions().entrySet().stream()
                            .allMatch(each -> seen.test(each.getKey(), each.getValue()))) {
                return false;
            }
            answering.put(request.node(), request.number());
            return true;
        }
    }

    private void write(Awaited request) {
        try {
            replace(
                    keys.acks(request.node()).child(node),
                    before -> StoredJson.empty()
                            .put(NUMBER, Math.max(before, request.number()))
                            .toString());
            synchronized (this) {
                answered.merge(request.node(), request.number(), Math::max);
            }
        } finally {
            synchronized (this) {
                answering.remove(request.node(), request.number());
            }
        }
    }

    @Override
    public void close() {
        watches.forEach(StoreWatch::close);
        fail(new PodnetException.Conflict("the overlay of node " + node + " is closed"));
    }
}
