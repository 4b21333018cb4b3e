package io.podnet.examples.manifest;

import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A pod as its manifest describes it.
 *
 * @param spec what the network needs to know
 * @param restartPolicy when containers are started again
 * @param gracePeriod how long containers have between SIGTERM and SIGKILL
 * @param nodeName the node that it shall run on, where the manifest says so
 * @param containers the containers
 * @param json the manifest with sorted keys and without comments; reading it gives this pod again
 * @param hash a digest of that text: two manifests with the same one are the same pod
 */
public record PodManifest(
        PodSpec spec,
        RestartPolicy restartPolicy,
        Duration gracePeriod,
        Optional<String> nodeName,
        List<ContainerManifest> containers,
        String json,
        String hash)
        implements Manifest {
    public PodManifest {
        containers = List.copyOf(containers);
    }

    /**
     * Names the pod.
     *
     * @return namespace and name
     */
    public PodId id() {
        return spec.id();
    }

    @Override
    public ObjectKey key() {
        return ObjectKey.of(id());
    }
}
