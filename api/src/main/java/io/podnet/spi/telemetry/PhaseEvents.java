package io.podnet.spi.telemetry;

import io.podnet.api.Phase;

/** Which event a phase is. */
final class PhaseEvents {
    private PhaseEvents() {}

    static PhaseEvent of(Phase phase) {
        return switch (phase) {
            case POD_SET_UP -> new PodSetUpEvent();
            case POD_TEAR_DOWN -> new PodTearDownEvent();
            case SERVICES_MODEL, SERVICES_PLAN, SERVICES_WRITE, SERVICES_READ_BACK -> new ServicesPhaseEvent();
            case NAMES_UPDATE -> new NamesUpdateEvent();
            case NAMES_FORWARD -> new ForwardedQueryEvent();
            case OVERLAY_JOIN, OVERLAY_PEER, OVERLAY_REPAIR -> new OverlayPhaseEvent();
            case CNI_CALL -> new CniCallEvent();
            default -> new PodPhaseEvent();
        };
    }
}
