package io.podnet.spi.telemetry;

import io.podnet.api.MetricsListener.Outcome;
import io.podnet.api.Phase;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * What the events of all phases have in common. The fields are the recorder's to read, so they are not private. No annotation
 * Registered(false): with it JDK 17 never enables the events that extend this; it registers no abstract class anyway. Must not name a
 * class that extends it: while one is loaded the recorder asks for this one's fields, which would load that again.
 */
@Category("Podnet")
@StackTrace(false)
abstract class PhaseEvent extends Event {
    @Label("Node")
    String node = "";

    @Label("Phase")
    String phase = "";

    @Label("Outcome")
    @Description("succeeded or failed")
    String outcome = "";

    @Label("Failure")
    @Description("What was thrown; empty where it succeeded")
    String failure = "";

    PhaseEvent() {}

    final void begins(String onNode, Phase which, String about, String detail) {
        node = onNode;
        phase = which.text();
        about(about, detail);
    }

    /** Takes what it is about. */
    abstract void about(String about, String detail);

    final void ends(Outcome how, @Nullable Object why) {
        outcome = how.text();
        failure = why == null ? "" : why.toString();
    }
}
