package io.podnet.spi;

import io.podnet.api.API;

/**
 * What all provider interfaces share. Discovered objects hold no state: everything that lives is made by their create
 * method. A provider is selected by its name, since ServiceLoader's order is undefined.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface Provider {
    /**
     * Names the provider. The name is stored with what the provider made, so that teardown finds the same one later.
     *
     * @return a name in CNI's grammar for ids, constant
     */
    String name();

    /**
     * Tells for which version of these interfaces the provider was written.
     *
     * @return 1
     */
    default int apiVersion() {
        return 1;
    }
}
