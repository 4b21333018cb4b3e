package io.podnet.testkit.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStore.WriteResult;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreSession;
import io.podnet.store.StoreMirror;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.VirtualClock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What goes wrong does go wrong, and a mirror still ends with what is there. */
class FaultyStoreTest {
    private enum Outcome {
        APPLIED,
        REFUSED,
        FENCED,
        TIMED_OUT
    }

    @Test
    void aMirrorEndsWithWhatIsThere() {
        long seed = System.nanoTime();
        System.out.println("faulty store seed " + seed);
        Random random = new Random(seed);
        MemoryHub hub = new MemoryHub(new VirtualClock(), Runnable::run, 8);
        FaultyStore store = new FaultyStore(hub.connect("a"), seed, Faults.NONE);
        AtomicInteger lost = new AtomicInteger();
        StoreSession session = store.openSession("a", Duration.ofSeconds(1), lost::incrementAndGet);
        store.faults(new Faults(50, 50, 50, 0, 100, 100, 300, 0));
        StoreKey parent = StoreKey.of("k");
        StoreMirror mirror = new StoreMirror(() -> {});
        store.watch(parent, mirror);
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (int i = 0; i < 5000; i++) {
            StoreKey key = parent.child("k" + random.nextInt(20));
            Outcome outcome;
            try {
                WriteResult result = random.nextInt(3) == 0
                        ? store.delete(key, Expect.of(store.get(key)))
                        : random.nextBoolean()
                                ? store.put(key, "v" + i, Expect.of(store.get(key)))
                                : store.put(key, "s" + i, Expect.of(store.get(key)), session);
                outcome = result instanceof WriteResult.Fenced
                        ? Outcome.FENCED
                        : result.applied() ? Outcome.APPLIED : Outcome.REFUSED;
            } catch (PodnetException.TimedOut e) {
                outcome = Outcome.TIMED_OUT;
            }
            outcomes.merge(outcome, 1, Integer::sum);
            if (i == 4000) {
                store.killSessions();
            }
        }
        assertEquals(4, outcomes.size(), outcomes::toString);
        assertEquals(1, lost.get());
        assertTrue(mirror.synced());
        assertEquals(hub.connect("b").list(parent).entries(), mirror.entries());
    }
}
