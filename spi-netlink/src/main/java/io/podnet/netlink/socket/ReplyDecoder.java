package io.podnet.netlink.socket;

import io.podnet.netlink.codec.MessageReader;

/**
 * Makes a value of one answer.
 *
 * @param <T> the value's type
 */
@FunctionalInterface
public interface ReplyDecoder<T> {
    /**
     * Reads one message. Must keep nothing of the reader and must not use the conversation that calls it.
     *
     * @param message the present message
     * @return the value
     */
    T decode(MessageReader message);
}
