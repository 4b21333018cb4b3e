package io.podnet.netlink.route;

import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;
import java.util.Optional;

/** Settings of the ports of all bridges in one network namespace. Safe for any thread. */
public final class BridgePorts {
    private final NetlinkConversation conversation;

    BridgePorts(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Changes a port.
     *
     * @param linkIndex interface index of a link that is a bridge's port
     * @param attributes what to set
     */
    public void change(int linkIndex, BridgePortAttributes attributes) {
        conversation.execute(changing(linkIndex, attributes));
    }

    /**
     * Makes a change that can be part of a batch.
     *
     * @param linkIndex interface index of a link that is a bridge's port when the request is carried out
     * @param attributes what to set; not changed until it is sent
     * @return the request
     */
    public static NetlinkRequest changing(int linkIndex, BridgePortAttributes attributes) {
        return new Change(linkIndex, attributes);
    }

    /**
     * Lists the ports of all bridges.
     *
     * @return a new list
     */
    public List<BridgePort> list() {
        return conversation.list(new Dump(), BridgePorts::decode);
    }

    /**
     * Looks a port up, by listing all: the kernel has no question for one.
     *
     * @param linkIndex interface index
     * @return the port, or empty where there is no such link or it is no port
     */
    public Optional<BridgePort> find(int linkIndex) {
        return list().stream().filter(port -> port.linkIndex() == linkIndex).findFirst();
    }

    private static Optional<BridgePort> decode(MessageReader message) {
        int bridge = 0;
        BridgePort settings = null;
        AttributeReader attributes = message.attributes(IfLink.IFINFOMSG_LENGTH);
        while (attributes.next()) {
            if (attributes.type() == IfLink.IFLA_MASTER) {
                bridge = attributes.s32();
            } else if (attributes.type() == IfLink.IFLA_PROTINFO) {
                settings = settings(attributes.nested(), message.s32(4), bridge);
            }
        }
        return Optional.ofNullable(settings);
    }

    private static BridgePort settings(AttributeReader attributes, int linkIndex, int bridge) {
        boolean hairpin = false;
        boolean learning = false;
        boolean flood = false;
        boolean suppression = false;
        boolean isolated = false;
        while (attributes.next()) {
            switch (attributes.type()) {
                case BridgePortAttributes.IFLA_BRPORT_MODE -> hairpin = attributes.u8() != 0;
                case BridgePortAttributes.IFLA_BRPORT_LEARNING -> learning = attributes.u8() != 0;
                case BridgePortAttributes.IFLA_BRPORT_UNICAST_FLOOD -> flood = attributes.u8() != 0;
                case BridgePortAttributes.IFLA_BRPORT_NEIGH_SUPPRESS -> suppression = attributes.u8() != 0;
                case BridgePortAttributes.IFLA_BRPORT_ISOLATED -> isolated = attributes.u8() != 0;
                default -> {
                    // Spanning tree and multicast are not Podnet's.
                }
            }
        }
        return new BridgePort(linkIndex, bridge, hairpin, learning, flood, suppression, isolated);
    }

    /**
     * Changes a port.
     *
     * @param linkIndex interface index
     * @param attributes what to set
     */
    private record Change(int linkIndex, BridgePortAttributes attributes) implements NetlinkRequest {
        @Override
        public String operation() {
            return "RTM_SETLINK of AF_BRIDGE";
        }

        @Override
        public String object() {
            return "bridge port with index " + linkIndex;
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(IfLink.RTM_SETLINK, 0)
                    .putByte(IfLink.AF_BRIDGE)
                    .putZeros(3)
                    .putInt(linkIndex)
                    .putLong(0);
            int nest = out.beginNested(IfLink.IFLA_PROTINFO);
            attributes.write(out);
            out.endNested(nest);
        }
    }

    /** Asks for all ports. */
    private record Dump() implements NetlinkRequest {
        @Override
        public String operation() {
            return "RTM_GETLINK of AF_BRIDGE";
        }

        @Override
        public String object() {
            return "all bridge ports";
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(IfLink.RTM_GETLINK, 0).putByte(IfLink.AF_BRIDGE).putZeros(15);
        }
    }
}
