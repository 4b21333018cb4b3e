package io.podnet.spi.telemetry;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A step of the service proxy. */
@Name("io.podnet.ServicesPhase")
@Label("Services Phase")
@Description("A step of bringing services into the kernel")
@Threshold("0 ns")
final class ServicesPhaseEvent extends PhaseEvent {
    @Label("Family")
    String family = "";

    @Override
    void about(String about, String detail) {
        family = about;
    }
}
