package io.podnet.netlink.socket;

import io.podnet.netlink.codec.MessageReader;

/** Is shown the messages of a dump. Must not use the conversation that calls it. */
@FunctionalInterface
public interface DumpVisitor {
    /**
     * Reads one message. Must keep nothing of the reader.
     *
     * @param message the present message
     */
    void visit(MessageReader message);

    /** Is told that the table changed and the dump starts anew: what was seen so far does not count. */
    default void restart() {}
}
