package io.podnet.spi.telemetry;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A step of the overlay. */
@Name("io.podnet.OverlayPhase")
@Label("Overlay Phase")
@Description("A step of the overlay")
@Threshold("0 ns")
final class OverlayPhaseEvent extends PhaseEvent {
    @Label("Peer")
    String peer = "";

    @Override
    void about(String about, String detail) {
        peer = about;
    }
}
