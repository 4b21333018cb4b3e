package io.podnet.store.memory;

import io.podnet.api.API;
import io.podnet.api.PodnetException;
import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStoreProvider;

/**
 * Finds the store {@code memory}: a cluster of one node, whose entries are gone with the JVM. Nodes that share one are each
 * given a connection to the same {@link MemoryHub}, see {@link io.podnet.api.PodnetBuilder#clusterStore(ClusterStore)}. No
 * options.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class MemoryStoreProvider implements ClusterStoreProvider {
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
        return new MemoryHub().connect(context.nodeName());
    }
}
