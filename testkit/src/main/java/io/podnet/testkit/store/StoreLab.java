package io.podnet.testkit.store;

import io.podnet.spi.ClusterStore;
import java.time.Duration;

/** A store under test, empty at first, and what the contract must be able to do to it. For one test. */
public interface StoreLab extends AutoCloseable {
    /**
     * Connects a node with a connection of its own.
     *
     * @param nodeName the node
     * @return a store
     */
    ClusterStore connect(String nodeName);

    /**
     * Separates a node from the store: nothing passes in either direction, nobody is told.
     *
     * @param store what {@link #connect} gave
     */
    void cut(ClusterStore store);

    /**
     * Undoes {@link #cut}.
     *
     * @param store what {@link #connect} gave
     */
    void heal(ClusterStore store);

    /** Makes the store forget its history up to now. */
    void compact();

    /**
     * Lets time pass for the store.
     *
     * @param time how much; virtual where the store's clock is
     */
    void pass(Duration time);

    /**
     * Gives the shortest time to live that the store keeps exactly.
     *
     * @return 1 s or more
     */
    Duration shortestTimeToLive();

    /**
     * Gives how long anything may take that is not a matter of time to live.
     *
     * @return an upper bound, for waits that end early
     */
    default Duration patience() {
        return Duration.ofSeconds(20);
    }

    /** Closes all. */
    @Override
    void close();
}
