package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;

/** A bridge without VLAN filtering, the rest as the kernel defaults it: no spanning tree, no forward delay. */
public record Bridge() implements LinkKind {
    @Override
    public String kind() {
        return "bridge";
    }

    @Override
    public void writeData(MessageWriter out) {
        // VLAN filtering is off by itself; saying so is refused by kernels that are built without it.
    }
}
