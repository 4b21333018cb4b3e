package io.podnet.dns.server;

/** What an event loop calls when a descriptor is ready. Only the loop's thread calls it. */
interface Handler {
    /**
     * Does what can be done without waiting.
     *
     * @param events what happened, as {@link Epoll} names it
     */
    void ready(int events);

    /** Closes the descriptor. Idempotent. */
    void close();
}
