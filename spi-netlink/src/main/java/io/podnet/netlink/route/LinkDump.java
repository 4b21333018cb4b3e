package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;

/**
 * A question for many links.
 *
 * @param masterIndex only ports of this link; 0 for all links
 */
record LinkDump(int masterIndex) implements NetlinkRequest {
    @Override
    public String operation() {
        return "RTM_GETLINK";
    }

    @Override
    public String object() {
        return masterIndex == 0 ? "all links" : "ports of the link with index " + masterIndex;
    }

    @Override
    public void write(MessageWriter out) {
        out.begin(IfLink.RTM_GETLINK, 0).putInt(IfLink.AF_UNSPEC).putInt(0).putLong(0);
        if (masterIndex != 0) {
            out.attrU32(IfLink.IFLA_MASTER, masterIndex);
        }
        out.attrU32(IfLink.IFLA_EXT_MASK, IfLink.RTEXT_FILTER_SKIP_STATS);
    }
}
