package io.podnet.spi.telemetry;

import io.podnet.api.API;
import io.podnet.api.MetricsListener.Outcome;
import io.podnet.api.Phase;
import org.jspecify.annotations.Nullable;

/** A phase that has begun. Ended once, by whichever thread; what is said after that is ignored. For one thread at a time. */
@API(status = API.Status.STABLE, since = "0.1")
public final class Observation {
    private static final Observation OFF = new Observation();

    private final @Nullable Telemetry telemetry;
    private final Phase phase;
    private final @Nullable PhaseEvent event;
    private final long begun;
    private boolean ended;

    private Observation() {
        telemetry = null;
        phase = Phase.POD_SET_UP;
        event = null;
        begun = 0;
    }

    Observation(Telemetry telemetry, Phase phase, PhaseEvent event) {
        this.telemetry = telemetry;
        this.phase = phase;
        this.event = event;
        event.begin();
        this.begun = System.nanoTime();
    }

    /**
     * Gives one that reaches nobody.
     *
     * @return always the same
     */
    public static Observation off() {
        return OFF;
    }

    /** The phase did what it should. */
    public void succeeded() {
        end(Outcome.SUCCEEDED, null);
    }

    /**
     * The phase failed.
     *
     * @param why what it threw
     */
    public void failed(Throwable why) {
        end(Outcome.FAILED, why);
    }

    /**
     * The phase failed.
     *
     * @param why what was wrong
     */
    public void failed(String why) {
        end(Outcome.FAILED, why);
    }

    private void end(Outcome outcome, @Nullable Object why) {
        if (telemetry == null || event == null || ended) {
            return;
        }
        ended = true;
        long nanos = System.nanoTime() - begun;
        event.end();
        if (event.shouldCommit()) {
            event.ends(outcome, why);
            event.commit();
        }
        telemetry.ended(phase, outcome, nanos);
    }
}
