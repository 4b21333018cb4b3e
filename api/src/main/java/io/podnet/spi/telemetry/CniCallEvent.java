package io.podnet.spi.telemetry;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A call of a CNI plugin. */
@Name("io.podnet.CniCall")
@Label("CNI Call")
@Description("A CNI plugin was called")
@Threshold("0 ns")
final class CniCallEvent extends PhaseEvent {
    @Label("Plugin")
    String plugin = "";

    @Label("Verb")
    String verb = "";

    @Override
    void about(String about, String detail) {
        plugin = about;
        verb = detail;
    }
}
