package io.podnet.bridge;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** That somebody had removed rules and they were put back, for Java Flight Recorder; costs nothing while nobody records. */
@Name("podnet.RulesMended")
@Label("Packet filter rules mended")
@Category("Podnet")
@Description("Somebody else changed a bridge's packet filter rules, and they were put back")
@StackTrace(false)
final class RulesMended extends Event {
    @Label("Bridge")
    final String bridge;

    @Label("What was put back")
    final String steps;

    @Label("Pods let in again")
    final int pods;

    RulesMended(String bridge, String steps, int pods) {
        this.bridge = bridge;
        this.steps = steps;
        this.pods = pods;
    }
}
