package io.podnet.examples.reconcile;

/** Whether a pod can take traffic. */
public enum Readiness {
    /** All its containers run. */
    READY,
    /** A container does not run now. */
    NOT_READY,
    /** All its containers ended for good. */
    ENDED
}
