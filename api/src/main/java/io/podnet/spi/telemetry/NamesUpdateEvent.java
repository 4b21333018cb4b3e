package io.podnet.spi.telemetry;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A change of names. */
@Name("io.podnet.NamesUpdate")
@Label("Names Update")
@Description("A change of names became visible to queries")
@Threshold("0 ns")
final class NamesUpdateEvent extends PhaseEvent {
    @Override
    void about(String about, String detail) {}
}
