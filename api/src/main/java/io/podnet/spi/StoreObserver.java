package io.podnet.spi;

import io.podnet.api.API;
import java.util.List;

/**
 * Is told what a watch of a {@link ClusterStore} sees. Calls come one after another, on a thread that is not the
 * transport's. An observer that throws is told everything again, by a new snapshot.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface StoreObserver {
    /**
     * Gets all that is there, which replaces all that was told before. The first call of every watch but for
     * {@link #connectivity}.
     *
     * @param snapshot everything below the watched key
     */
    void snapshot(ClusterStore.Snapshot snapshot);

    /**
     * Gets what changed since.
     *
     * @param changes at least one, at most one of a key
     */
    void changed(List<ClusterStore.Change> changes);

    /**
     * Is told of the way to the store. No reason to delete anything.
     *
     * @param state the new state
     */
    default void connectivity(ClusterStore.Connectivity state) {}
}
