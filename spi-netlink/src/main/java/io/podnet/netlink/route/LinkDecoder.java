package io.podnet.netlink.route;

import io.podnet.api.MacAddress;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MessageReader;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads one RTM_NEWLINK or RTM_DELLINK. Used once. */
final class LinkDecoder {
    private static final int MAC_LENGTH = 6;

    private String name = "";
    private String kind = "";
    private Optional<MacAddress> mac = Optional.empty();
    private int mtu;
    private OperState operState = OperState.UNKNOWN;
    private int masterIndex;
    private int group;
    private String alias = "";
    private int peerIndex;
    private OptionalInt peerNamespaceId = OptionalInt.empty();
    private Optional<Vxlan> vxlan = Optional.empty();

    static Link decode(MessageReader message) {
        return new LinkDecoder().read(message);
    }

    private Link read(MessageReader message) {
        AttributeReader attributes = message.attributes(IfLink.IFINFOMSG_LENGTH);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IfLink.IFLA_ADDRESS ->
                    mac = attributes.length() == MAC_LENGTH ? Optional.of(attributes.mac()) : Optional.empty();
                case IfLink.IFLA_IFNAME -> name = attributes.string();
                case IfLink.IFLA_MTU -> mtu = attributes.s32();
                case IfLink.IFLA_LINK -> peerIndex = attributes.s32();
                case IfLink.IFLA_MASTER -> masterIndex = attributes.s32();
                case IfLink.IFLA_OPERSTATE -> operState = OperState.of(attributes.u8());
                case IfLink.IFLA_LINKINFO -> readInfo(attributes.nested());
                case IfLink.IFLA_IFALIAS -> alias = attributes.string();
                case IfLink.IFLA_GROUP -> group = attributes.s32();
                case IfLink.IFLA_LINK_NETNSID -> peerNamespaceId = OptionalInt.of(attributes.s32());
                default -> {
                    // Newer kernels tell more.
                }
            }
        }
        return new Link(
                message.s32(4),
                name,
                kind,
                mac,
                mtu,
                message.s32(8),
                operState,
                masterIndex,
                group,
                alias,
                peerIndex,
                peerNamespaceId,
                vxlan);
    }

    private void readInfo(AttributeReader info) {
        while (info.next()) {
            if (info.type() == IfLink.IFLA_INFO_KIND) {
                kind = info.string();
            } else if (info.type() == IfLink.IFLA_INFO_DATA && "vxlan".equals(kind)) {
                vxlan = Optional.of(Vxlan.decode(info.nested()));
            }
        }
    }
}
