package io.podnet.conformance;

import io.podnet.api.IpAddress;
import java.util.Optional;

/**
 * What became of a client's request.
 *
 * @param outcome how it ended
 * @param server the name of the server that answered; empty for none
 * @param source the client's address as that server saw it
 */
record Answer(Outcome outcome, String server, Optional<IpAddress> source) {
    enum Outcome {
        ANSWERED,
        /** At once: a reset, or an ICMP error. */
        REFUSED,
        /** Nothing came back. */
        TIMED_OUT
    }

    static final Answer REFUSED = new Answer(Outcome.REFUSED, "", Optional.empty());
    static final Answer TIMED_OUT = new Answer(Outcome.TIMED_OUT, "", Optional.empty());

    static Answer of(String server, IpAddress source) {
        return new Answer(Outcome.ANSWERED, server, Optional.of(source));
    }

    /** Reads what {@link Servers} write. */
    static Answer parse(String text) {
        String[] words = text.split(" ", -1);
        return of(words[0], IpAddress.parse(words[1]));
    }

    boolean isAnswered() {
        return outcome == Outcome.ANSWERED;
    }
}
