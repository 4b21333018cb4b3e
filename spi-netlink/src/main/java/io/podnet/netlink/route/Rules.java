package io.podnet.netlink.route;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;
import java.util.Optional;

/** Policy rules of one network namespace. Safe for any thread. */
public final class Rules {
    private static final int RTM_GETRULE = 34;
    private static final int FIB_RULE_HDR_LENGTH = 12;
    private static final int FRA_DST = 1;
    private static final int FRA_SRC = 2;
    private static final int FRA_IIFNAME = 3;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_FWMARK = 10;
    private static final int FRA_TABLE = 15;
    private static final int FRA_FWMASK = 16;
    private static final int FRA_PROTOCOL = 21;
    private static final int FR_ACT_TO_TBL = 1;
    private static final int ONE_BYTE_TABLE = 255;

    private final NetlinkConversation conversation;

    Rules(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Adds a rule.
     *
     * @param rule what to add
     * @throws io.podnet.api.PodnetException.KernelRejected with EEXIST where the very same rule exists
     */
    public void create(Rule rule) {
        conversation.execute(new Change(
                "RTM_NEWRULE", LinuxRtnetlink.RTM_NEWRULE, LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL, rule));
    }

    /**
     * Adds a rule where the very same is not there yet.
     *
     * @param rule what is to be there
     * @return false where it was there
     */
    public boolean ensure(Rule rule) {
        return conversation.executeUnless(
                new Change(
                        "RTM_NEWRULE",
                        LinuxRtnetlink.RTM_NEWRULE,
                        LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL,
                        rule),
                Errno.EEXIST);
    }

    /**
     * Deletes a rule.
     *
     * @param rule what to delete
     * @return false where there was none
     */
    public boolean delete(Rule rule) {
        return conversation.executeUnless(new Change("RTM_DELRULE", LinuxRtnetlink.RTM_DELRULE, 0, rule), Errno.ENOENT);
    }

    /**
     * Lists the rules that send packets to a table, the kernel's own included.
     *
     * @param family the family
     * @return a new list in the order that the kernel looks at them
     */
    public List<Rule> list(IpFamily family) {
        return conversation.list(new Dump(family), Rules::decode);
    }

    private static Optional<Rule> decode(MessageReader message) {
        if (!AddressFamily.isIp(message.u8(0)) || message.u8(7) != FR_ACT_TO_TBL) {
            return Optional.empty();
        }
        IpFamily family = AddressFamily.toIpFamily(message.u8(0));
        Optional<Cidr> source = Optional.empty();
        Optional<Cidr> destination = Optional.empty();
        String input = "";
        long priority = 0;
        int mark = 0;
        int mask = 0;
        int table = message.u8(4);
        int protocol = 0;
        AttributeReader attributes = message.attributes(FIB_RULE_HDR_LENGTH);
        while (attributes.next()) {
            switch (attributes.type()) {
                case FRA_DST -> destination = network(family, attributes.address(), message.u8(1));
                case FRA_SRC -> source = network(family, attributes.address(), message.u8(2));
                case FRA_IIFNAME -> input = attributes.string();
                case FRA_PRIORITY -> priority = attributes.u32();
                case FRA_FWMARK -> mark = attributes.s32();
                case FRA_FWMASK -> mask = attributes.s32();
                case FRA_TABLE -> table = attributes.s32();
                case FRA_PROTOCOL -> protocol = attributes.u8();
                default -> {
                    // Conditions that Podnet does not set.
                }
            }
        }
        return Optional.of(new Rule(family, priority, source, destination, input, mark, mask, table, protocol));
    }

    private static Optional<Cidr> network(IpFamily family, IpAddress address, int bits) {
        return address.family() == family && bits <= family.bits()
                ? Optional.of(new Cidr(address.masked(bits), bits))
                : Optional.empty();
    }

    /**
     * Adds or deletes.
     *
     * @param operation what it does
     * @param type RTM_*
     * @param messageFlags NLM_F_*
     * @param rule the rule
     */
    private record Change(String operation, int type, int messageFlags, Rule rule) implements NetlinkRequest {
        @Override
        public String object() {
            return "rule " + rule.priority() + " to table " + rule.table();
        }

        @Override
        public void write(MessageWriter out) {
            int table = rule.table();
            out.begin(type, messageFlags)
                    .putByte(AddressFamily.of(rule.family()))
                    .putByte(rule.destination().map(Cidr::prefixLength).orElse(0))
                    .putByte(rule.source().map(Cidr::prefixLength).orElse(0))
                    .putByte(0)
                    .putByte(table > 0 && table <= ONE_BYTE_TABLE ? table : 0)
                    .putShort(0)
                    .putByte(FR_ACT_TO_TBL)
                    .putInt(0)
                    .attrU32(FRA_PRIORITY, (int) rule.priority())
                    .attrU8(FRA_PROTOCOL, rule.protocol())
                    .attrU32(FRA_TABLE, table);
            rule.destination().ifPresent(network -> out.attrAddress(FRA_DST, network.network()));
            rule.source().ifPresent(network -> out.attrAddress(FRA_SRC, network.network()));
            if (!rule.inputLink().isEmpty()) {
                out.attrString(FRA_IIFNAME, rule.inputLink());
            }
            if (rule.markMask() != 0) {
                out.attrU32(FRA_FWMARK, rule.mark()).attrU32(FRA_FWMASK, rule.markMask());
            }
        }
    }

    /**
     * Asks for all.
     *
     * @param family the family
     */
    private record Dump(IpFamily family) implements NetlinkRequest {
        @Override
        public String operation() {
            return "RTM_GETRULE";
        }

        @Override
        public String object() {
            return family + " rules";
        }

        @Override
        public void write(MessageWriter out) {
            out.begin(RTM_GETRULE, 0).putByte(AddressFamily.of(family)).putZeros(11);
        }
    }
}
