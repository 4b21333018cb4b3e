package io.podnet.netlink.socket;

import io.podnet.netlink.codec.MessageWriter;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One message to the kernel that can also say in words what it is. The words are asked for only after a failure, so a
 * request costs no string on the way to success. Best implemented by a record. May be written more than once.
 */
public interface NetlinkRequest {
    /**
     * Says what is tried, in the kernel's words.
     *
     * @return for example {@code RTM_NEWLINK}
     */
    String operation();

    /**
     * Says on what it is tried.
     *
     * @return for example {@code link cbr0}
     */
    String object();

    /**
     * Writes exactly one message: {@link MessageWriter#begin}, fixed header, attributes. Its flags say what is special
     * about the message, such as NLM_F_CREATE; NLM_F_REQUEST, NLM_F_ACK and NLM_F_DUMP are added by whoever sends it.
     *
     * @param out writer after the last message
     */
    void write(MessageWriter out);

    /**
     * Makes a request of its three parts.
     *
     * @param operation what is tried
     * @param object says on what it is tried, called only after a failure
     * @param body writes the message
     * @return the request
     */
    static NetlinkRequest of(String operation, Supplier<String> object, Consumer<MessageWriter> body) {
        return new ComposedRequest(operation, object, body);
    }
}
