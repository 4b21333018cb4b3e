package io.podnet.netlink.conntrack;

import static io.podnet.netlink.conntrack.LinuxConntrack.*;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.LinuxNfnetlink;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tracked UDP flows of one network namespace. A flow lives as long as its packets keep coming, and rules that translate
 * addresses are only asked for its first packet: after such rules changed, old flows must be forgotten. Safe for any
 * thread, as the conversation is.
 */
public final class UdpConnections {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IPPROTO_UDP = 17;

    private final NetlinkConversation conversation;

    /**
     * Uses a conversation.
     *
     * @param conversation over NETLINK_NETFILTER, not closed by this
     */
    public UdpConnections(NetlinkConversation conversation) {
        this.conversation = Objects.requireNonNull(conversation, "conversation");
    }

    /**
     * Forgets flows that were first sent to a port, whatever their address. Flows whose source alone is translated stay:
     * they go through this host to somebody else, and answers to them would be lost.
     *
     * @param port destination port of the first packet, 1 to 65535
     * @return how many flows were forgotten
     * @throws PodnetException.Unsupported where the kernel has no ctnetlink
     */
    public int forgetTo(int port) {
        int forgotten = 0;
        for (int family : new int[] {AF_INET, AF_INET6}) {
            for (Flow flow : list(family, port)) {
                // It may have ended by itself in the meantime.
                forgotten += conversation.executeUnless(deletion(family, flow), Errno.ENOENT) ? 1 : 0;
            }
        }
        return forgotten;
    }

    private List<Flow> list(int family, int port) {
        try {
            return conversation.list(listing(family, port), message -> flow(message, port));
        } catch (PodnetException.KernelRejected refused) {
            if (refused.errno() == Errno.EINVAL.number()) {
                // nfnetlink answers so where the subsystem is not there.
                throw new PodnetException.Unsupported(
                        "the kernel has no ctnetlink: " + refused.getMessage()
                                + "; build or load CONFIG_NF_CT_NETLINK (module nf_conntrack_netlink)",
                        refused);
            }
            throw refused;
        }
    }

    /** The kernel filters since 5.8; before, it ignores the filter and lists all. */
    private static NetlinkRequest listing(int family, int port) {
        return NetlinkRequest.of("IPCTNL_MSG_CT_GET", () -> "UDP flows to port " + port, out -> {
            begin(out, IPCTNL_MSG_CT_GET, family);
            int tuple = out.beginNested(CTA_TUPLE_ORIG);
            int protocol = out.beginNested(CTA_TUPLE_PROTO);
            out.attrU8(CTA_PROTO_NUM, IPPROTO_UDP).attrBe16(CTA_PROTO_DST_PORT, port);
            out.endNested(protocol);
            out.endNested(tuple);
            int filter = out.beginNested(CTA_FILTER);
            out.attrU32(CTA_FILTER_ORIG_FLAGS, CTA_FILTER_PROTO_NUM | CTA_FILTER_DST_PORT)
                    .attrU32(CTA_FILTER_REPLY_FLAGS, 0);
            out.endNested(filter);
        });
    }

    private static NetlinkRequest deletion(int family, Flow flow) {
        return NetlinkRequest.of("IPCTNL_MSG_CT_DELETE", () -> "a UDP flow", out -> {
            begin(out, IPCTNL_MSG_CT_DELETE, family)
                    .attrBytes(CTA_TUPLE_ORIG | LinuxNetlink.NLA_F_NESTED, flow.tuple)
                    .attrBytes(CTA_ID, flow.id);
            if (flow.zone.length > 0) {
                out.attrBytes(CTA_ZONE, flow.zone);
            }
        });
    }

    private static MessageWriter begin(MessageWriter out, int message, int family) {
        return out.begin(type(message), 0)
                .putByte(family)
                .putByte(LinuxNfnetlink.NFNETLINK_V0)
                .putShort(0);
    }

    private static Optional<Flow> flow(MessageReader message, int port) {
        AttributeReader attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
        Flow flow = new Flow();
        boolean matches = false;
        int status = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case CTA_TUPLE_ORIG -> {
                    flow.tuple = attributes.bytes();
                    matches = leadsTo(attributes.nested(), port);
                }
                case CTA_STATUS -> status = attributes.be32();
                case CTA_ID -> flow.id = attributes.bytes();
                case CTA_ZONE -> flow.zone = attributes.bytes();
                default -> {
                    // Counters, timeouts and the other direction do not identify a flow.
                }
            }
        }
        boolean through = (status & (IPS_SRC_NAT | IPS_DST_NAT)) == IPS_SRC_NAT;
        return matches && !through ? Optional.of(flow) : Optional.empty();
    }

    private static boolean leadsTo(AttributeReader tuple, int port) {
        boolean udp = false;
        boolean samePort = false;
        while (tuple.next()) {
            if (tuple.type() != CTA_TUPLE_PROTO) {
                continue;
            }
            AttributeReader protocol = tuple.nested();
            while (protocol.next()) {
                udp |= protocol.type() == CTA_PROTO_NUM && protocol.u8() == IPPROTO_UDP;
                samePort |= protocol.type() == CTA_PROTO_DST_PORT && protocol.be16() == port;
            }
        }
        return udp && samePort;
    }

    /** What identifies a flow, as the kernel wrote it. */
    private static final class Flow {
        private byte[] tuple = {};
        private byte[] id = {};
        private byte[] zone = {};
    }
}
