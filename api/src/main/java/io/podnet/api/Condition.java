package io.podnet.api;

import java.util.Objects;

/**
 * Whether a provider can serve, in the manner of a Kubernetes condition and of CNI's STATUS verb (codes 50 and 51).
 *
 * @param code the state
 * @param reason a CamelCase word for programs, for example {@code BridgeNeighbourTableSmall}; never empty
 * @param message a sentence for people: cause and remedy; empty where all is well
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Condition(Code code, String reason, String message) {
    /** All is well. */
    public static final Condition READY = new Condition(Code.READY, "Ready", "");

    public Condition {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        if (!reason.matches("[A-Z][A-Za-z0-9]*")) {
            throw new PodnetException.Invalid("'" + reason + "' is not a CamelCase reason");
        }
    }

    /** How much a provider can do. */
    public enum Code {
        /** Everything. */
        READY,
        /** Something is missing or close to its limit, what is there works: CNI code 51. */
        LIMITED,
        /** Nothing can be set up now: CNI code 50. */
        NOT_READY
    }
}
