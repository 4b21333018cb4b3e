package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;

/**
 * A message about one link that sets nothing.
 *
 * @param operation what it does
 * @param type RTM_GETLINK or RTM_DELLINK
 * @param index interface index, 0 where the name chooses
 * @param name interface name, empty where the index chooses
 */
record LinkQuery(String operation, int type, int index, String name) implements NetlinkRequest {
    static LinkQuery get(int index) {
        return new LinkQuery("RTM_GETLINK", IfLink.RTM_GETLINK, index, "");
    }

    static LinkQuery get(String name) {
        return new LinkQuery("RTM_GETLINK", IfLink.RTM_GETLINK, 0, LinkName.require(name));
    }

    static LinkQuery delete(int index) {
        return new LinkQuery("RTM_DELLINK", LinuxRtnetlink.RTM_DELLINK, index, "");
    }

    static LinkQuery delete(String name) {
        return new LinkQuery("RTM_DELLINK", LinuxRtnetlink.RTM_DELLINK, 0, LinkName.require(name));
    }

    @Override
    public String object() {
        return name.isEmpty() ? "link with index " + index : "link " + name;
    }

    @Override
    public void write(MessageWriter out) {
        out.begin(type, 0).putInt(IfLink.AF_UNSPEC).putInt(index).putLong(0);
        if (!name.isEmpty()) {
            out.attrString(IfLink.IFLA_IFNAME, name);
        }
        if (type == IfLink.RTM_GETLINK) {
            out.attrU32(IfLink.IFLA_EXT_MASK, IfLink.RTEXT_FILTER_SKIP_STATS);
        }
    }
}
