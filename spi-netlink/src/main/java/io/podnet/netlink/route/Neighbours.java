package io.podnet.netlink.route;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;
import java.util.Optional;

/** ARP and neighbour discovery entries of one network namespace. Safe for any thread. */
public final class Neighbours {
    private static final int MAC_LENGTH = 6;

    private final NetlinkConversation conversation;

    Neighbours(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Adds an entry, or takes the place of the one for the same address.
     *
     * @param neighbour what is to be there
     */
    public void replace(Neighbour neighbour) {
        conversation.execute(replacing(neighbour));
    }

    /**
     * Deletes an entry.
     *
     * @param linkIndex interface index
     * @param address the IP address
     * @return false where there was none, or the link is not there
     */
    public boolean delete(int linkIndex, IpAddress address) {
        return conversation.executeUnless(deleting(linkIndex, address), Errno.ENOENT, Errno.ENODEV);
    }

    /**
     * Makes a {@link #replace} that can be part of a batch.
     *
     * @param neighbour what is to be there
     * @return the request
     */
    public static NetlinkRequest replacing(Neighbour neighbour) {
        return new Change(
                "RTM_NEWNEIGH replace",
                LinuxRtnetlink.RTM_NEWNEIGH,
                LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_REPLACE,
                neighbour);
    }

    /**
     * Makes a {@link #delete} that can be part of a batch; absence is a failure there, with ENOENT.
     *
     * @param linkIndex interface index
     * @param address the IP address
     * @return the request
     */
    public static NetlinkRequest deleting(int linkIndex, IpAddress address) {
        return new Change(
                "RTM_DELNEIGH",
                LinuxRtnetlink.RTM_DELNEIGH,
                0,
                new Neighbour(linkIndex, address, Optional.empty(), 0, 0));
    }

    /**
     * Lists entries.
     *
     * @param family the family
     * @param linkIndex interface index, 0 for all links
     * @return a new list, without those that say that no entry is needed (loopback, multicast)
     */
    public List<Neighbour> list(IpFamily family, int linkIndex) {
        List<Neighbour> neighbours = conversation.list(new Dump(family, linkIndex), Neighbours::decode);
        neighbours.removeIf(neighbour ->
                (linkIndex != 0 && neighbour.linkIndex() != linkIndex) || (neighbour.state() & NdMsg.NUD_NOARP) != 0);
        return neighbours;
    }

    /**
     * Reads a neighbour event.
     *
     * @param message a message
     * @return the entry, or empty where the message is about none, for example about a forwarding entry
     */
    public static Optional<Neighbour> decode(MessageReader message) {
        boolean about = message.type() == LinuxRtnetlink.RTM_NEWNEIGH || message.type() == LinuxRtnetlink.RTM_DELNEIGH;
        if (!about || !AddressFamily.isIp(message.u8(0))) {
            return Optional.empty();
        }
        IpAddress address = null;
        Optional<MacAddress> mac = Optional.empty();
        AttributeReader attributes = message.attributes(NdMsg.NDMSG_LENGTH);
        while (attributes.next()) {
            if (attributes.type() == NdMsg.NDA_DST) {
                address = attributes.address();
            } else if (attributes.type() == NdMsg.NDA_LLADDR && attributes.length() == MAC_LENGTH) {
                mac = Optional.of(attributes.mac());
            }
        }
        return address == null
                ? Optional.empty()
                : Optional.of(new Neighbour(message.s32(4), address, mac, message.u16(8), message.u8(10)));
    }

    /**
     * Adds or deletes.
     *
     * @param operation what it does
     * @param type RTM_*
     * @param messageFlags NLM_F_*
     * @param neighbour the entry
     */
    private record Change(String operation, int type, int messageFlags, Neighbour neighbour) implements NetlinkRequest {
        @Override
        public String object() {
            return "neighbour " + neighbour.address() + " on the link with index " + neighbour.linkIndex();
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(type, messageFlags)
                    .putByte(AddressFamily.of(neighbour.address().family()))
                    .putZeros(3)
                    .putInt(neighbour.linkIndex())
                    .putShort(neighbour.state())
                    .putByte(neighbour.flags())
                    .putByte(0)
                    .attrAddress(NdMsg.NDA_DST, neighbour.address());
            if (neighbour.mac().isPresent()) {
                out.attrMac(NdMsg.NDA_LLADDR, neighbour.mac().get());
            }
        }
    }

    /**
     * Asks for many.
     *
     * @param family the family
     * @param linkIndex interface index, 0 for all
     */
    private record Dump(IpFamily family, int linkIndex) implements NetlinkRequest {
        @Override
        public String operation() {
            return "RTM_GETNEIGH";
        }

        @Override
        public String object() {
            return family + " neighbours" + (linkIndex == 0 ? "" : " on the link with index " + linkIndex);
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(NdMsg.RTM_GETNEIGH, 0).putByte(AddressFamily.of(family)).putZeros(11);
            if (linkIndex != 0) {
                out.attrU32(NdMsg.NDA_IFINDEX, linkIndex);
            }
        }
    }
}
