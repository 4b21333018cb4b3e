package io.podnet.netlink.socket;

import io.podnet.netlink.codec.MessageWriter;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A request made of parts.
 *
 * @param operation what is tried
 * @param description says on what
 * @param body writes the message
 */
record ComposedRequest(String operation, Supplier<String> description, Consumer<MessageWriter> body)
        implements NetlinkRequest {
    @Override
    public String object() {
        return description.get();
    }

    @Override
    public void write(MessageWriter out) {
        body.accept(out);
    }
}
