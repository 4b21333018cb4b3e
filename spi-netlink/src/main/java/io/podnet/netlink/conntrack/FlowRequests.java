package io.podnet.netlink.conntrack;

import static io.podnet.netlink.conntrack.LinuxConntrack.*;

import io.podnet.api.IpFamily;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.LinuxNfnetlink;
import io.podnet.netlink.socket.NetlinkRequest;

/** The messages about UDP flows. The kernel filters dumps since 5.8; before, it ignores the filter and shows all. */
final class FlowRequests {
    private FlowRequests() {}

    /** Asks for all UDP flows of a family; a filter on tuples needs one, so there is no asking for both at once. */
    static NetlinkRequest listing(IpFamily family) {
        return NetlinkRequest.of("IPCTNL_MSG_CT_GET", () -> "UDP flows of " + family, out -> {
            begin(out, IPCTNL_MSG_CT_GET, family);
            int tuple = out.beginNested(CTA_TUPLE_ORIG);
            int protocol = out.beginNested(CTA_TUPLE_PROTO);
            out.attrU8(CTA_PROTO_NUM, IPPROTO_UDP);
            out.endNested(protocol);
            out.endNested(tuple);
            filter(out, CTA_FILTER_PROTO_NUM);
        });
    }

    static NetlinkRequest listing(IpFamily family, int port) {
        return NetlinkRequest.of("IPCTNL_MSG_CT_GET", () -> "UDP flows to port " + port, out -> {
            begin(out, IPCTNL_MSG_CT_GET, family);
            int tuple = out.beginNested(CTA_TUPLE_ORIG);
            int protocol = out.beginNested(CTA_TUPLE_PROTO);
            out.attrU8(CTA_PROTO_NUM, IPPROTO_UDP).attrBe16(CTA_PROTO_DST_PORT, port);
            out.endNested(protocol);
            out.endNested(tuple);
            filter(out, CTA_FILTER_PROTO_NUM | CTA_FILTER_DST_PORT);
        });
    }

    private static void filter(MessageWriter out, int originalFields) {
        int filter = out.beginNested(CTA_FILTER);
        out.attrU32(CTA_FILTER_ORIG_FLAGS, originalFields).attrU32(CTA_FILTER_REPLY_FLAGS, 0);
        out.endNested(filter);
    }

    static NetlinkRequest deletion(UdpFlow flow) {
        return NetlinkRequest.of("IPCTNL_MSG_CT_DELETE", flow::toString, out -> {
            FlowTuple original = flow.original();
            boolean four = original.source().family() == IpFamily.IPV4;
            begin(out, IPCTNL_MSG_CT_DELETE, original.source().family());
            int tuple = out.beginNested(CTA_TUPLE_ORIG);
            int ip = out.beginNested(CTA_TUPLE_IP);
            out.attrAddress(four ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, original.source())
                    .attrAddress(four ? CTA_IP_V4_DST : CTA_IP_V6_DST, original.destination());
            out.endNested(ip);
            int protocol = out.beginNested(CTA_TUPLE_PROTO);
            out.attrU8(CTA_PROTO_NUM, IPPROTO_UDP)
                    .attrBe16(CTA_PROTO_SRC_PORT, original.sourcePort())
                    .attrBe16(CTA_PROTO_DST_PORT, original.destinationPort());
            out.endNested(protocol);
            if (flow.originalZone() != 0) {
                out.attrBe16(CTA_TUPLE_ZONE, flow.originalZone());
            }
            out.endNested(tuple);
            out.attrBe32(CTA_ID, flow.id());
            if (flow.zone() != 0) {
                out.attrBe16(CTA_ZONE, flow.zone());
            }
        });
    }

    private static void begin(MessageWriter out, int message, IpFamily family) {
        out.begin(type(message), 0)
                .putByte(family == IpFamily.IPV4 ? AF_INET : AF_INET6)
                .putByte(LinuxNfnetlink.NFNETLINK_V0)
                .putShort(0);
    }
}
