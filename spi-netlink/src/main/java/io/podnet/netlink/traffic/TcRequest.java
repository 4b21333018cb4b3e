package io.podnet.netlink.traffic;

import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.function.Consumer;

/**
 * A message with struct tcmsg.
 *
 * @param operation what it does
 * @param type RTM_*
 * @param messageFlags NLM_F_*
 * @param linkIndex interface index, 0 for all
 * @param handle the object's handle, 0 for none or any
 * @param parent what it hangs on
 * @param info priority and protocol of a filter
 * @param attributes writes the attributes
 */
record TcRequest(
        String operation,
        int type,
        int messageFlags,
        int linkIndex,
        int handle,
        int parent,
        int info,
        Consumer<MessageWriter> attributes)
        implements NetlinkRequest {
    @Override
    public String object() {
        return linkIndex == 0 ? "all links" : "the link with index " + linkIndex;
    }

    @Override
    public void write(MessageWriter out) {
        out.begin(type, messageFlags)
                .putInt(0) // family
                .putInt(linkIndex)
                .putInt(handle)
                .putInt(parent)
                .putInt(info);
        attributes.accept(out);
    }
}
