package io.podnet.bridge.firewall;

import io.podnet.netlink.nftables.Expression;
import io.podnet.netlink.nftables.Expression.Conntrack;
import io.podnet.netlink.nftables.Expression.Meta;
import io.podnet.netlink.nftables.Expression.Payload;
import java.util.function.IntFunction;

/**
 * What rules look at: each field with its width and how it comes into a register.
 *
 * @param bytes width without padding
 * @param load given a register, loads the field into it
 */
record Field(int bytes, IntFunction<Expression> load) {
    static final Field IN_INTERFACE = new Field(16, to -> new Meta(Meta.Key.IIFNAME, to));
    static final Field OUT_INTERFACE = new Field(16, to -> new Meta(Meta.Key.OIFNAME, to));
    static final Field NETWORK_PROTOCOL = new Field(2, to -> new Meta(Meta.Key.PROTOCOL, to));
    static final Field FAMILY = new Field(1, to -> new Meta(Meta.Key.NFPROTO, to));
    static final Field TRANSPORT_PROTOCOL = new Field(1, to -> new Meta(Meta.Key.L4PROTO, to));
    static final Field ETHER_SOURCE = new Field(6, to -> new Payload(Payload.Base.LINK, 6, 6, to));
    /** Other than {@link #NETWORK_PROTOCOL} it shows a VLAN tag. */
    static final Field ETHER_TYPE = new Field(2, to -> new Payload(Payload.Base.LINK, 12, 2, to));

    static final Field IPV4_SOURCE = new Field(4, to -> new Payload(Payload.Base.NETWORK, 12, 4, to));
    static final Field IPV4_DESTINATION = new Field(4, to -> new Payload(Payload.Base.NETWORK, 16, 4, to));
    static final Field IPV4_DESTINATION_FIRST_BYTE = new Field(1, to -> new Payload(Payload.Base.NETWORK, 16, 1, to));
    static final Field IPV6_SOURCE = new Field(16, to -> new Payload(Payload.Base.NETWORK, 8, 16, to));
    static final Field IPV6_DESTINATION = new Field(16, to -> new Payload(Payload.Base.NETWORK, 24, 16, to));
    static final Field ARP_TYPES = new Field(4, to -> new Payload(Payload.Base.NETWORK, 0, 4, to));
    static final Field ARP_LENGTHS = new Field(2, to -> new Payload(Payload.Base.NETWORK, 4, 2, to));
    static final Field ARP_SENDER_ETHER = new Field(6, to -> new Payload(Payload.Base.NETWORK, 8, 6, to));
    static final Field ARP_SENDER_IP = new Field(4, to -> new Payload(Payload.Base.NETWORK, 14, 4, to));
    static final Field ARP_TARGET_IP = new Field(4, to -> new Payload(Payload.Base.NETWORK, 24, 4, to));
    static final Field SOURCE_PORT = new Field(2, to -> new Payload(Payload.Base.TRANSPORT, 0, 2, to));
    static final Field DESTINATION_PORT = new Field(2, to -> new Payload(Payload.Base.TRANSPORT, 2, 2, to));
    static final Field ICMPV6_TYPE = new Field(1, to -> new Payload(Payload.Base.TRANSPORT, 0, 1, to));
    static final Field ND_TARGET = new Field(16, to -> new Payload(Payload.Base.TRANSPORT, 8, 16, to));
    static final Field DESTINATION_TYPE = new Field(4, to -> new Expression.AddressType(false, to));
    static final Field ORIGINAL_DESTINATION_PORT =
            new Field(2, to -> new Conntrack(Conntrack.Field.PROTO_DST, Conntrack.Direction.ORIGINAL, to));

    private static final int WORD = 4;

    /** How many registers of four bytes the field takes. */
    int words() {
        return (bytes + WORD - 1) / WORD;
    }

    Expression loadInto(int register) {
        return load.apply(register);
    }
}
