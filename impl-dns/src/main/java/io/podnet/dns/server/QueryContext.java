package io.podnet.dns.server;

import java.util.Objects;
import java.util.Optional;

/**
 * A query that is not answered from the index: screened, with one question of class IN and no meta type. Its arrays are
 * its own; nobody writes to them.
 *
 * @param message the client's octets, header and question and what follows
 * @param questionEnd where the question ends in them
 * @param name the name, small letters, without pointers
 * @param type the record type
 * @param recursionDesired the RD bit
 * @param checkingDisabled the CD bit
 * @param dnssecOk the DO bit
 * @param stream true where it came over TCP
 * @param pod who asks; empty where it was not a pod
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares contexts, and the octets are what they are about.
public record QueryContext(
        byte[] message,
        int questionEnd,
        byte[] name,
        int type,
        boolean recursionDesired,
        boolean checkingDisabled,
        boolean dnssecOk,
        boolean stream,
        Optional<PodView> pod) {
    public QueryContext {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(pod, "pod");
    }
}
