package io.podnet.store.memory;

import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStoreProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the store {@code memory}. Stores of one cluster name share their entries within the JVM, which are gone with it. For
 * tests, and for a cluster whose nodes are network namespaces of one process. No options.
 */
public final class MemoryStoreProvider implements ClusterStoreProvider {
    /** By cluster name: nodes that have nothing in common but the JVM meet here, which takes something that is the JVM's. */
    private static final Map<String, MemoryHub> HUBS = new ConcurrentHashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public MemoryStoreProvider() {}

    /**
     * Names the provider.
     *
     * @return {@code memory}
     */
    @Override
    public String name() {
        return "memory";
    }

    @Override
    public ClusterStore create(Context context) {
        if (!context.options().isEmpty()) {
            throw new PodnetException.Invalid(
                    "the store 'memory' has no options: " + context.options().keySet());
        }
        return HUBS.computeIfAbsent(context.cluster(), cluster -> new MemoryHub())
                .connect(context.nodeName());
    }
}
