package io.podnet.api;

import java.util.Locale;

/** Something that happens and takes no time worth measuring; counted for a {@link MetricsListener} and recorded. */
@API(status = API.Status.STABLE, since = "0.1")
public enum Occurrence {
    /** Rules of services that somebody else changed are as they should be again. */
    SERVICES_REPAIRED,
    /** Something of the overlay had gone from the kernel, or was changed, and is as it should be again. */
    OVERLAY_REPAIRED,
    /** Something of the overlay that nobody wants any more was removed. */
    OVERLAY_SWEPT,
    /** The kernel refused what the overlay asked for; it is tried again. */
    OVERLAY_REFUSED,
    /** The node's own address or MTU on the underlay changed. */
    UNDERLAY_CHANGED,
    /** A way to another node was proved, or failed its proof. */
    PATH_PROBED,
    /** What another node wrote cannot be used. */
    PEER_REFUSED;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /**
     * Gives the name for people and for tags.
     *
     * @return small letters and hyphens, for example {@code services-repaired}
     */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
