package io.podnet.netlink.route;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;
import java.util.Optional;

/** Links of one network namespace. Safe for any thread; every method waits for the kernel's answer. */
public final class Links {
    private final NetlinkConversation conversation;

    Links(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Makes a link, by one message; an alias and the address generation mode, which the kernel takes only afterwards,
     * cost a second one.
     *
     * @param kind what it is to be
     * @param attributes its name, and what else to set
     * @throws PodnetException.KernelRejected with EEXIST where the name exists, also a peer's
     * @throws PodnetException.Unsupported where the kernel lacks the kind
     */
    public void create(LinkKind kind, LinkAttributes attributes) {
        String name = attributes.name();
        if (name == null) {
            throw new PodnetException.Invalid("a new link of kind " + kind.kind() + " needs a name");
        }
        if (attributes.movesNamespace() && attributes.hasForeignAttributes()) {
            throw new PodnetException.Invalid("link " + name + " is made in another namespace; an alias, a master or an"
                    + " address generation mode can be set only there");
        }
        conversation.execute(new LinkCreation(kind, attributes));
        LinkChange late = new LinkChange(0, name, attributes, LinkChange.Part.LATE);
        if (attributes.flagsComeLast()) {
            conversation.batch(List.of(late, new LinkChange(0, name, attributes, LinkChange.Part.FLAGS)));
        } else if (attributes.hasLateAttributes()) {
            conversation.execute(late);
        }
    }

    /**
     * Changes a link.
     *
     * @param index interface index
     * @param attributes what to set
     * @throws PodnetException.KernelRejected with ENODEV where there is no such link
     */
    public void change(int index, LinkAttributes attributes) {
        change(requireIndex(index), "", attributes);
    }

    /**
     * Changes a link, and renames it where the attributes have a name.
     *
     * @param name its present name
     * @param attributes what to set
     * @throws PodnetException.KernelRejected with ENODEV where there is no such link
     */
    public void change(String name, LinkAttributes attributes) {
        if (attributes.name() == null) {
            change(0, LinkName.require(name), attributes);
        } else {
            change(get(name).index(), "", attributes);
        }
    }

    private void change(int index, String name, LinkAttributes attributes) {
        if (attributes.flagsComeLast()) {
            conversation.batch(List.of(
                    new LinkChange(index, name, attributes, LinkChange.Part.ATTRIBUTES),
                    new LinkChange(index, name, attributes, LinkChange.Part.FLAGS)));
        } else {
            conversation.execute(new LinkChange(index, name, attributes, LinkChange.Part.ALL));
        }
    }

    /**
     * Makes a change that can be part of a batch. Unlike {@link #change(int, LinkAttributes)} it is one message, so the
     * address generation mode and the up flag must come in two.
     *
     * @param index interface index
     * @param attributes what to set; not changed until it is sent
     * @return the request
     */
    public static NetlinkRequest changing(int index, LinkAttributes attributes) {
        if (attributes.flagsComeLast()) {
            throw new PodnetException.Invalid("the address generation mode and flags need two messages");
        }
        return new LinkChange(requireIndex(index), "", attributes, LinkChange.Part.ALL);
    }

    /**
     * Looks a link up.
     *
     * @param name interface name
     * @return the link, or empty
     */
    public Optional<Link> find(String name) {
        return conversation.find(LinkQuery.get(name), LinkDecoder::decode, Errno.ENODEV);
    }

    /**
     * Looks a link up.
     *
     * @param index interface index
     * @return the link, or empty
     */
    public Optional<Link> find(int index) {
        return conversation.find(LinkQuery.get(requireIndex(index)), LinkDecoder::decode, Errno.ENODEV);
    }

    /**
     * Looks up a link that must be there.
     *
     * @param name interface name
     * @return the link
     * @throws PodnetException.NotFound where there is none
     */
    public Link get(String name) {
        return find(name).orElseThrow(() -> new PodnetException.NotFound("no link " + name + " in this namespace"));
    }

    /**
     * Lists all links.
     *
     * @return a new list in the order of indexes
     */
    public List<Link> list() {
        return conversation.list(new LinkDump(0), Links::decode);
    }

    /**
     * Lists the ports of a bridge, or of another master.
     *
     * @param masterIndex the bridge's interface index
     * @return a new list in the order of indexes
     */
    public List<Link> listPorts(int masterIndex) {
        List<Link> links = conversation.list(new LinkDump(requireIndex(masterIndex)), Links::decode);
        links.removeIf(link -> link.masterIndex() != masterIndex);
        return links;
    }

    /**
     * Reads a link event.
     *
     * @param message a message, for example of {@link io.podnet.netlink.socket.NetlinkEvents}
     * @return the link, or empty where the message is no RTM_NEWLINK or RTM_DELLINK of the link layer itself
     */
    public static Optional<Link> decode(MessageReader message) {
        boolean link = message.type() == LinuxRtnetlink.RTM_NEWLINK || message.type() == LinuxRtnetlink.RTM_DELLINK;
        return link && message.u8(0) == IfLink.AF_UNSPEC ? Optional.of(LinkDecoder.decode(message)) : Optional.empty();
    }

    /**
     * Deletes a link; of a veth both ends go. Takes some 16 ms, since the kernel waits for packets in flight.
     *
     * @param name interface name
     * @return false where there was none
     */
    public boolean delete(String name) {
        return conversation.executeUnless(LinkQuery.delete(name), Errno.ENODEV);
    }

    /**
     * Deletes a link; of a veth both ends go.
     *
     * @param index interface index
     * @return false where there was none
     */
    public boolean delete(int index) {
        return conversation.executeUnless(LinkQuery.delete(requireIndex(index)), Errno.ENODEV);
    }

    /**
     * Deletes all links of a group by one message, which takes hardly longer than one alone.
     *
     * @param group group number, not 0: that is every link's default
     * @return false where the group had no link
     */
    public boolean deleteGroup(int group) {
        if (group == 0) {
            throw new PodnetException.Invalid("group 0 is every link's default group and is never deleted");
        }
        return conversation.executeUnless(new LinkGroupDeletion(group), Errno.ENODEV);
    }

    private static int requireIndex(int index) {
        if (index <= 0) {
            throw new PodnetException.Invalid("interface index " + index + " is not positive");
        }
        return index;
    }
}
