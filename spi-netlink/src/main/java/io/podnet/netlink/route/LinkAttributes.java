package io.podnet.netlink.route;

import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.MessageWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is to be set on a link, all in as few messages as the kernel allows. What is not mentioned stays as it is. The
 * methods return this object; not thread-safe.
 */
public final class LinkAttributes {
    private static final int UNSET = -1;
    private static final int IFALIASZ = 256;

    private @Nullable String name;
    private @Nullable MacAddress mac;
    private @Nullable String alias;
    private int mtu = UNSET;
    private int master = UNSET;
    private int group = UNSET;
    private int namespaceFd = UNSET;
    private int queues = UNSET;
    private int flags;
    private int flagsMask;
    private boolean noAddressGeneration;
    private int arpNotify = UNSET;

    private LinkAttributes() {}

    /**
     * Starts with nothing to set.
     *
     * @return a new object
     */
    public static LinkAttributes none() {
        return new LinkAttributes();
    }

    /**
     * Starts with a name.
     *
     * @param name 1 to 15 printable ASCII characters without '/', ':' and '%'
     * @return a new object
     * @throws PodnetException.Invalid where the name is none
     */
    public static LinkAttributes named(String name) {
        return none().name(name);
    }

    /**
     * Sets the name. An existing link must be down on kernels before 6.2 to be renamed.
     *
     * @param value as for {@link #named}
     * @return this
     */
    public LinkAttributes name(String value) {
        name = LinkName.require(value);
        return this;
    }

    /**
     * Sets the Ethernet address.
     *
     * @param value address
     * @return this
     */
    public LinkAttributes mac(MacAddress value) {
        mac = value;
        return this;
    }

    /**
     * Sets the MTU.
     *
     * @param value bytes, at least 68 (RFC 791)
     * @return this
     */
    public LinkAttributes mtu(int value) {
        if (value < 68) {
            throw new PodnetException.Invalid("MTU " + value + " is below 68, the least that IPv4 needs");
        }
        mtu = value;
        return this;
    }

    /**
     * Makes the link a port of a bridge.
     *
     * @param index the bridge's interface index
     * @return this
     */
    public LinkAttributes master(int index) {
        master = index;
        return this;
    }

    /**
     * Makes the link nobody's port.
     *
     * @return this
     */
    public LinkAttributes noMaster() {
        master = 0;
        return this;
    }

    /**
     * Sets the group, a handle to delete many links at once.
     *
     * @param value group number, 0 is the default group
     * @return this
     */
    public LinkAttributes group(int value) {
        group = value;
        return this;
    }

    /**
     * Sets the alias, a free text.
     *
     * @param value at most 255 bytes of UTF-8; empty takes the alias away
     * @return this
     */
    public LinkAttributes alias(String value) {
        if (value.getBytes(StandardCharsets.UTF_8).length >= IFALIASZ || value.indexOf('\0') >= 0) {
            throw new PodnetException.Invalid("an interface alias has at most 255 bytes and no NUL");
        }
        alias = value;
        return this;
    }

    /**
     * Sets how many queues a new link has in each direction. Without it the kernel makes as many for a veth as there are
     * processors and closes all but one again (drivers/net/veth.c, veth_init_queues), waiting for every processor each
     * time.
     *
     * @param value at least 1
     * @return this
     */
    public LinkAttributes queues(int value) {
        if (value < 1) {
            throw new PodnetException.Invalid(value + " queues: a link has at least one");
        }
        queues = value;
        return this;
    }

    /**
     * Puts the link into a network namespace.
     *
     * @param fd descriptor of the namespace, open until the message is answered
     * @return this
     */
    public LinkAttributes namespaceFd(int fd) {
        namespaceFd = fd;
        return this;
    }

    /**
     * Sets the link up.
     *
     * @return this
     */
    public LinkAttributes up() {
        return flag(IfLink.IFF_UP, true);
    }

    /**
     * Sets the link down.
     *
     * @return this
     */
    public LinkAttributes down() {
        return flag(IfLink.IFF_UP, false);
    }

    /**
     * Sets or clears promiscuous mode.
     *
     * @param value whether packets for others are taken
     * @return this
     */
    public LinkAttributes promiscuous(boolean value) {
        return flag(IfLink.IFF_PROMISC, value);
    }

    /**
     * Switches off that the kernel gives the link an IPv6 address of its own making (addr_gen_mode none). Where the link
     * is to come up too, that is done by a second message, since in the same it would come too late.
     *
     * @return this
     */
    public LinkAttributes noAddressGeneration() {
        noAddressGeneration = true;
        return this;
    }

    /**
     * Sets whether the link announces its addresses when it comes up or changes its MAC address: the sysctl arp_notify,
     * written without opening a file of the link's namespace.
     *
     * @param value true to announce
     * @return this
     */
    public LinkAttributes arpNotify(boolean value) {
        arpNotify = value ? 1 : 0;
        return this;
    }

    private LinkAttributes flag(int flag, boolean value) {
        flagsMask |= flag;
        flags = value ? flags | flag : flags & ~flag;
        return this;
    }

    int flags() {
        return flags;
    }

    int flagsMask() {
        return flagsMask;
    }

    /** What a creating message ignores or refuses, so that it needs a message of its own. */
    boolean hasLateAttributes() {
        return alias != null || noAddressGeneration || arpNotify != UNSET;
    }

    /** Whether the flags must wait until the other attributes are set. */
    boolean flagsComeLast() {
        return noAddressGeneration && flagsMask != 0;
    }

    /** What can be set only from inside the link's own namespace, after it was made there. */
    boolean hasForeignAttributes() {
        return hasLateAttributes() || master != UNSET;
    }

    boolean movesNamespace() {
        return namespaceFd != UNSET;
    }

    @Nullable
    String name() {
        return name;
    }

    void writeCreation(MessageWriter out) {
        if (name != null) {
            out.attrString(IfLink.IFLA_IFNAME, name);
        }
        if (mac != null) {
            out.attrMac(IfLink.IFLA_ADDRESS, mac);
        }
        optional(out, IfLink.IFLA_MTU, mtu);
        optional(out, IfLink.IFLA_MASTER, master);
        optional(out, IfLink.IFLA_GROUP, group);
        optional(out, IfLink.IFLA_NET_NS_FD, namespaceFd);
        optional(out, IfLink.IFLA_NUM_TX_QUEUES, queues);
        optional(out, IfLink.IFLA_NUM_RX_QUEUES, queues);
    }

    void writeLate(MessageWriter out) {
        if (alias != null) {
            // Without NUL: the kernel keeps the length that it is given.
            out.attrBytes(IfLink.IFLA_IFALIAS, alias.getBytes(StandardCharsets.UTF_8));
        }
        if (noAddressGeneration || arpNotify != UNSET) {
            int families = out.beginNested(IfLink.IFLA_AF_SPEC);
            writeIpv4(out);
            writeIpv6(out);
            out.endNested(families);
        }
    }

    private void writeIpv4(MessageWriter out) {
        if (arpNotify != UNSET) {
            int inet = out.beginNested(IfLink.AF_INET);
            int settings = out.beginNested(IfLink.IFLA_INET_CONF);
            out.attrU32(IfLink.IPV4_DEVCONF_ARP_NOTIFY, arpNotify);
            out.endNested(settings).endNested(inet);
        }
    }

    private void writeIpv6(MessageWriter out) {
        if (noAddressGeneration) {
            int inet6 = out.beginNested(IfLink.AF_INET6);
            out.attrU8(IfLink.IFLA_INET6_ADDR_GEN_MODE, IfLink.IN6_ADDR_GEN_MODE_NONE);
            out.endNested(inet6);
        }
    }

    private static void optional(MessageWriter out, int type, int value) {
        if (value != UNSET) {
            out.attrU32(type, value);
        }
    }
}
