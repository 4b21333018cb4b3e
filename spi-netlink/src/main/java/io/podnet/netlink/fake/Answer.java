package io.podnet.netlink.fake;

import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;

/** Answers one request in the place of the kernel. */
@FunctionalInterface
public interface Answer {
    /**
     * Writes answers, none, one or several, besides the acknowledgement or error that the fake adds by itself. Each
     * must carry the request's sequence number and {@link FakeKernel#PORT_ID}, see {@link FakeKernel#begin}.
     *
     * @param request the request
     * @param reply where to write
     * @return 0 to accept, or the positive error number to refuse with
     */
    int to(MessageReader request, MessageWriter reply);
}
