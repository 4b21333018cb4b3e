package io.podnet.dns.upstream;

import java.io.IOException;

/** How a query gets to a server and what comes back. All calls, both ways, happen on the {@link EventLoop}. */
public interface UpstreamTransport {
    /**
     * Sends a query in a datagram, from a port that no other query has.
     *
     * @param sockets where from
     * @param to the server
     * @param query the message
     * @param receiver told what comes, never during this call
     * @return what to close in the end
     */
    Exchange datagram(UpstreamSockets sockets, Upstream to, byte[] query, Receiver receiver);

    /**
     * Sends a query over a connection of its own.
     *
     * @param sockets where from
     * @param to the server
     * @param query the message, without length
     * @param receiver told what comes, never during this call
     * @return what to close in the end
     */
    Exchange stream(UpstreamSockets sockets, Upstream to, byte[] query, Receiver receiver);

    /** A query under way. */
    interface Exchange {
        /** Ends it; nothing is told afterwards. Idempotent. */
        void close();
    }

    /** Who asked. */
    interface Receiver {
        /**
         * A message came from the server's address, whoever wrote it.
         *
         * @param message the message, for the time of the call
         * @param length its octets
         */
        void onMessage(byte[] message, int length);

        /**
         * Nothing will come any more.
         *
         * @param failure why
         */
        void onFailure(IOException failure);
    }
}
