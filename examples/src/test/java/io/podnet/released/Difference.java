package io.podnet.released;

import io.podnet.api.API;

/**
 * Something that code written for the release may stumble over.
 *
 * @param status what the release promised of it
 * @param element the type, or {@code TYPE#MEMBER}
 * @param change japicmp's name of the change, or {@link #STATUS_LOWERED}
 */
record Difference(API.Status status, String element, String change) implements Comparable<Difference> {
    static final String STATUS_LOWERED = "STATUS_LOWERED";

    /** Whether it breaks a promise. What was deprecated may go, but not change before. */
    boolean breaksAPromise() {
        return status == API.Status.STABLE || status == API.Status.DEPRECATED && !change.endsWith("_REMOVED");
    }

    @Override
    public int compareTo(Difference other) {
        return toString().compareTo(other.toString());
    }

    /** As a line of the file of accepted changes. */
    @Override
    public String toString() {
        return element + " " + change;
    }
}
