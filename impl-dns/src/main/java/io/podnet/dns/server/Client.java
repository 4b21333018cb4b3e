package io.podnet.dns.server;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Who asks, as far as a socket tells, and how much of the server it uses. Safe for any thread.
 */
final class Client {
    private final Optional<PodView> pod;
    private final BooleanSupplier recursion;
    private final boolean heard;
    private final AtomicInteger connections = new AtomicInteger();

    Client(Optional<PodView> pod, BooleanSupplier recursion, boolean heard) {
        this.pod = pod;
        this.recursion = recursion;
        this.heard = heard;
    }

    /** Whether listeners are told of its queries. */
    boolean heard() {
        return heard;
    }

    Optional<PodView> pod() {
        return pod;
    }

    /** Whether names outside are resolved for it now: the RA bit. */
    boolean recursion() {
        return recursion.getAsBoolean();
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
