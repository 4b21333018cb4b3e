package io.podnet.netlink.route;

import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;

/**
 * Makes a link; refused where the name exists.
 *
 * @param kind what it is to be
 * @param attributes what is set in the same message
 */
record LinkCreation(LinkKind kind, LinkAttributes attributes) implements NetlinkRequest {
    @Override
    public String operation() {
        return "RTM_NEWLINK of kind " + kind.kind();
    }

    @Override
    public String object() {
        return "link " + attributes.name();
    }

    @Override
    public void write(MessageWriter out) {
        boolean withFlags = !attributes.flagsComeLast();
        out.begin(LinuxRtnetlink.RTM_NEWLINK, LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL)
                .putInt(IfLink.AF_UNSPEC)
                .putInt(0)
                .putInt(withFlags ? attributes.flags() : 0)
                .putInt(withFlags ? attributes.flagsMask() : 0);
        attributes.writeCreation(out);
        int info = out.beginNested(IfLink.IFLA_LINKINFO);
        out.attrString(IfLink.IFLA_INFO_KIND, kind.kind());
        int data = out.beginNested(IfLink.IFLA_INFO_DATA);
        kind.writeData(out);
        out.endNested(data).endNested(info);
    }
}
