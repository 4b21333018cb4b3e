package io.podnet.examples.state;

import io.podnet.api.PodId;
import java.util.List;

/**
 * What became of a pod.
 *
 * @param namespace the pod's namespace
 * @param name the pod's name
 * @param phase {@code Pending}, {@code Running}, {@code Succeeded} or {@code Failed}
 * @param message why it is so; empty where all is well
 * @param sandboxId Podnet's id of the pod's sandbox; empty where it has none
 * @param bootId the boot in which the processes below were started
 * @param containers its containers
 */
public record PodStatus(
        String namespace,
        String name,
        String phase,
        String message,
        String sandboxId,
        String bootId,
        List<ContainerStatus> containers) {
    public PodStatus {
        containers = List.copyOf(containers);
    }

    /**
     * A pod that has no sandbox.
     *
     * @param id the pod
     * @param phase its phase
     * @param message why
     * @return its status
     */
    public static PodStatus of(PodId id, String phase, String message) {
        return new PodStatus(id.namespace(), id.name(), phase, message, "", "", List.of());
    }

    /**
     * Names the pod.
     *
     * @return namespace and name
     */
    public PodId id() {
        return new PodId(namespace, name);
    }
}
