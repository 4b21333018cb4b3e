package io.podnet.spi;

import io.podnet.api.API;

/** Finds the {@link Sandboxes} of a platform by name. */
@API(status = API.Status.STABLE, since = "0.1")
public interface SandboxProvider extends Provider {
    /**
     * Makes the sandboxes' keeper.
     *
     * @return the keeper
     * @throws io.podnet.api.PodnetException.Unsupported where this platform has no namespaces
     */
    Sandboxes create();
}
