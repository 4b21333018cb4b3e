package io.podnet.netlink.route;

import io.podnet.api.IpAddress;
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

/** Forwarding tables of the bridges and VXLANs in one network namespace. Safe for any thread. */
public final class BridgeFdb {
    private final NetlinkConversation conversation;

    BridgeFdb(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Adds an entry, or takes the place of the one for the same Ethernet address.
     *
     * @param entry what is to be there; not for the all-zero address, see {@link #append}
     */
    public void replace(FdbEntry entry) {
        conversation.execute(replacing(entry));
    }

    /**
     * Adds one more destination to an Ethernet address, which a VXLAN has for the all-zero address.
     *
     * @param entry what is to be there too
     */
    public void append(FdbEntry entry) {
        conversation.executeUnless(
                new Change(
                        "RTM_NEWNEIGH append",
                        LinuxRtnetlink.RTM_NEWNEIGH,
                        LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_APPEND,
                        entry),
                Errno.EEXIST);
    }

    /**
     * Deletes an entry; where it has a destination, that one alone.
     *
     * @param entry what to delete; state is not looked at
     * @return false where there was none, or the link is not there
     */
    public boolean delete(FdbEntry entry) {
        return conversation.executeUnless(deleting(entry), Errno.ENOENT, Errno.ENODEV);
    }

    /**
     * Makes a {@link #replace} that can be part of a batch.
     *
     * @param entry what is to be there
     * @return the request
     */
    public static NetlinkRequest replacing(FdbEntry entry) {
        return new Change(
                "RTM_NEWNEIGH replace",
                LinuxRtnetlink.RTM_NEWNEIGH,
                LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_REPLACE,
                entry);
    }

    /**
     * Makes a {@link #delete} that can be part of a batch; absence is a failure there, with ENOENT.
     *
     * @param entry what to delete
     * @return the request
     */
    public static NetlinkRequest deleting(FdbEntry entry) {
        return new Change("RTM_DELNEIGH", LinuxRtnetlink.RTM_DELNEIGH, 0, entry);
    }

    /**
     * Lists the entries of a VXLAN, or of one port.
     *
     * @param linkIndex interface index
     * @return a new list
     */
    public List<FdbEntry> list(int linkIndex) {
        List<FdbEntry> entries = conversation.list(new Dump(linkIndex, 0), BridgeFdb::decode);
        entries.removeIf(entry -> entry.linkIndex() != linkIndex);
        return entries;
    }

    /**
     * Lists the entries of all ports of a bridge.
     *
     * @param bridgeIndex the bridge's interface index
     * @return a new list
     */
    public List<FdbEntry> listBridge(int bridgeIndex) {
        List<FdbEntry> entries = conversation.list(new Dump(0, bridgeIndex), BridgeFdb::decode);
        entries.removeIf(entry -> entry.masterIndex() != bridgeIndex && entry.linkIndex() != bridgeIndex);
        return entries;
    }

    /**
     * Reads a forwarding event.
     *
     * @param message a message
     * @return the entry, or empty where the message is about none
     */
    public static Optional<FdbEntry> decode(MessageReader message) {
        boolean about = message.type() == LinuxRtnetlink.RTM_NEWNEIGH || message.type() == LinuxRtnetlink.RTM_DELNEIGH;
        if (!about || message.u8(0) != IfLink.AF_BRIDGE) {
            return Optional.empty();
        }
        MacAddress mac = null;
        Optional<IpAddress> destination = Optional.empty();
        int master = 0;
        int vlan = 0;
        AttributeReader attributes = message.attributes(NdMsg.NDMSG_LENGTH);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NdMsg.NDA_LLADDR -> mac = attributes.mac();
                case NdMsg.NDA_DST -> destination = Optional.of(attributes.address());
                case NdMsg.NDA_MASTER -> master = attributes.s32();
                case NdMsg.NDA_VLAN -> vlan = attributes.u16();
                default -> {
                    // Ages and counters.
                }
            }
        }
        return mac == null
                ? Optional.empty()
                : Optional.of(
                        new FdbEntry(message.s32(4), mac, destination, master, vlan, message.u16(8), message.u8(10)));
    }

    /**
     * Adds or deletes.
     *
     * @param operation what it does
     * @param type RTM_*
     * @param messageFlags NLM_F_*
     * @param entry the entry
     */
    private record Change(String operation, int type, int messageFlags, FdbEntry entry) implements NetlinkRequest {
        @Override
        public String object() {
            return "forwarding entry " + entry.mac()
                    + entry.destination().map(address -> " to " + address).orElse("") + " on the link with index "
                    + entry.linkIndex();
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(type, messageFlags)
                    .putByte(IfLink.AF_BRIDGE)
                    .putZeros(3)
                    .putInt(entry.linkIndex())
                    .putShort(entry.state())
                    .putByte(entry.flags())
                    .putByte(0)
                    .attrMac(NdMsg.NDA_LLADDR, entry.mac());
            if (entry.destination().isPresent()) {
                out.attrAddress(NdMsg.NDA_DST, entry.destination().get());
            }
            if (entry.vlan() != 0) {
                out.attrU16(NdMsg.NDA_VLAN, entry.vlan());
            }
        }
    }

    /**
     * Asks for many.
     *
     * @param linkIndex interface index, 0 for all
     * @param bridgeIndex the bridge, 0 for all
     */
    private record Dump(int linkIndex, int bridgeIndex) implements NetlinkRequest {
        @Override
        public String operation() {
            return "RTM_GETNEIGH of AF_BRIDGE";
        }

        @Override
        public String object() {
            return "forwarding entries of the link with index " + (linkIndex == 0 ? bridgeIndex : linkIndex);
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(NdMsg.RTM_GETNEIGH, 0).putByte(IfLink.AF_BRIDGE).putZeros(11);
            if (linkIndex != 0) {
                out.attrU32(NdMsg.NDA_IFINDEX, linkIndex);
            }
            if (bridgeIndex != 0) {
                out.attrU32(NdMsg.NDA_MASTER, bridgeIndex);
            }
        }
    }
}
