package io.podnet.dns.server;

import io.podnet.dns.wire.ExtendedError;

/**
 * Where the answer of a {@link QueryContext} goes. The first call counts, later ones do nothing. Safe for any thread; none
 * of the calls blocks.
 */
public interface ReplySink {
    /**
     * Answers with a message. The server sets the client's id, the question as the client wrote it, RD, RA and CD, the OPT
     * record, and cuts what is longer than the client takes; AA and AD are taken from the message.
     *
     * @param message a well-formed response without OPT record from offset 0, whose question has the query's name (in any
     *     case, without pointers), type and class; the sink may change it
     * @param length its octets
     * @param why what is to be said besides
     */
    void reply(byte[] message, int length, ExtendedError why);

    /**
     * Answers with nothing but a response code.
     *
     * @param code for example SERVFAIL or REFUSED
     * @param why the reason
     */
    void fail(int code, ExtendedError why);

    /** Gives no answer at all, so that the client asks its next server. */
    void drop();
}
