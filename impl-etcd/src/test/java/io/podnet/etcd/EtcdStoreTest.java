package io.podnet.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStore.Expect;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.StoreKey;
import io.podnet.spi.StoreSession;
import io.podnet.store.StoreMirror;
import io.podnet.testkit.store.ClusterStoreContract;
import io.podnet.testkit.store.StoreLab;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract on a real etcd, and what only etcd can do: die and come back. */
class EtcdStoreTest extends ClusterStoreContract {
    private static EtcdServer server;

    @BeforeAll
    static void startEtcd() {
        server = EtcdServer.start();
    }

    @AfterAll
    static void stopEtcd() {
        server.close();
    }

    @Override
    protected StoreLab open() {
        return new EtcdLab(server);
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            EtcdServer.pause(10);
        }
        assertTrue(condition.getAsBoolean());
    }

    @Test
    void etcdDiesAndComesBack() {
        StoreKey parent = StoreKey.of("net", "restart");
        StoreKey key = parent.child("a");
        try (EtcdLab lab = new EtcdLab(server)) {
            ClusterStore one = lab.connect("one");
            ClusterStore two = lab.connect("two");
            StoreMirror mirror = new StoreMirror(() -> {});
            two.watch(parent, mirror);
            StoreSession session = one.openSession("one", Duration.ofSeconds(10), () -> {});
            one.put(key, "before", Expect.ABSENT, session);
            eventually(() -> mirror.get(key).isPresent());
            server.kill();
            assertThrows(PodnetException.TimedOut.class, () -> one.get(key));
            assertEquals("before", mirror.get(key).orElseThrow().value());
            server.again();
            eventually(() -> {
                try {
                    return one.put(key, "after", Expect.of(one.get(key)), session)
                            .applied();
                } catch (PodnetException.TimedOut e) {
                    return false;
                }
            });
            eventually(() -> mirror.get(key).orElseThrow().value().equals("after"));
            assertTrue(session.alive());
        }
    }

    @Test
    void itStartsWithoutEtcd() {
        try (EtcdLab lab = new EtcdLab(server)) {
            server.kill();
            ClusterStore store = lab.connect("early");
            StoreMirror mirror = new StoreMirror(() -> {});
            store.watch(StoreKey.of("net"), mirror);
            assertThrows(PodnetException.TimedOut.class, () -> store.get(StoreKey.of("net", "x")));
            server.again();
            eventually(mirror::synced);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ftp://192.0.2.1:2379",
                "http://192.0.2.1",
                "http://192.0.2.1:2379/path",
                "http://user@192.0.2.1:2379",
                "http://192.0.2.1:2379,",
                "not a uri"
            })
    void badEndpointsAreRefused(String endpoints) {
        assertThrows(PodnetException.Invalid.class, () -> create(Map.of("endpoints", endpoints)));
    }

    @Test
    void badOptionsAreRefused() {
        String good = "http://192.0.2.1:2379";
        assertThrows(PodnetException.Invalid.class, () -> create(Map.of()));
        assertThrows(PodnetException.Invalid.class, () -> create(Map.of("endpoints", good, "unknown", "1")));
        assertThrows(PodnetException.Invalid.class, () -> create(Map.of("endpoints", good, "timeout", "5")));
        assertThrows(PodnetException.Invalid.class, () -> create(Map.of("endpoints", good, "probe", "PT0S")));
    }

    private static void create(Map<String, String> options) {
        new EtcdStoreProvider()
                .create(new ClusterStoreProvider.Context("cluster", "node", options))
                .close();
    }
}
