package io.podnet.overlay.kernel;

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
}
