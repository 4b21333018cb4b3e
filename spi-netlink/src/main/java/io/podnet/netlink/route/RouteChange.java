package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;

/**
 * Adds or deletes a route.
 *
 * @param operation what it does
 * @param type RTM_NEWROUTE or RTM_DELROUTE
 * @param messageFlags NLM_F_*
 * @param route the route
 */
record RouteChange(String operation, int type, int messageFlags, Route route) implements NetlinkRequest {
    private static final int ONE_BYTE_TABLE = 255;

    @Override
    public String object() {
        return "route to " + route.destination()
                + route.gateway().map(gateway -> " via " + gateway).orElse("")
                + (route.linkIndex() == 0 ? "" : " on the link with index " + route.linkIndex())
                + (route.table() == LinuxRtnetlink.RT_TABLE_MAIN ? "" : " in table " + route.table());
    }

    @Override
    public void write(MessageWriter out) {
        boolean delete = type == LinuxRtnetlink.RTM_DELROUTE;
        int table = route.table();
        out.begin(type, messageFlags)
                .putByte(AddressFamily.of(route.destination().family()))
                .putByte(route.destination().prefixLength())
                .putByte(0) // source prefix length
                .putByte(0) // TOS
                .putByte(table > 0 && table <= ONE_BYTE_TABLE ? table : RtMsg.RT_TABLE_UNSPEC)
                .putByte(route.protocol())
                // In a delete "nowhere" matches any scope.
                .putByte(delete ? RtMsg.RT_SCOPE_NOWHERE : route.scope())
                .putByte(route.type().number())
                .putInt(route.onLink() && !delete ? RtMsg.RTNH_F_ONLINK : 0);
        if (route.destination().prefixLength() > 0) {
            out.attrAddress(RtMsg.RTA_DST, route.destination().network());
        }
        if (route.gateway().isPresent()) {
            out.attrAddress(RtMsg.RTA_GATEWAY, route.gateway().get());
        }
        if (route.linkIndex() != 0) {
            out.attrU32(RtMsg.RTA_OIF, route.linkIndex());
        }
        if (route.metric() != 0) {
            out.attrU32(RtMsg.RTA_PRIORITY, (int) route.metric());
        }
        if (route.preferredSource().isPresent()) {
            out.attrAddress(RtMsg.RTA_PREFSRC, route.preferredSource().get());
        }
        if (table <= 0 || table > ONE_BYTE_TABLE) {
            out.attrU32(RtMsg.RTA_TABLE, table);
        }
        if (route.mtu() != 0 && !delete) {
            int metrics = out.beginNested(RtMsg.RTA_METRICS);
            out.attrU32(RtMsg.RTAX_MTU, route.mtu());
            out.endNested(metrics);
        }
    }
}
