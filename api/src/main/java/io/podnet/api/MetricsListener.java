package io.podnet.api;

import java.time.Duration;

/**
 * Is told how long what took and how it ended, for a host program's own metrics; {@link PodnetBuilder#metrics} takes one. With
 * Micrometer a whole binding is
 *
 * <pre>{@code
 * new MetricsListener() {
 *     public void onPhase(Phase phase, Outcome outcome, Duration took) {
 *         registry.timer("podnet.phase", "phase", phase.text(), "outcome", outcome.text()).record(took);
 *     }
 *     public void onOccurrence(Occurrence occurrence) {
 *         registry.counter("podnet.occurrence", "kind", occurrence.text()).increment();
 *     }
 * }
 * }</pre>
 *
 * <p>Called on the thread that did the work, by many at once, so it must be safe for any thread and must not wait. What it throws
 * is logged once and reaches nobody.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface MetricsListener {
    /** How a phase ended. */
    enum Outcome {
        /** It did what it should. */
        SUCCEEDED,
        /** It threw. */
        FAILED;

        /**
         * Gives the name for tags.
         *
         * @return {@code succeeded} or {@code failed}
         */
        public String text() {
            return this == SUCCEEDED ? "succeeded" : "failed";
        }
    }

    /**
     * A phase ended.
     *
     * @param phase which
     * @param outcome how
     * @param took how long, never negative
     */
    default void onPhase(Phase phase, Outcome outcome, Duration took) {}

    /**
     * Something happened.
     *
     * @param occurrence what
     */
    default void onOccurrence(Occurrence occurrence) {}
}
