package io.podnet.dns.server;

/** The way back to a client for an answer that comes later. Safe for any thread. */
@FunctionalInterface
interface ReplyPath {
    /**
     * Sends an answer; what cannot be sent is lost.
     *
     * @param answer its octets, not changed any more
     * @param length how many; 0 where there is no answer
     */
    void send(byte[] answer, int length);

    /** Gives the way back for the query that is being handled. */
    interface Maker {
        /**
         * Makes it; called at once or not at all.
         *
         * @return the way back
         */
        ReplyPath replyPath();
    }
}
