package io.podnet.dns.search;

import io.podnet.dns.response.Image;
import io.podnet.dns.response.Question;
import java.util.Optional;

/** Resolves names that are not the cluster's, for one client. */
@FunctionalInterface
public interface ForeignNames {
    /**
     * Resolves a name.
     *
     * @param question what
     * @param target told once, possibly during this call; on the same thread as this call
     */
    void resolve(Question question, Target target);

    /** Who is told. */
    @FunctionalInterface
    interface Target {
        /**
         * Takes the answer.
         *
         * @param answer the answer, positive or negative; empty where there is none, or the client may not have it
         */
        void accept(Optional<Image> answer);
    }
}
