package io.podnet.api;

import io.podnet.spi.ClusterStore;
import io.podnet.spi.ClusterStoreProvider;
import io.podnet.spi.Providers;
import java.util.Map;
import java.util.Optional;

/** Where a node's cluster store comes from, and so who closes it. */
sealed interface StoreChoice {
    /** The node stands alone. */
    record None() implements StoreChoice {}

    /** The caller's, who closes it. */
    record Given(ClusterStore store) implements StoreChoice {}

    /** Made by a provider for this node, which closes it. */
    record ByName(String provider, Map<String, String> options) implements StoreChoice {
        public ByName {
            options = Map.copyOf(options);
        }
    }

    /** Gives the store; what is made here is closed with the node, after all that use it. */
    default Optional<ClusterStore> open(
            Providers<ClusterStoreProvider> providers, String cluster, String nodeName, Opened opened) {
        if (this instanceof Given given) {
            return Optional.of(given.store());
        }
        if (this instanceof ByName named) {
            ClusterStoreProvider provider = providers.get(named.provider());
            return Optional.of(opened.add(Providers.required(
                    provider, provider.create(new ClusterStoreProvider.Context(cluster, nodeName, named.options())))));
        }
        return Optional.empty();
    }
}
