package io.podnet.spi;

/** Finds the {@link Sandboxes} of a platform by name. */
public interface SandboxProvider extends Provider {
    /**
     * Makes the sandboxes' keeper.
     *
     * @return the keeper
     * @throws io.podnet.api.PodnetException.Unsupported where this platform has no namespaces
     */
    Sandboxes create();
}
