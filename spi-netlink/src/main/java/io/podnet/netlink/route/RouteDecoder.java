package io.podnet.netlink.route;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MessageReader;
import java.util.Optional;

/** Reads one RTM_NEWROUTE or RTM_DELROUTE. Used once. */
final class RouteDecoder {
    private final IpFamily family;
    private final int asked;
    private Optional<IpAddress> destination = Optional.empty();
    private Optional<IpAddress> gateway = Optional.empty();
    private Optional<IpAddress> preferredSource = Optional.empty();
    private int linkIndex;
    private int table;
    private long metric;
    private int mtu;

    private RouteDecoder(IpFamily family, int asked) {
        this.family = family;
        this.asked = asked;
    }

    /**
     * Reads a message.
     *
     * @param asked the link whose way is read of a route with several; 0 for none
     */
    static Optional<Route> decode(MessageReader message, int asked) {
        boolean about = message.type() == LinuxRtnetlink.RTM_NEWROUTE || message.type() == LinuxRtnetlink.RTM_DELROUTE;
        if (!about || !AddressFamily.isIp(message.u8(0))) {
            return Optional.empty();
        }
        return Optional.of(new RouteDecoder(AddressFamily.toIpFamily(message.u8(0)), asked).read(message));
    }

    private Route read(MessageReader message) {
        table = message.u8(4);
        AttributeReader attributes = message.attributes(RtMsg.RTMSG_LENGTH);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RtMsg.RTA_DST -> destination = ours(attributes);
                case RtMsg.RTA_OIF -> linkIndex = attributes.s32();
                case RtMsg.RTA_GATEWAY -> gateway = ours(attributes);
                case RtMsg.RTA_PRIORITY -> metric = attributes.u32();
                case RtMsg.RTA_PREFSRC -> preferredSource = ours(attributes);
                case RtMsg.RTA_METRICS -> readMetrics(attributes.nested());
                case RtMsg.RTA_MULTIPATH -> readWays(attributes.nested());
                case RtMsg.RTA_TABLE -> table = attributes.s32();
                default -> {
                    // Encapsulation and cache statistics are not Podnet's.
                }
            }
        }
        int bits = Math.min(message.u8(1), family.bits());
        IpAddress network = destination.orElse(new IpAddress(family, 0, 0)).masked(bits);
        return new Route(
                new Cidr(network, bits),
                gateway,
                linkIndex,
                (message.s32(8) & RtMsg.RTNH_F_ONLINK) != 0,
                table,
                message.u8(5),
                message.u8(6),
                RouteType.of(message.u8(7)),
                preferredSource,
                metric,
                mtu);
    }

    private Optional<IpAddress> ours(AttributeReader attribute) {
        return Optional.of(attribute.address()).filter(address -> address.family() == family);
    }

    /** A struct rtnexthop has the shape of an attribute, with the link's index before the attributes of its own. */
    private void readWays(AttributeReader ways) {
        while (ways.next()) {
            if (linkIndex == 0 && asked != 0 && ways.s32At(0) == asked) {
                linkIndex = asked;
                AttributeReader way = ways.nestedAt(Integer.BYTES);
                while (way.next()) {
                    if (way.type() == RtMsg.RTA_GATEWAY) {
                        gateway = ours(way);
                    }
                }
            }
        }
    }

    private void readMetrics(AttributeReader metrics) {
        while (metrics.next()) {
            if (metrics.type() == RtMsg.RTAX_MTU) {
                mtu = metrics.s32();
            }
        }
    }
}
