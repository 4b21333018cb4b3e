package io.podnet.netlink.socket;

import io.podnet.netlink.codec.MessageWriter;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
