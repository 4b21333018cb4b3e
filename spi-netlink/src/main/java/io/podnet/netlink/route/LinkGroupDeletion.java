package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;

/**
 * Deletes all links of a group by one message, which costs one RCU grace period for all instead of one for each.
 *
 * @param group group number, not 0
 */
record LinkGroupDeletion(int group) implements NetlinkRequest {
    @Override
    public String operation() {
        return "RTM_DELLINK";
    }

    @Override
    public String object() {
        return "links of group " + group;
    }

    @Override
    public void write(MessageWriter out) {
        out.begin(LinuxRtnetlink.RTM_DELLINK, 0)
                .putInt(IfLink.AF_UNSPEC)
                .putInt(0)
                .putLong(0);
        out.attrU32(IfLink.IFLA_GROUP, group);
    }
}
