package io.podnet.netlink.route;

import io.podnet.api.InterfaceAddress;
import io.podnet.api.IpAddress;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;
import java.util.Optional;

/** Addresses of one network namespace. Safe for any thread. */
public final class Addresses {
    private static final int RTM_GETADDR = 22;
    private static final int IFADDRMSG_LENGTH = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;

    private final NetlinkConversation conversation;

    Addresses(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Adds an address.
     *
     * @param address what to add
     * @throws io.podnet.api.PodnetException.KernelRejected with EEXIST where the link has it already
     */
    public void create(AssignedAddress address) {
        conversation.execute(creating(address));
    }

    /**
     * Adds an address, or sets the flags of the one that is there.
     *
     * @param address what is to be there
     */
    public void replace(AssignedAddress address) {
        conversation.execute(replacing(address));
    }

    /**
     * Takes an address away.
     *
     * @param linkIndex interface index
     * @param address address with the prefix length that it was added with
     * @return false where it was not there, or the link is not
     */
    public boolean delete(int linkIndex, InterfaceAddress address) {
        return conversation.executeUnless(deleting(linkIndex, address), Errno.EADDRNOTAVAIL, Errno.ENODEV);
    }

    /**
     * Makes a {@link #create} that can be part of a batch.
     *
     * @param address what to add
     * @return the request
     */
    public static NetlinkRequest creating(AssignedAddress address) {
        return new Change(
                "RTM_NEWADDR",
                LinuxRtnetlink.RTM_NEWADDR,
                LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL,
                address);
    }

    /**
     * Makes a {@link #replace} that can be part of a batch.
     *
     * @param address what is to be there
     * @return the request
     */
    public static NetlinkRequest replacing(AssignedAddress address) {
        return new Change(
                "RTM_NEWADDR replace",
                LinuxRtnetlink.RTM_NEWADDR,
                LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_REPLACE,
                address);
    }

    /**
     * Makes a {@link #delete} that can be part of a batch; absence is a failure there, with EADDRNOTAVAIL.
     *
     * @param linkIndex interface index
     * @param address address with the prefix length that it was added with
     * @return the request
     */
    public static NetlinkRequest deleting(int linkIndex, InterfaceAddress address) {
        return new Change("RTM_DELADDR", LinuxRtnetlink.RTM_DELADDR, 0, AssignedAddress.of(linkIndex, address));
    }

    /**
     * Lists all addresses of both families.
     *
     * @return a new list
     */
    public List<AssignedAddress> list() {
        return list(0);
    }

    /**
     * Lists the addresses of a link.
     *
     * @param linkIndex interface index; 0 for all links
     * @return a new list
     * @throws io.podnet.api.PodnetException.KernelRejected with ENODEV where there is no such link
     */
    public List<AssignedAddress> list(int linkIndex) {
        List<AssignedAddress> addresses = conversation.list(new Dump(linkIndex), Addresses::decode);
        addresses.removeIf(address -> linkIndex != 0 && address.linkIndex() != linkIndex);
        return addresses;
    }

    /**
     * Reads an address event.
     *
     * @param message a message
     * @return the address, or empty where the message is about none
     */
    public static Optional<AssignedAddress> decode(MessageReader message) {
        boolean about = message.type() == LinuxRtnetlink.RTM_NEWADDR || message.type() == LinuxRtnetlink.RTM_DELADDR;
        if (!about || !AddressFamily.isIp(message.u8(0))) {
            return Optional.empty();
        }
        int flags = message.u8(2);
        IpAddress prefix = null;
        IpAddress local = null;
        AttributeReader attributes = message.attributes(IFADDRMSG_LENGTH);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFA_ADDRESS -> prefix = attributes.address();
                case IFA_LOCAL -> local = attributes.address();
                case IFA_FLAGS -> flags = attributes.s32();
                default -> {
                    // Labels and life times are not Podnet's.
                }
            }
        }
        // On a point-to-point link IFA_ADDRESS is the other end; IPv6 without a peer has no IFA_LOCAL.
        IpAddress own = local != null ? local : prefix;
        if (own == null) {
            return Optional.empty();
        }
        int bits = Math.min(message.u8(1), own.family().bits());
        return Optional.of(new AssignedAddress(message.s32(4), new InterfaceAddress(own, bits), flags, message.u8(3)));
    }

    /**
     * Adds or takes away.
     *
     * @param operation what it does
     * @param type RTM_*
     * @param messageFlags NLM_F_*
     * @param assigned the address
     */
    private record Change(String operation, int type, int messageFlags, AssignedAddress assigned)
            implements NetlinkRequest {
        @Override
        public String object() {
            return "address " + assigned.address() + " of the link with index " + assigned.linkIndex();
        }

        @Override
        public void write(MessageWriter out) {
            InterfaceAddress address = assigned.address();
            out.begin(type, messageFlags)
                    .putByte(AddressFamily.of(address.address().family()))
                    .putByte(address.prefixLength())
                    .putByte(0)
                    .putByte(assigned.scope())
                    .putInt(assigned.linkIndex())
                    .attrAddress(IFA_LOCAL, address.address())
                    .attrAddress(IFA_ADDRESS, address.address());
            if (assigned.flags() != 0) {
                out.attrU32(IFA_FLAGS, assigned.flags());
            }
        }
    }

    /**
     * Asks for many.
     *
     * @param linkIndex interface index, 0 for all
     */
    private record Dump(int linkIndex) implements NetlinkRequest {
        @Override
        public String operation() {
            return "RTM_GETADDR";
        }

        @Override
        public String object() {
            return linkIndex == 0 ? "all addresses" : "addresses of the link with index " + linkIndex;
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(RTM_GETADDR, 0).putInt(0).putInt(linkIndex);
        }
    }
}
