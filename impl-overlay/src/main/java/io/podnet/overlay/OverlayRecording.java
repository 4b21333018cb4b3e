package io.podnet.overlay;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What the overlay found or did, for Java Flight Recorder; costs nothing while nobody records. */
@Name("podnet.Overlay")
@Label("Overlay")
@Category("Podnet")
@Description("The overlay found or repaired something in a node's kernel")
@StackTrace(false)
final class OverlayRecording extends Event {
    @Label("Node")
    final String node;

    @Label("What happened")
    final String kind;

    @Label("To what")
    final String object;

    @Label("Detail")
    final String detail;

    OverlayRecording(String node, String kind, String object, String detail) {
        this.node = node;
        this.kind = kind;
        this.object = object;
        this.detail = detail;
    }
}
