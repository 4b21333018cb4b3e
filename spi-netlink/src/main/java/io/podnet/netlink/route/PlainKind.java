package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;

/**
 * A kind without data.
 *
 * @param kind the kernel's name of the kind
 */
record PlainKind(String kind) implements LinkKind {
    @Override
    public void writeData(MessageWriter out) {
        // Such a kind has nothing to say.
    }
}
