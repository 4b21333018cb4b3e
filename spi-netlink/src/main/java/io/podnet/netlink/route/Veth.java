package io.podnet.netlink.route;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.MessageWriter;

/**
 * A pair of virtual Ethernet links, both ends made by one message.
 *
 * @param peer the other end: name, MAC, MTU, and the namespace that it is made in, so that it needs neither a move nor
 *     a rename; an alias, address generation or a master can be set only afterwards, in its own namespace
 */
public record Veth(LinkAttributes peer) implements LinkKind {
    /** Refuses what the kernel would pass over in silence. */
    public Veth {
        if (peer.hasForeignAttributes()) {
            throw new PodnetException.Invalid(
                    "a veth's peer can get an alias, a master or an address generation mode only"
                            + " after it was made, in its own namespace");
        }
    }

    @Override
    public String kind() {
        return "veth";
    }

    @Override
    public void writeData(MessageWriter out) {
        int nest = out.beginNested(IfLink.VETH_INFO_PEER);
        out.putByte(IfLink.AF_UNSPEC).putZeros(7).putInt(peer.flags()).putInt(peer.flagsMask());
        peer.writeCreation(out);
        out.endNested(nest);
    }
}
