package io.podnet.overlay;

import io.podnet.overlay.kernel.OverlayEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events to the log, and to Java Flight Recorder where it records. Safe for any thread. */
final class LogEvents implements OverlayEvents {
    private static final Logger LOG = LoggerFactory.getLogger(OverlayPlugin.class);

    private final String node;

    LogEvents(String node) {
        this.node = node;
    }

    @Override
    public void happened(Kind kind, String object, String detail) {
        new OverlayRecording(node, kind.name(), object, detail).commit();
        LOG.atInfo()
                .addKeyValue("node", node)
                .addKeyValue("event", kind)
                .addKeyValue("object", object)
                .log("overlay: {}", detail);
    }
}
