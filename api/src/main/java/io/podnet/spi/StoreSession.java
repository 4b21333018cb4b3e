package io.podnet.spi;

import io.podnet.api.API;

/**
 * A sign of life of a node, to which entries of a {@link ClusterStore} are bound. The store judges whether it has expired; the
 * holder counts itself lost no later than the store does. Safe for any thread.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface StoreSession extends AutoCloseable {
    /**
     * Names the owner.
     *
     * @return as given when it was opened
     */
    String owner();

    /**
     * Gives a number that is greater than those of all sessions that were opened before, of any owner.
     *
     * @return above 0
     */
    long fencingToken();

    /**
     * Tells whether the session still counts.
     *
     * @return false once lost or closed, for ever
     */
    boolean alive();

    /** Ends the session; what is bound to it is deleted, at once where the store answers. Idempotent. */
    @Override
    void close();
}
