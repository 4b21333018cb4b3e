package io.podnet.spi.telemetry;

import io.podnet.api.API;
import io.podnet.api.Phase;
import io.podnet.api.PodId;
import java.util.List;

/** Phases of a pod that follow each other without a gap: the beginning of one is the end of the one before. For one thread. */
@API(status = API.Status.STABLE, since = "0.1")
public final class Course {
    private final Telemetry telemetry;
    private final PodId pod;
    private Observation current = Observation.off();

    Course(Telemetry telemetry, PodId pod) {
        this.telemetry = telemetry;
        this.pod = pod;
    }

    /**
     * Goes on to the next phase; the one before did what it should.
     *
     * @param phase the next
     */
    public void enter(Phase phase) {
        current.succeeded();
        current = telemetry.begin(phase, pod);
    }

    /** The last phase did what it should. */
    public void succeeded() {
        current.succeeded();
    }

    /**
     * The last phase ended.
     *
     * @param failures of all phases that were tried; none where all did what they should
     */
    public void end(List<? extends Throwable> failures) {
        if (failures.isEmpty()) {
            current.succeeded();
        } else {
            current.failed(failures.get(failures.size() - 1));
        }
    }

    /**
     * The phase that it is in failed.
     *
     * @param why what it threw
     */
    public void failed(Throwable why) {
        current.failed(why);
    }
}
