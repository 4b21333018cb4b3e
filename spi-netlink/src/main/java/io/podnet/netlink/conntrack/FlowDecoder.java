package io.podnet.netlink.conntrack;

import static io.podnet.netlink.conntrack.LinuxConntrack.*;

import io.podnet.api.IpAddress;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.socket.LinuxNfnetlink;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads IPCTNL_MSG_CT_NEW. One decoder serves one dump: it keeps what it read of the present message. */
final class FlowDecoder {
    private final Half original = new Half();
    private final Half reply = new Half();

    /**
     * Reads one message.
     *
     * @return the flow, or empty where it is none of UDP
     * @throws MalformedMessageException where a UDP flow lacks an address
     */
    Optional<UdpFlow> flow(MessageReader message) {
        original.clear();
        reply.clear();
        int status = 0;
        int id = 0;
        int zone = 0;
        AttributeReader attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
        while (attributes.next()) {
            switch (attributes.type()) {
                case CTA_TUPLE_ORIG -> original.read(attributes.nested());
                case CTA_TUPLE_REPLY -> reply.read(attributes.nested());
                case CTA_STATUS -> status = attributes.be32();
                case CTA_ID -> id = attributes.be32();
                case CTA_ZONE -> zone = attributes.be16();
                default -> {
                    // Counters, timeouts, marks and helpers neither identify nor direct a flow.
                }
            }
        }
        if (original.protocol != IPPROTO_UDP) {
            return Optional.empty();
        }
        return Optional.of(new UdpFlow(original.tuple(), reply.tuple(), status, id, zone, original.zone));
    }

    /** One direction, as far as it was read. */
    private static final class Half {
        private @Nullable IpAddress source;
        private @Nullable IpAddress destination;
        private int protocol;
        private int sourcePort;
        private int destinationPort;
        private int zone;

        void clear() {
            source = null;
            destination = null;
            protocol = 0;
            sourcePort = 0;
            destinationPort = 0;
            zone = 0;
        }

        void read(AttributeReader tuple) {
            while (tuple.next()) {
                switch (tuple.type()) {
                    case CTA_TUPLE_IP -> readAddresses(tuple.nested());
                    case CTA_TUPLE_PROTO -> readPorts(tuple.nested());
                    case CTA_TUPLE_ZONE -> zone = tuple.be16();
                    default -> {
                        // Later kernels may know more about a direction.
                    }
                }
            }
        }

        private void readAddresses(AttributeReader ip) {
            while (ip.next()) {
                switch (ip.type()) {
                    case CTA_IP_V4_SRC, CTA_IP_V6_SRC -> source = ip.address();
                    case CTA_IP_V4_DST, CTA_IP_V6_DST -> destination = ip.address();
                    default -> {
                        // Nothing else is an address.
                    }
                }
            }
        }

        private void readPorts(AttributeReader proto) {
            while (proto.next()) {
                switch (proto.type()) {
                    case CTA_PROTO_NUM -> protocol = proto.u8();
                    case CTA_PROTO_SRC_PORT -> sourcePort = proto.be16();
                    case CTA_PROTO_DST_PORT -> destinationPort = proto.be16();
                    default -> {
                        // ICMP's fields.
                    }
                }
            }
        }

        FlowTuple tuple() {
            IpAddress from = source;
            IpAddress to = destination;
            if (from == null || to == null) {
                throw new MalformedMessageException("a UDP flow lacks an address");
            }
            return new FlowTuple(from, sourcePort, to, destinationPort);
        }
    }
}
