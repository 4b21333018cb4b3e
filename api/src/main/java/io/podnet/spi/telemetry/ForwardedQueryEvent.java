package io.podnet.spi.telemetry;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A query that was forwarded. There may be thousands each second, so quick ones are recorded only on demand. */
@Name("io.podnet.ForwardedQuery")
@Label("Forwarded Query")
@Description("A query for a name outside the cluster, until its answer came")
@Threshold("1 ms")
final class ForwardedQueryEvent extends PhaseEvent {
    @Label("Name")
    String name = "";

    @Label("Type")
    String type = "";

    @Override
    void about(String about, String detail) {
        name = about;
        type = detail;
    }
}
