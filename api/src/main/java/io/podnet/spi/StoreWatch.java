package io.podnet.spi;

import io.podnet.api.API;

/** A watch that runs. */
@API(status = API.Status.STABLE, since = "0.1")
public interface StoreWatch extends AutoCloseable {
    /** Ends the watch. At most the call to the observer that is under way goes on. Idempotent, waits for nothing. */
    @Override
    void close();
}
