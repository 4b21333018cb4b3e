package io.podnet.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.Providers;
import io.podnet.testkit.store.StoreLab;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster of its own in a running etcd. Each node speaks with etcd by another loopback address, which can be cut. */
final class EtcdLab implements StoreLab {
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private final EtcdServer server;
    private final String cluster = "lab" + CLUSTERS.incrementAndGet();
    private final Map<ClusterStore, Integer> clients = new IdentityHashMap<>();

    EtcdLab(EtcdServer server) {
        this.server = server;
    }

    @Override
    public ClusterStore connect(String nodeName) {
        int client = 1 + CLIENTS.incrementAndGet() % 250;
        ClusterStore store = Providers.discover(ClusterStoreProvider.class, EtcdLab.class.getClassLoader())
                .get("etcd")
                .create(new ClusterStoreProvider.Context(
                        cluster,
                        nodeName,
                        Map.of("endpoints", EtcdServer.endpoint(client), "timeout", "PT3S", "probe", "PT0.5S")));
        clients.put(store, client);
        return store;
    }

    @Override
    public void cut(ClusterStore store) {
        server.cut(clients.get(store));
    }

    @Override
    public void heal(ClusterStore store) {
        server.heal(clients.get(store));
    }

    @Override
    public void compact() {
        ByteSequence any = ByteSequence.from("any", StandardCharsets.UTF_8);
        try (Client client = Client.builder().endpoints("http://127.0.0.1:2379").build()) {
            long revision = client.getKVClient().put(any, any).get().getHeader().getRevision();
            client.getKVClient().compact(revision).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void pass(Duration time) {
        EtcdServer.pause(time.toMillis());
    }

    @Override
    public Duration shortestTimeToLive() {
        return Duration.ofSeconds(5);
    }

    /** A machine that is busy with other things is slow, not wrong. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(60);
    }

    @Override
    public void close() {
        clients.keySet().forEach(ClusterStore::close);
    }
}
