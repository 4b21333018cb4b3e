package io.podnet.examples.manifest;

/** When a container that ended is started again, with Kubernetes' names. */
public enum RestartPolicy {
    /** Always. */
    ALWAYS("Always"),
    /** After a failure. */
    ON_FAILURE("OnFailure"),
    /** Never. */
    NEVER("Never");

    private final String text;

    RestartPolicy(String text) {
        this.text = text;
    }

    static RestartPolicy parse(Fields spec) {
        String wanted = spec.string("restartPolicy").orElse(ALWAYS.text);
        for (RestartPolicy policy : values()) {
            if (policy.text.equals(wanted)) {
                return policy;
            }
        }
        throw spec.error("restartPolicy", "'" + wanted + "' is not one of Always, OnFailure, Never");
    }

    /**
     * Decides.
     *
     * @param failed whether the container ended with another exit code than 0
     * @return true where it is started again
     */
    public boolean restarts(boolean failed) {
        return this == ALWAYS || (this == ON_FAILURE && failed);
    }
}
