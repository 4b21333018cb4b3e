package io.podnet.dns.server;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who asks, as far as a socket tells, and how much of the server it uses. Safe for any thread.
 */
final class Client {
    private final Optional<PodView> pod;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();

    Client(Optional<PodView> pod) {
        this.pod = pod;
    }

    Optional<PodView> pod() {
        return pod;
    }

    /** Queries that wait for others' answers. */
    AtomicInteger inFlight() {
        return inFlight;
    }

    /** Open TCP connections. */
    AtomicInteger connections() {
        return connections;
    }

    /**
     * Tells whether a name that does not exist was made by this client's resolver: it ends in the first domain of the
     * search list, and something is before it.
     */
    boolean searched(byte[] name, int length) {
        if (pod.isEmpty() || pod.get().searches().isEmpty()) {
            return false;
        }
        byte[] first = pod.get().searches().get(0);
        return length > first.length
                && java.util.Arrays.equals(name, length - first.length, length, first, 0, first.length);
    }
}
