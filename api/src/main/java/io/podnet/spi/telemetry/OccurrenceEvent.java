package io.podnet.spi.telemetry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Something that happened. */
@Name("io.podnet.Occurrence")
@Label("Occurrence")
@Category("Podnet")
@Description("Something was found or repaired")
@StackTrace(false)
final class OccurrenceEvent extends Event {
    @Label("Node")
    String node = "";

    @Label("Kind")
    String kind = "";

    @Label("Object")
    String object = "";

    @Label("Detail")
    String detail = "";
}
