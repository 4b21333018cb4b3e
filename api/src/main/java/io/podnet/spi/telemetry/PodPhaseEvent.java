package io.podnet.spi.telemetry;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A step of a set-up or a tear-down. */
@Name("io.podnet.PodPhase")
@Label("Pod Phase")
@Description("A step of a pod's set-up or tear-down")
@Threshold("0 ns")
final class PodPhaseEvent extends PhaseEvent {
    @Label("Namespace")
    String namespace = "";

    @Label("Pod")
    String pod = "";

    @Override
    void about(String about, String detail) {
        namespace = about;
        pod = detail;
    }
}
