package io.podnet.api;

import java.util.Locale;

/**
 * A step of Podnet's work that is timed: for Java Flight Recorder, where it is the field {@code phase} of an event, and for a
 * {@link MetricsListener}.
 */
@API(status = API.Status.STABLE, since = "0.1")
public enum Phase {
    /** A pod is set up: all of it. */
    POD_SET_UP,
    /** A pod is torn down: all of it; of several at once, each takes the time of all. */
    POD_TEAR_DOWN,
    /** Set-up: the pod's record is written, before the kernel is asked. */
    SET_UP_JOURNAL,
    /** Set-up: the network namespace is made, or one that is there is joined. */
    SET_UP_NAMESPACE,
    /** Set-up: the network plugin's whole part. */
    SET_UP_NETWORK,
    /** Set-up, within the plugin's part: the Ipam gives addresses. */
    SET_UP_ADDRESS,
    /** Set-up, within the plugin's part: the packet filter lets the pod in. */
    SET_UP_RULES,
    /** Set-up, within the plugin's part: links, addresses, routes, limits. */
    SET_UP_LINKS,
    /** Set-up: the pod's other namespaces are pinned, and what was begun beside the network is waited for. */
    SET_UP_PINS,
    /** Set-up: the name resolver begins to serve the pod. */
    SET_UP_NAMES,
    /** Set-up: the record says that the pod runs; services and names hear of it. */
    SET_UP_READINESS,
    /** Tear-down: services send nobody there any more, the name resolver lets go. */
    TEAR_DOWN_READINESS,
    /** Tear-down: the network plugin's whole part. */
    TEAR_DOWN_NETWORK,
    /** Tear-down, within the plugin's part: links and neighbours. */
    TEAR_DOWN_LINKS,
    /** Tear-down, within the plugin's part: the packet filter. */
    TEAR_DOWN_RULES,
    /** Tear-down, within the plugin's part: addresses go back to the Ipam. */
    TEAR_DOWN_ADDRESS,
    /** Tear-down: namespaces and pins. */
    TEAR_DOWN_NAMESPACE,
    /** Tear-down: the record, last of all. */
    TEAR_DOWN_JOURNAL,
    /** Services: what a change means, decided without the kernel. */
    SERVICES_MODEL,
    /** Services: which rules differ from what there is. */
    SERVICES_PLAN,
    /** Services: the rules are written. */
    SERVICES_WRITE,
    /** Services: the rules are read from the kernel. */
    SERVICES_READ_BACK,
    /** Names: a change becomes visible to queries. */
    NAMES_UPDATE,
    /** Names: a query that was forwarded, until its answer came or was given up. */
    NAMES_FORWARD,
    /** Overlay: the node tells the others of itself. */
    OVERLAY_JOIN,
    /** Overlay: from the news of another node until the kernel knows the way to it. */
    OVERLAY_PEER,
    /** Overlay: everything is compared with the kernel and put right. */
    OVERLAY_REPAIR,
    /** CNI: one call of a plugin of somebody else's. */
    CNI_CALL;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /**
     * Gives the phase's name for people and for tags.
     *
     * @return small letters and hyphens, for example {@code set-up-address}
     */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
