package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;

/**
 * Changes an existing link.
 *
 * @param index interface index, 0 where the name chooses
 * @param name interface name, empty where the index chooses
 * @param attributes what to set
 * @param part which of it
 */
record LinkChange(int index, String name, LinkAttributes attributes, Part part) implements NetlinkRequest {
    /** The messages that one change may need. */
    enum Part {
        /** Everything. */
        ALL,
        /** All but the flags. */
        ATTRIBUTES,
        /** What a creating message does not take. */
        LATE,
        /** The flags alone. */
        FLAGS
    }

    @Override
    public String operation() {
        return "RTM_SETLINK";
    }

    @Override
    public String object() {
        return name.isEmpty() ? "link with index " + index : "link " + name;
    }

    @Override
    public void write(MessageWriter out) {
        boolean flags = part == Part.ALL || part == Part.FLAGS;
        out.begin(IfLink.RTM_SETLINK, 0)
                .putInt(IfLink.AF_UNSPEC)
                .putInt(index)
                .putInt(flags ? attributes.flags() : 0)
                .putInt(flags ? attributes.flagsMask() : 0);
        if (!name.isEmpty()) {
            out.attrString(IfLink.IFLA_IFNAME, name);
        }
        if (part == Part.ALL || part == Part.ATTRIBUTES) {
            attributes.writeCreation(out);
        }
        if (part != Part.FLAGS) {
            attributes.writeLate(out);
        }
    }
}
