package io.podnet.examples.reconcile;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.PodManifest;

/** One step towards what should run. */
public sealed interface Action {
    /**
     * Names the pod.
     *
     * @return the pod
     */
    PodId pod();

    /**
     * A pod is brought up.
     *
     * @param manifest the pod's manifest
     */
    record SetUp(PodManifest manifest) implements Action {
        @Override
        public PodId pod() {
            return manifest.id();
        }
    }

    /**
     * A pod is taken down.
     *
     * @param pod the pod
     * @param reason why, for people
     */
    record Remove(PodId pod, String reason) implements Action {}
}
