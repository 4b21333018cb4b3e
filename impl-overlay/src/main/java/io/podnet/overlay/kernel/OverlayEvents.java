package io.podnet.overlay.kernel;

import io.podnet.api.Phase;
import io.podnet.spi.telemetry.Observation;

/** Is told what the overlay finds and does. Calls must not wait. */
@FunctionalInterface
public interface OverlayEvents {
    /** What happened. */
    enum Kind {
        /** Something of ours had gone from the kernel, or was changed, and is as it should be again. */
        REPAIRED,
        /** Something of ours that nobody wants any more was found and removed. */
        SWEPT,
        /** The kernel refused; it is tried again. */
        REFUSED,
        /** The node's own address or MTU on the underlay changed. */
        UNDERLAY_CHANGED,
        /** A way to a peer was proved, or failed its proof. */
        PATH_PROBED,
        /** What a peer wrote cannot be used. */
        PEER_REFUSED
    }

    /**
     * Something happened.
     *
     * @param kind what
     * @param object to which object
     * @param detail more, for people
     */
    void happened(Kind kind, String object, String detail);

    /**
     * A phase begins; by default nobody wants to know.
     *
     * @param phase which
     * @param peer the other node that it is about, or empty
     * @return to be ended once
     */
    default Observation begins(Phase phase, String peer) {
        return Observation.off();
    }
}
