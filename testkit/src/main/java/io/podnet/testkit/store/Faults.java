package io.podnet.testkit.store;

/**
 * How often what goes wrong, each in calls of a thousand.
 *
 * @param lostRequests calls that time out without having been made
 * @param lostReplies calls that time out though they were made
 * @param repeats writes that the transport makes twice; the answer is the second one's
 * @param crashes calls at which the node dies, before or after they are made
 * @param gaps batches of a watch that are dropped; a new snapshot follows, as the first law asks
 * @param duplicates batches of a watch that come twice
 * @param reorders batches of a watch whose keys change places
 * @param delays batches of a watch that come some milliseconds late
 */
public record Faults(
        int lostRequests,
        int lostReplies,
        int repeats,
        int crashes,
        int gaps,
        int duplicates,
        int reorders,
        int delays) {
    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0);
}
