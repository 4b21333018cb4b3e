package io.podnet.spi.telemetry;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A whole tear-down of a pod. */
@Name("io.podnet.PodTearDown")
@Label("Pod Tear-down")
@Description("A pod was torn down, or could not be")
@Threshold("0 ns")
final class PodTearDownEvent extends PhaseEvent {
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
