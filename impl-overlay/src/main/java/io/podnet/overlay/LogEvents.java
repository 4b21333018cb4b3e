package io.podnet.overlay;

import io.podnet.api.Occurrence;
import io.podnet.api.Phase;
import io.podnet.overlay.kernel.OverlayEvents;
import io.podnet.spi.telemetry.Observation;
import io.podnet.spi.telemetry.Telemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events to the log, and reports them and phases. Safe for any thread. */
final class LogEvents implements OverlayEvents {
    private static final Logger LOG = LoggerFactory.getLogger(OverlayPlugin.class);

    private final String node;
    private final Telemetry telemetry;

    LogEvents(String node, Telemetry telemetry) {
        this.node = node;
        this.telemetry = telemetry;
    }

    @Override
    public void happened(Kind kind, String object, String detail) {
        telemetry.occurred(occurrence(kind), object, detail);
        LOG.atInfo()
                .addKeyValue("node", node)
                .addKeyValue("event", kind)
                .addKeyValue("object", object)
                .log("overlay: {}", detail);
    }

    private static Occurrence occurrence(Kind kind) {
        return switch (kind) {
            case REPAIRED -> Occurrence.OVERLAY_REPAIRED;
            case SWEPT -> Occurrence.OVERLAY_SWEPT;
            case REFUSED -> Occurrence.OVERLAY_REFUSED;
            case UNDERLAY_CHANGED -> Occurrence.UNDERLAY_CHANGED;
            case PATH_PROBED -> Occurrence.PATH_PROBED;
            case PEER_REFUSED -> Occurrence.PEER_REFUSED;
        };
    }

    @Override
    public Observation begins(Phase phase, String peer) {
        return telemetry.begin(phase, peer, "");
    }
}
