package io.podnet.spi.telemetry;

import io.podnet.api.API;
import io.podnet.api.MetricsListener;
import io.podnet.api.MetricsListener.Outcome;
import io.podnet.api.Occurrence;
import io.podnet.api.Phase;
import io.podnet.api.PodId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's reports to Java Flight Recorder and to its {@link MetricsListener}. While nobody records and nobody listens a report
 * costs some nanoseconds. Never throws what a listener throws. Not to be used on a thread that is in another namespace, where a
 * listener's or a logger's threads would be born. Safe for any thread.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Telemetry {
    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);

    private final String node;
    private final Optional<MetricsListener> listener;
    private final AtomicBoolean complained = new AtomicBoolean();

    /**
     * Makes a node's telemetry.
     *
     * @param node the node's name
     * @param listener the host program's metrics; empty for recordings only
     */
    public Telemetry(String node, Optional<MetricsListener> listener) {
        this.node = Objects.requireNonNull(node, "node");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Makes a node's telemetry without metrics.
     *
     * @param node the node's name
     * @return reports to recordings only
     */
    public static Telemetry of(String node) {
        return new Telemetry(node, Optional.empty());
    }

    /**
     * Begins a phase of a pod.
     *
     * @param phase the phase
     * @param pod the pod
     * @return to be ended once
     */
    public Observation begin(Phase phase, PodId pod) {
        return begin(phase, pod.namespace(), pod.name());
    }

    /**
     * Begins a phase.
     *
     * @param phase the phase
     * @param about what it is about: for phases of services a family, of forwarded names the name, of the overlay the other node,
     *     of CNI the plugin; else empty
     * @param detail more of it: of forwarded names the type, of CNI the verb; else empty
     * @return to be ended once
     */
    public Observation begin(Phase phase, String about, String detail) {
        PhaseEvent event = PhaseEvents.of(phase);
        if (listener.isEmpty() && !event.isEnabled()) {
            return Observation.off();
        }
        event.begins(node, phase, about, detail);
        return new Observation(this, phase, event);
    }

    /**
     * Tells whether reports of a phase reach anybody: for what is costly to name.
     *
     * @param phase the phase
     * @return false where {@link #begin} would do nothing
     */
    public boolean isOn(Phase phase) {
        return listener.isPresent() || PhaseEvents.of(phase).isEnabled();
    }

    /**
     * Observes a phase of a pod.
     *
     * @param phase the phase
     * @param pod the pod
     * @param work what it consists of
     * @param <T> what it gives
     * @return what the work gave
     */
    public <T> T observe(Phase phase, PodId pod, Supplier<T> work) {
        return observed(begin(phase, pod), work);
    }

    /**
     * Observes a phase.
     *
     * @param phase the phase
     * @param about as for {@link #begin(Phase, String, String)}
     * @param work what it consists of
     * @param <T> what it gives
     * @return what the work gave
     */
    public <T> T observe(Phase phase, String about, Supplier<T> work) {
        return observed(begin(phase, about, ""), work);
    }

    private static <T> T observed(Observation observation, Supplier<T> work) {
        try {
            T result = work.get();
            observation.succeeded();
            return result;
        } catch (RuntimeException | Error e) {
            observation.failed(e);
            throw e;
        }
    }

    /**
     * Begins phases of a pod that follow each other.
     *
     * @param pod the pod
     * @return the first is yet to be entered
     */
    public Course course(PodId pod) {
        return new Course(this, pod);
    }

    /**
     * Something happened.
     *
     * @param occurrence what
     * @param object to which object
     * @param detail more, for people
     */
    public void occurred(Occurrence occurrence, String object, String detail) {
        OccurrenceEvent event = new OccurrenceEvent();
        if (event.shouldCommit()) {
            event.node = node;
            event.kind = occurrence.text();
            event.object = object;
            event.detail = detail;
            event.commit();
        }
        listener.ifPresent(told -> tell(() -> told.onOccurrence(occurrence)));
    }

    void ended(Phase phase, Outcome outcome, long nanos) {
        listener.ifPresent(told -> tell(() -> told.onPhase(phase, outcome, Duration.ofNanos(Math.max(0, nanos)))));
    }

    /** Whatever a listener throws, those whom it listens to go on. */
    @SuppressWarnings("CatchingUnchecked")
    private void tell(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            if (complained.compareAndSet(false, true)) {
                LOG.atWarn()
                        .addKeyValue("node", node)
                        .setCause(e)
                        .log("the metrics listener failed; further failures of it are not logged");
            }
        }
    }
}
