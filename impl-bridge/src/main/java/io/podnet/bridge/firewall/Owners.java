package io.podnet.bridge.firewall;

import io.podnet.api.AttachmentId;
import io.podnet.api.PodnetException;
import java.util.Optional;

/** Whose an element is, by its comment. */
final class Owners {
    private Owners() {}

    static Optional<AttachmentId> parse(String comment) {
        int slash = comment.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AttachmentId(comment.substring(0, slash), comment.substring(slash + 1)));
        } catch (PodnetException.Invalid foreign) {
            // Somebody else's comment in our table: nobody's element.
            return Optional.empty();
        }
    }
}
