package io.podnet.netlink.route;

import io.podnet.netlink.codec.MessageWriter;

/** What a new link is to be: the contents of IFLA_LINKINFO. */
public sealed interface LinkKind permits Bridge, Veth, Vxlan, PlainKind {
    /**
     * Gives the kernel's name of the kind.
     *
     * @return IFLA_INFO_KIND, for example {@code bridge}
     */
    String kind();

    /**
     * Writes what the kind needs to know, the contents of IFLA_INFO_DATA.
     *
     * @param out inside the open nested attribute
     */
    void writeData(MessageWriter out);

    /**
     * An intermediate functional block: a link whose only use is a qdisc for redirected packets.
     *
     * @return the kind {@code ifb}
     */
    static LinkKind ifb() {
        return new PlainKind("ifb");
    }

    /**
     * A kind that needs no data, such as {@code dummy}.
     *
     * @param kind the kernel's name of the kind
     * @return the kind
     */
    static LinkKind of(String kind) {
        return new PlainKind(kind);
    }
}
