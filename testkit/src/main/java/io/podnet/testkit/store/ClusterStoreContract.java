package io.podnet.testkit.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Change;
import io.podnet.spi.ClusterStore.Connectivity;
import io.podnet.spi.ClusterStore.Entry;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.Snapshot;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreSession;
import io.podnet.spi.StoreWatch;
import io.podnet.store.StoreMirror;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The ten laws of {@link ClusterStore}. A provider's test class extends this and says how its store is made and broken. */
@SuppressWarnings({"try", "NullAway.Init"})
public abstract class ClusterStoreContract {
    private static final StoreKey ROOM = StoreKey.of("net", "contract");
    private static final StoreKey A = ROOM.child("a");
    private static final StoreKey B = ROOM.child("b");

    private StoreLab lab;
    private ClusterStore one;
    private ClusterStore two;

    /** For subclasses. */
    protected ClusterStoreContract() {}

    /**
     * Makes an empty store.
     *
     * @return what the test is done with
     */
    protected abstract StoreLab open();

    @BeforeEach
    void connect() {
        lab = open();
        one = lab.connect("one");
        two = lab.connect("two");
    }

    @AfterEach
    void disconnect() {
        lab.close();
    }

    private static long applied(WriteResult result) {
        return ((WriteResult.Applied) result).revision();
    }

    private static Optional<Entry> refused(WriteResult result) {
        return ((WriteResult.Refused) result).current();
    }

    private void eventually(Recorder recorder, Map<String, String> expected) {
        boolean came =
                recorder.await(lab.patience().toMillis(), seen -> seen.state().equals(expected));
        assertTrue(came, () -> "expected " + expected + ", saw " + recorder.state());
    }

    private void lawful(Recorder recorder) {
        assertEquals(List.of(), recorder.broken());
    }

    private Map<String, String> stored(ClusterStore store) {
        Map<String, String> texts = new TreeMap<>();
        store.list(ROOM).entries().forEach(entry -> texts.put(entry.key().path(), entry.value()));
        return texts;
    }

    private void reconnected(ClusterStore store) {
        long deadline = System.nanoTime() + lab.patience().toNanos();
        while (true) {
            try {
                store.get(A);
                return;
            } catch (PodnetException.TimedOut e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    @Test
    @DisplayName("1: a watch starts with a complete snapshot, also of nothing, then come changes")
    void aWatchStartsWithASnapshot() {
        Recorder empty = new Recorder();
        try (StoreWatch nothing = one.watch(ROOM.child("nothing"), empty)) {
            assertTrue(empty.await(
                    lab.patience().toMillis(), seen -> seen.snapshots().size() == 1));
        }
        applied(one.put(A, "1", Expect.ABSENT));
        long before = applied(one.put(StoreKey.of("net", "contractor"), "not below", Expect.ABSENT));
        applied(one.put(ROOM, "not below itself", Expect.ABSENT));
        Recorder recorder = new Recorder();
        try (StoreWatch watch = two.watch(ROOM, recorder)) {
            eventually(recorder, Map.of(A.path(), "1"));
            assertEquals(List.of(), recorder.changes());
            Snapshot first = recorder.snapshots().get(0);
            assertTrue(first.revision() >= before, first::toString);
            long revision = applied(one.put(B, "2", Expect.ABSENT));
            eventually(recorder, Map.of(A.path(), "1", B.path(), "2"));
            assertEquals(List.of(new Change.Put(new Entry(B, "2", revision))), recorder.changes());
            applied(one.delete(A, Expect.of(one.get(A))));
            eventually(recorder, Map.of(B.path(), "2"));
            assertEquals(1, recorder.snapshots().size());
        }
        lawful(recorder);
    }

    @Test
    @DisplayName("1: after a gap that compaction made permanent comes a new complete snapshot")
    void afterAGapComesASnapshot() {
        applied(one.put(A, "1", Expect.ABSENT));
        applied(one.put(B, "1", Expect.ABSENT));
        Recorder recorder = new Recorder();
        try (StoreWatch watch = two.watch(ROOM, recorder)) {
            eventually(recorder, Map.of(A.path(), "1", B.path(), "1"));
            lab.cut(two);
            // Before that, the transport may still bring what it holds, and there is no gap.
            assertTrue(recorder.await(
                    lab.patience().toMillis(), seen -> seen.connectivity().contains(Connectivity.DISCONNECTED)));
            applied(one.delete(A, Expect.of(one.get(A))));
            applied(one.put(B, "2", Expect.of(one.get(B))));
            lab.compact();
            lab.heal(two);
            eventually(recorder, Map.of(B.path(), "2"));
            assertTrue(recorder.snapshots().size() >= 2, "the deletion came without a snapshot");
            applied(one.put(A, "3", Expect.ABSENT));
            eventually(recorder, Map.of(A.path(), "3", B.path(), "2"));
        }
        lawful(recorder);
    }

    @Test
    @DisplayName("1: an observer that failed is told everything again")
    void anObserverThatFailed() {
        applied(one.put(A, "1", Expect.ABSENT));
        AtomicInteger calls = new AtomicInteger();
        Recorder recorder = new Recorder();
        StoreMirror mirror = new StoreMirror(() -> {});
        try (StoreWatch watch = two.watch(ROOM, new Failing(mirror, recorder, calls))) {
            // A virtual clock does not go on by itself, and the second try may come after a while.
            for (int i = 0; i < 100 && recorder.snapshots().isEmpty(); i++) {
                recorder.await(100, seen -> !seen.snapshots().isEmpty());
                lab.pass(Duration.ofMillis(100));
            }
            eventually(recorder, Map.of(A.path(), "1"));
            assertTrue(calls.get() >= 2, () -> "told " + calls + " times");
        }
    }

    @Test
    @DisplayName("2, 3: whatever is merged, observers end with what is there, and no key goes back")
    void observersEndWithWhatIsThere() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("contract seed " + seed);
        Recorder recorder = new Recorder();
        StoreMirror mirror = new StoreMirror(() -> {});
        try (StoreWatch watch = two.watch(ROOM, recorder);
                StoreWatch second = two.watch(ROOM, mirror)) {
            List<Thread> writers = new ArrayList<>();
            for (ClusterStore store : List.of(one, two)) {
                Random random = new Random(seed + writers.size());
                Thread writer = new Thread(() -> {
                    for (int i = 0; i < 150; i++) {
                        StoreKey key = ROOM.child("k" + random.nextInt(8));
                        Expect expect = Expect.of(store.get(key));
                        if (random.nextInt(4) == 0) {
                            store.delete(key, expect);
                        } else {
                            store.put(key, "v" + i, expect);
                        }
                    }
                });
                writers.add(writer);
                writer.start();
            }
            for (Thread writer : writers) {
                writer.join();
            }
            eventually(recorder, stored(one));
            long deadline = System.nanoTime() + lab.patience().toNanos();
            while (!mirror.entries().equals(one.list(ROOM).entries()) && System.nanoTime() < deadline) {
                Thread.sleep(5);
            }
            assertEquals(one.list(ROOM).entries(), mirror.entries());
        }
        lawful(recorder);
    }

    @Test
    @DisplayName("4: compare-and-set is the only write, and a refusal has what is there")
    void compareAndSet() {
        assertEquals(Optional.empty(), refused(one.put(A, "x", new Expect(7))));
        long first = applied(one.put(A, "1", Expect.ABSENT));
        assertEquals(Optional.of(new Entry(A, "1", first)), two.get(A));
        assertEquals(Optional.of(new Entry(A, "1", first)), refused(two.put(A, "x", Expect.ABSENT)));
        long second = applied(two.put(A, "2", new Expect(first)));
        assertTrue(second > first);
        assertEquals(Optional.of(new Entry(A, "2", second)), refused(one.put(A, "x", new Expect(first))));
        assertEquals(Optional.of(new Entry(A, "2", second)), refused(one.delete(A, new Expect(first))));
        assertEquals(Optional.of(new Entry(A, "2", second)), refused(one.delete(A, Expect.ABSENT)));
        applied(one.delete(A, new Expect(second)));
        assertEquals(Optional.empty(), refused(one.delete(A, new Expect(second))));
        assertEquals(Optional.empty(), refused(one.delete(A, Expect.ABSENT)));
        assertTrue(applied(one.put(A, "3", Expect.ABSENT)) > second, "revisions start over after a deletion");
    }

    @Test
    @DisplayName("4: of many that claim one key, one gets it")
    void oneGetsIt() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            StoreKey key = ROOM.child("claim" + round);
            AtomicInteger winners = new AtomicInteger();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> claimants = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ClusterStore store = i % 2 == 0 ? one : two;
                String name = "claimant" + i;
                Thread claimant = new Thread(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    if (store.put(key, name, Expect.ABSENT).applied()) {
                        winners.incrementAndGet();
                    }
                });
                claimants.add(claimant);
                claimant.start();
            }
            start.countDown();
            for (Thread claimant : claimants) {
                claimant.join();
            }
            assertEquals(1, winners.get());
        }
    }

    @Test
    @DisplayName("5: a lost store is reported, calls end, and nothing is told to be gone")
    void aLostStoreIsReported() {
        applied(one.put(A, "1", Expect.ABSENT));
        Recorder recorder = new Recorder();
        try (StoreWatch watch = two.watch(ROOM, recorder)) {
            eventually(recorder, Map.of(A.path(), "1"));
            lab.cut(two);
            assertThrows(PodnetException.TimedOut.class, () -> two.get(A));
            assertThrows(PodnetException.TimedOut.class, () -> two.put(B, "x", Expect.ABSENT));
            assertTrue(recorder.await(
                    lab.patience().toMillis(), seen -> seen.connectivity().contains(Connectivity.DISCONNECTED)));
            assertEquals(Map.of(A.path(), "1"), recorder.state());
            lab.heal(two);
            assertTrue(recorder.await(
                    lab.patience().toMillis(),
                    seen -> seen.connectivity().lastIndexOf(Connectivity.CONNECTED)
                            > seen.connectivity().indexOf(Connectivity.DISCONNECTED)));
            reconnected(two);
            recorder.changes().forEach(change -> assertNotEquals(A, change.key()));
            recorder.snapshots()
                    .forEach(snapshot ->
                            assertEquals(A, snapshot.entries().get(0).key()));
        }
        lawful(recorder);
    }

    @Test
    @DisplayName("6: a session that is kept alive outlives its time to live; one whose holder is cut off expires")
    void theStoreJudgesExpiry() {
        Duration ttl = lab.shortestTimeToLive();
        CountDownLatch lost = new CountDownLatch(1);
        StoreSession kept = one.openSession("one", ttl, () -> {});
        StoreSession cut = two.openSession("two", ttl, lost::countDown);
        applied(one.put(A, "kept", Expect.ABSENT, kept));
        applied(two.put(B, "cut", Expect.ABSENT, cut));
        applied(two.put(ROOM.child("free"), "not bound", Expect.ABSENT));
        Recorder recorder = new Recorder();
        try (StoreWatch watch = one.watch(ROOM, recorder)) {
            lab.pass(ttl.multipliedBy(2));
            assertTrue(kept.alive());
            assertTrue(cut.alive());
            assertEquals(3, stored(one).size());
            lab.cut(two);
            lab.pass(ttl.multipliedBy(2));
            eventually(recorder, Map.of(A.path(), "kept", ROOM.child("free").path(), "not bound"));
            assertTrue(kept.alive());
            lab.heal(two);
            assertTrue(await(lost), "its holder was not told");
            assertFalse(cut.alive());
            kept.close();
            assertFalse(kept.alive());
            eventually(recorder, Map.of(ROOM.child("free").path(), "not bound"));
        }
        lawful(recorder);
    }

    private boolean await(CountDownLatch latch) {
        try {
            return latch.await(lab.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    @DisplayName("7: a superseded session is fenced; its owner takes its entries again by revision")
    void aSupersededSessionIsFenced() {
        Duration ttl = lab.shortestTimeToLive();
        CountDownLatch lost = new CountDownLatch(1);
        StoreSession former = one.openSession("node", ttl, lost::countDown);
        long revision = applied(one.put(A, "former", Expect.ABSENT, former));
        applied(one.put(B, "left", Expect.ABSENT, former));
        StoreSession later = two.openSession("node", ttl, () -> {});
        assertTrue(later.fencingToken() > former.fencingToken());
        assertTrue(await(lost), "the former holder was not told");
        assertFalse(former.alive());
        assertEquals(new WriteResult.Fenced(), one.put(A, "too late", new Expect(revision), former));
        assertEquals(new WriteResult.Fenced(), one.put(ROOM.child("c"), "too late", Expect.ABSENT, former));
        assertEquals("former", two.get(A).map(Entry::value).orElse("deleted at once"));
        applied(two.put(A, "later", new Expect(revision), later));
        assertFalse(one.put(A, "beaten", new Expect(revision)).applied());
        Recorder recorder = new Recorder();
        try (StoreWatch watch = two.watch(ROOM, recorder)) {
            lab.pass(ttl.multipliedBy(2));
            eventually(recorder, Map.of(A.path(), "later"));
        }
        later.close();
        assertEquals(Map.of(), stored(two));
    }

    @Test
    @DisplayName("7: a rewrite without a session unbinds an entry")
    void aRewriteUnbinds() {
        StoreSession session = one.openSession("node", lab.shortestTimeToLive(), () -> {});
        long revision = applied(one.put(A, "bound", Expect.ABSENT, session));
        applied(one.put(A, "reserved", new Expect(revision)));
        session.close();
        session.close();
        assertEquals(Map.of(A.path(), "reserved"), stored(one));
        assertEquals(
                new WriteResult.Fenced(), one.put(B, "x", Expect.ABSENT, session), "a closed session must not write");
    }

    @Test
    @DisplayName("8: callbacks may call the store; a slow observer holds nobody up and is told merged changes")
    void callbacks() {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicReference<Thread> thread = new AtomicReference<>(Thread.currentThread());
        Recorder late = new Recorder(() -> {
            thread.set(Thread.currentThread());
            await(slow);
        });
        Recorder calling = new Recorder(() -> one.get(A));
        try (StoreWatch first = one.watch(ROOM, late);
                StoreWatch second = one.watch(ROOM, calling)) {
            long revision = applied(one.put(A, "0", Expect.ABSENT));
            for (int i = 1; i <= 100; i++) {
                revision = applied(one.put(A, Integer.toString(i), new Expect(revision)));
            }
            eventually(calling, Map.of(A.path(), "100"));
            assertEquals(Map.of(), late.state());
            slow.countDown();
            eventually(late, Map.of(A.path(), "100"));
            assertTrue(late.changes().size() < 50, () -> late.changes().size() + " changes were not merged");
            assertNotEquals(Thread.currentThread(), thread.get());
            first.close();
            int told = late.changes().size();
            applied(one.put(B, "after", Expect.ABSENT));
            eventually(calling, Map.of(A.path(), "100", B.path(), "after"));
            assertEquals(told, late.changes().size(), "told after it was closed");
        }
        lawful(late);
        lawful(calling);
    }

    @Test
    @DisplayName("9: values come back as they were, up to 64 KiB; keys map to DNS names and back")
    void valuesAndKeys() {
        String odd = "{\"unknown\": [1, \"\u00e4\u20ac\ud83d\ude00\\n\"]}\n\u0001 \u0000";
        long revision = applied(one.put(A, odd, Expect.ABSENT));
        assertEquals(odd, two.get(A).map(Entry::value).orElseThrow());
        String longest = "\u00e4".repeat(ClusterStore.MAX_VALUE_BYTES / 2);
        revision = applied(one.put(A, longest, new Expect(revision)));
        assertEquals(longest, two.get(A).map(Entry::value).orElseThrow());
        Expect last = new Expect(revision);
        assertThrows(PodnetException.Invalid.class, () -> one.put(A, longest + "x", last));
        applied(one.put(A, "", last));
        assertEquals("", two.get(A).map(Entry::value).orElseThrow());
        for (String path : List.of("net/a-b.c/x--y", "a/10-244-1-0-26", "h-s/s-h")) {
            StoreKey key = new StoreKey(path);
            applied(one.put(key, path, Expect.ABSENT));
            assertEquals(path, two.get(key).map(Entry::value).orElseThrow());
            assertEquals(key, StoreKey.ofDnsName(key.toDnsName()));
            assertTrue(key.toDnsName().matches("[a-z0-9.-]+"));
        }
    }

    @Test
    @DisplayName("10: where it says linearizable, a read sees what another node was told is written")
    void consistency() {
        assertEquals(one.consistency(), two.consistency());
        if (one.consistency() == ClusterStore.Consistency.LINEARIZABLE) {
            Expect expect = Expect.ABSENT;
            for (int i = 0; i < 50; i++) {
                String value = Integer.toString(i);
                expect = new Expect(applied(one.put(A, value, expect)));
                assertEquals(Optional.of(value), two.get(A).map(Entry::value));
            }
        }
    }

    @Test
    @DisplayName("Closing a store ends its watches and leaves what is bound for the time to live")
    void closing() {
        Duration ttl = lab.shortestTimeToLive();
        ClusterStore third = lab.connect("three");
        StoreSession session = third.openSession("three", ttl, () -> {});
        applied(third.put(A, "bound", Expect.ABSENT, session));
        third.close();
        third.close();
        assertThrows(PodnetException.class, () -> third.get(A));
        assertEquals(Map.of(A.path(), "bound"), stored(one));
        Recorder recorder = new Recorder();
        try (StoreWatch watch = one.watch(ROOM, recorder)) {
            lab.pass(ttl.multipliedBy(2));
            eventually(recorder, Map.of());
        }
    }
}
