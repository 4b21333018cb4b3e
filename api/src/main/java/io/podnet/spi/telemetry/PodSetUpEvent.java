package io.podnet.spi.telemetry;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A whole set-up of a pod. */
@Name("io.podnet.PodSetUp")
@Label("Pod Set-up")
@Description("A pod was set up, or could not be")
@Threshold("0 ns")
final class PodSetUpEvent extends PhaseEvent {
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
