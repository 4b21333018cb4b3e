package io.podnet.spi;

/** A watch that runs. */
public interface StoreWatch extends AutoCloseable {
    /** Ends the watch. At most the call to the observer that is under way goes on. Idempotent, waits for nothing. */
    @Override
    void close();
}
