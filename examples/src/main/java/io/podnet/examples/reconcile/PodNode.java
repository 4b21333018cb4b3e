package io.podnet.examples.reconcile;

import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import io.podnet.examples.manifest.PodManifest;
import java.util.Collection;
import java.util.List;

/** What the agent asks of a node. */
public interface PodNode extends AutoCloseable {
    /**
     * Lists the pods.
     *
     * @return all pods that are set up, those of an earlier process too
     */
    List<RunningPod> pods();

    /**
     * Gives a pod its network.
     *
     * @param manifest the pod
     * @return the pod
     * @throws PodnetException where it cannot be set up
     */
    RunningPod setUp(PodManifest manifest);

    /**
     * Says whether a pod can take traffic. A pod that nothing was said of cannot.
     *
     * @param pod the pod
     * @param readiness whether it can
     */
    void setReadiness(PodId pod, Readiness readiness);

    /**
     * Says that a pod is going away.
     *
     * @param pod the pod
     */
    void terminating(PodId pod);

    /**
     * Takes pods' networks away. Idempotent.
     *
     * @param pods the pods
     * @throws PodnetException.Incomplete where something stayed
     */
    void tearDownAll(Collection<PodId> pods);

    /** Takes all pods and everything they share away. */
    void removeAll();

    @Override
    void close();
}
