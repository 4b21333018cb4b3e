package io.podnet.examples.desired;

/** Where a node's manifests come from. */
public interface ManifestSource {
    /**
     * Looks at them.
     *
     * @return what the files say now
     * @throws io.podnet.api.PodnetException.NotFound where there is no such directory
     * @throws io.podnet.api.PodnetException.StateFailure where it cannot be listed
     */
    Snapshot scan();
}
