package io.podnet.bridge.firewall;

import io.podnet.netlink.nftables.Expression;
import io.podnet.netlink.nftables.Expression.Conntrack;
import io.podnet.netlink.nftables.Expression.Meta;
import io.podnet.netlink.nftables.Expression.Payload;
import java.util.function.IntFunction;

/** What rules look at: each field with its width and how it comes into a register. */
enum Field {
    IN_INTERFACE(16, to -> new Meta(Meta.Key.IIFNAME, to)),
    OUT_INTERFACE(16, to -> new Meta(Meta.Key.OIFNAME, to)),
    NETWORK_PROTOCOL(2, to -> new Meta(Meta.Key.PROTOCOL, to)),
    FAMILY(1, to -> new Meta(Meta.Key.NFPROTO, to)),
    TRANSPORT_PROTOCOL(1, to -> new Meta(Meta.Key.L4PROTO, to)),
    ETHER_SOURCE(6, to -> new Payload(Payload.Base.LINK, 6, 6, to)),
    /** Other than {@link #NETWORK_PROTOCOL} it shows a VLAN tag. */
    ETHER_TYPE(2, to -> new Payload(Payload.Base.LINK, 12, 2, to)),
    IPV4_SOURCE(4, to -> new Payload(Payload.Base.NETWORK, 12, 4, to)),
    IPV4_DESTINATION(4, to -> new Payload(Payload.Base.NETWORK, 16, 4, to)),
    IPV4_DESTINATION_FIRST_BYTE(1, to -> new Payload(Payload.Base.NETWORK, 16, 1, to)),
    IPV6_SOURCE(16, to -> new Payload(Payload.Base.NETWORK, 8, 16, to)),
    IPV6_DESTINATION(16, to -> new Payload(Payload.Base.NETWORK, 24, 16, to)),
    ARP_TYPES(4, to -> new Payload(Payload.Base.NETWORK, 0, 4, to)),
    ARP_LENGTHS(2, to -> new Payload(Payload.Base.NETWORK, 4, 2, to)),
    ARP_SENDER_ETHER(6, to -> new Payload(Payload.Base.NETWORK, 8, 6, to)),
    ARP_SENDER_IP(4, to -> new Payload(Payload.Base.NETWORK, 14, 4, to)),
    ARP_TARGET_IP(4, to -> new Payload(Payload.Base.NETWORK, 24, 4, to)),
    SOURCE_PORT(2, to -> new Payload(Payload.Base.TRANSPORT, 0, 2, to)),
    DESTINATION_PORT(2, to -> new Payload(Payload.Base.TRANSPORT, 2, 2, to)),
    ICMPV6_TYPE(1, to -> new Payload(Payload.Base.TRANSPORT, 0, 1, to)),
    ND_TARGET(16, to -> new Payload(Payload.Base.TRANSPORT, 8, 16, to)),
    DESTINATION_TYPE(4, to -> new Expression.AddressType(false, to)),
    ORIGINAL_DESTINATION_PORT(2, to -> new Conntrack(Conntrack.Field.PROTO_DST, Conntrack.Direction.ORIGINAL, to));

    private static final int WORD = 4;

    private final int bytes;
    private final IntFunction<Expression> load;

    Field(int bytes, IntFunction<Expression> load) {
        this.bytes = bytes;
        this.load = load;
    }

    /** How many registers of four bytes the field takes. */
    int words() {
        return (bytes + WORD - 1) / WORD;
    }

    Expression loadInto(int register) {
        return load.apply(register);
    }
}
