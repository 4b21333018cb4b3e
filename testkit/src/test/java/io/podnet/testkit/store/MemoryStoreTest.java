package io.podnet.testkit.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.Providers;
import io.podnet.spi.StoreKey;
import io.podnet.store.memory.MemoryHub;
import io.podnet.store.memory.MemoryStore;
import io.podnet.store.memory.VirtualClock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The memory store on a clock that stands still. */
class MemoryStoreTest extends ClusterStoreContract {
    @Override
    protected StoreLab open() {
        VirtualClock clock = new VirtualClock();
        ExecutorService executor = Executors.newCachedThreadPool();
        MemoryHub hub = new MemoryHub(clock, executor, 64);
        return new StoreLab() {
            @Override
            public ClusterStore connect(String nodeName) {
                return hub.connect(nodeName);
            }

            @Override
            public void cut(ClusterStore store) {
                ((MemoryStore) store).cut();
            }

            @Override
            public void heal(ClusterStore store) {
                ((MemoryStore) store).heal();
            }

            @Override
            public void compact() {
                hub.compact();
            }

            @Override
            public void pass(Duration time) {
                clock.advance(time);
            }

            @Override
            public Duration shortestTimeToLive() {
                return Duration.ofSeconds(1);
            }

            @Override
            public Duration patience() {
                return Duration.ofSeconds(5);
            }

            @Override
            public void close() {
                executor.shutdownNow();
            }
        };
    }

    private static ClusterStore byName(String node, Map<String, String> options) {
        return Providers.discover(ClusterStoreProvider.class, MemoryStoreTest.class.getClassLoader())
                .get("memory")
                .create(new ClusterStoreProvider.Context("cluster", node, options));
    }

    @Test
    void nodesOfOneHubShareItsEntriesAndAStoreByNameIsAlone() {
        StoreKey key = StoreKey.of("a", "b");
        MemoryHub hub = new MemoryHub();
        try (ClusterStore one = hub.connect("one");
                ClusterStore two = hub.connect("two");
                ClusterStore alone = byName("one", Map.of())) {
            one.put(key, "x", Expect.ABSENT);
            assertEquals("x", two.get(key).orElseThrow().value());
            assertEquals(0, alone.list(StoreKey.of("a")).entries().size());
        }
        assertThrows(PodnetException.Invalid.class, () -> byName("one", Map.of("size", "1")));
    }
}
