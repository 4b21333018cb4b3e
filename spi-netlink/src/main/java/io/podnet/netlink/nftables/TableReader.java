package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.socket.LinuxNfnetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the kernel's messages about tables, chains, rules, sets and elements. */
final class TableReader {
    private TableReader() {}

    static Optional<Table> table(MessageReader message) {
        AttributeReader attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
        while (attributes.next()) {
            if (attributes.type() == NFTA_TABLE_NAME) {
                String name = attributes.string();
                return family(message.u8(0)).map(family -> new Table(family, name));
            }
        }
        return Optional.empty();
    }

    private static Optional<Family> family(int number) {
        for (Family family : Family.values()) {
            if (family.number() == number) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }

    /** Gives nothing for a chain of another table: old kernels do not filter. */
    static Optional<Chain> chain(Table table, MessageReader message) {
        AttributeReader attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
        String owner = "";
        String name = "";
        String type = "";
        int policy = 1;
        int point = -1;
        int priority = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_CHAIN_TABLE -> owner = attributes.string();
                case NFTA_CHAIN_NAME -> name = attributes.string();
                case NFTA_CHAIN_TYPE -> type = attributes.string();
                case NFTA_CHAIN_POLICY -> policy = attributes.be32();
                case NFTA_CHAIN_HOOK -> {
                    AttributeReader hook = attributes.nested();
                    while (hook.next()) {
                        if (hook.type() == NFTA_HOOK_HOOKNUM) {
                            point = hook.be32();
                        } else if (hook.type() == NFTA_HOOK_PRIORITY) {
                            priority = hook.be32();
                        }
                    }
                }
                default -> {
                    // Handles, uses and counters are not part of the value.
                }
            }
        }
        if (!owner.equals(table.name()) || message.u8(0) != table.family().number()) {
            return Optional.empty();
        }
        return Optional.of(new Chain(name, hook(type, point, priority, policy == 1)));
    }

    private static Optional<BaseHook> hook(String type, int point, int priority, boolean accept) {
        BaseHook.Point[] points = BaseHook.Point.values();
        for (BaseHook.Type known : BaseHook.Type.values()) {
            if (point >= 0 && point < points.length && known.kernelName().equals(type)) {
                return Optional.of(new BaseHook(known, points[point], priority, accept));
            }
        }
        return Optional.empty();
    }

    static Optional<Rule> rule(Table table, MessageReader message) {
        AttributeReader attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
        String owner = "";
        String chain = "";
        String comment = "";
        List<Expression> expressions = List.of();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_RULE_TABLE -> owner = attributes.string();
                case NFTA_RULE_CHAIN -> chain = attributes.string();
                case NFTA_RULE_USERDATA -> comment = UserData.commentOf(attributes.bytes());
                case NFTA_RULE_EXPRESSIONS -> expressions = ExpressionReader.readAll(attributes.nested());
                default -> {
                    // Handles and positions are not part of the value.
                }
            }
        }
        boolean ours =
                owner.equals(table.name()) && message.u8(0) == table.family().number();
        return ours ? Optional.of(new Rule(chain, expressions, comment)) : Optional.empty();
    }

    static Optional<NftSet> set(Table table, MessageReader message) {
        AttributeReader attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
        String owner = "";
        String name = "";
        int flags = 0;
        int key = 0;
        int data = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_SET_TABLE -> owner = attributes.string();
                case NFTA_SET_NAME -> name = attributes.string();
                case NFTA_SET_FLAGS -> flags = attributes.be32();
                case NFTA_SET_KEY_TYPE -> key = attributes.be32();
                case NFTA_SET_DATA_TYPE -> data = attributes.be32();
                default -> {
                    // Lengths follow from the types; the rest is the kernel's own choice.
                }
            }
        }
        boolean ours =
                owner.equals(table.name()) && message.u8(0) == table.family().number();
        return ours
                ? Optional.of(new NftSet(
                        name, DataType.ofNumber(key), DataType.ofNumber(data), (flags & NFT_SET_INTERVAL) != 0))
                : Optional.empty();
    }

    static List<SetElement> elements(MessageReader message) {
        AttributeReader attributes = message.attributes(LinuxNfnetlink.NFGENMSG_LENGTH);
        List<SetElement> elements = new ArrayList<>();
        while (attributes.next()) {
            if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
                AttributeReader list = attributes.nested();
                while (list.next()) {
                    elements.add(element(list.nested()));
                }
            }
        }
        return elements;
    }

    private static SetElement element(AttributeReader attributes) {
        RegisterData key = RegisterData.NONE;
        RegisterData keyEnd = RegisterData.NONE;
        RegisterData data = RegisterData.NONE;
        int flags = 0;
        String comment = "";
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_SET_ELEM_KEY -> key = value(attributes.nested());
                case NFTA_SET_ELEM_KEY_END -> keyEnd = value(attributes.nested());
                case NFTA_SET_ELEM_DATA -> data = value(attributes.nested());
                case NFTA_SET_ELEM_FLAGS -> flags = attributes.be32();
                case NFTA_SET_ELEM_USERDATA -> comment = UserData.commentOf(attributes.bytes());
                default -> {
                    // Time-outs and counters of elements are not used here.
                }
            }
        }
        return new SetElement(key, keyEnd, data, (flags & NFT_SET_ELEM_INTERVAL_END) != 0, comment);
    }

    private static RegisterData value(AttributeReader data) {
        while (data.next()) {
            if (data.type() == NFTA_DATA_VALUE) {
                return RegisterData.wrap(data.bytes());
            }
        }
        return RegisterData.NONE;
    }
}
