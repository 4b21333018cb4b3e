package io.podnet.api;

/** How far a pod's network has come, in Kubernetes' words for {@code PodPhase}. */
@API(status = API.Status.STABLE, since = "0.1")
public enum PodPhase {
    /** The record is written, the kernel's objects are being made. */
    PENDING("Pending"),
    /** Set up. */
    RUNNING("Running"),
    /** Set-up or teardown failed; the message says why. */
    FAILED("Failed");

    private final String text;

    PodPhase(String text) {
        this.text = text;
    }

    /**
     * Gives Kubernetes' spelling.
     *
     * @return {@code Pending}, {@code Running} or {@code Failed}
     */
    public String text() {
        return text;
    }
}
