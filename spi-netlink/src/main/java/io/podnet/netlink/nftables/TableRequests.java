package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.LinuxNfnetlink;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;
import java.util.Optional;

/** Requests about tables, chains and sets, as values. */
final class TableRequests {
    private TableRequests() {}

    static MessageWriter begin(MessageWriter out, int message, int flags, Table table) {
        return begin(out, message, flags, table.family().number());
    }

    /** Starts a message with struct nfgenmsg. */
    static MessageWriter begin(MessageWriter out, int message, int flags, int family) {
        return out.begin(LinuxNftables.type(message), flags)
                .putByte(family)
                .putByte(LinuxNfnetlink.NFNETLINK_V0)
                .putShort(0);
    }

    static NetlinkRequest newTable(Table table, String comment) {
        return NetlinkRequest.of("NFT_MSG_NEWTABLE", () -> "table " + table, out -> {
            begin(out, NFT_MSG_NEWTABLE, LinuxNetlink.NLM_F_CREATE, table)
                    .attrString(NFTA_TABLE_NAME, table.name())
                    .attrBe32(NFTA_TABLE_FLAGS, 0);
            if (!comment.isEmpty()) {
                out.attrBytes(NFTA_TABLE_USERDATA, UserData.ofComment(comment));
            }
        });
    }

    static NetlinkRequest deleteTable(Table table) {
        return NetlinkRequest.of(
                "NFT_MSG_DELTABLE",
                () -> "table " + table,
                out -> begin(out, NFT_MSG_DELTABLE, 0, table).attrString(NFTA_TABLE_NAME, table.name()));
    }

    /** Asks for all chains, rules or sets of a table. */
    static NetlinkRequest list(Table table, String operation, int type, String what, int tableAttribute) {
        return NetlinkRequest.of(
                operation,
                () -> what + " of table " + table,
                out -> begin(out, type, 0, table).attrString(tableAttribute, table.name()));
    }

    static NetlinkRequest newChain(Table table, Chain chain) {
        return new ChainRequest(table, chain);
    }

    static NetlinkRequest deleteChain(Table table, String chain) {
        return NetlinkRequest.of(
                "NFT_MSG_DELCHAIN",
                () -> "chain " + table + " " + chain,
                out -> begin(out, NFT_MSG_DELCHAIN, 0, table)
                        .attrString(NFTA_CHAIN_TABLE, table.name())
                        .attrString(NFTA_CHAIN_NAME, chain));
    }

    /** Without a handle all rules of the chain go. */
    static NetlinkRequest flushChain(Table table, String chain) {
        return NetlinkRequest.of(
                "NFT_MSG_DELRULE",
                () -> "chain " + table + " " + chain,
                out -> begin(out, NFT_MSG_DELRULE, 0, table)
                        .attrString(NFTA_RULE_TABLE, table.name())
                        .attrString(NFTA_RULE_CHAIN, chain));
    }

    static NetlinkRequest newSet(Table table, NftSet set, int id) {
        return NetlinkRequest.of("NFT_MSG_NEWSET", () -> "set " + table + " " + set.name(), out -> {
            boolean concat = set.interval() && set.key().size() > 1;
            int flags = (set.interval() ? NFT_SET_INTERVAL : 0)
                    | (set.data().isEmpty() ? 0 : NFT_SET_MAP)
                    | (concat ? NFT_SET_CONCAT : 0);
            begin(out, NFT_MSG_NEWSET, LinuxNetlink.NLM_F_CREATE, table)
                    .attrString(NFTA_SET_TABLE, table.name())
                    .attrString(NFTA_SET_NAME, set.name())
                    .attrBe32(NFTA_SET_FLAGS, flags)
                    .attrBe32(NFTA_SET_KEY_TYPE, DataType.numberOf(set.key()))
                    .attrBe32(NFTA_SET_KEY_LEN, DataType.lengthOf(set.key()));
            if (!set.data().isEmpty()) {
                out.attrBe32(NFTA_SET_DATA_TYPE, DataType.numberOf(set.data()))
                        .attrBe32(NFTA_SET_DATA_LEN, DataType.lengthOf(set.data()));
            }
            out.attrBe32(NFTA_SET_ID, id);
            if (concat) {
                fields(out, set.key());
            }
            int order = set.key().size() == 1 ? set.key().get(0).byteOrder() : 0;
            out.attrBytes(NFTA_SET_USERDATA, UserData.ofKeyByteOrder(order));
        });
    }

    private static void fields(MessageWriter out, List<DataType> key) {
        int description = out.beginNested(NFTA_SET_DESC);
        int concat = out.beginNested(NFTA_SET_DESC_CONCAT);
        for (DataType field : key) {
            int element = out.beginNested(NFTA_LIST_ELEM);
            out.attrBe32(NFTA_SET_FIELD_LEN, field.bytes());
            out.endNested(element);
        }
        out.endNested(concat);
        out.endNested(description);
    }

    static NetlinkRequest deleteSet(Table table, String set) {
        return NetlinkRequest.of(
                "NFT_MSG_DELSET",
                () -> "set " + table + " " + set,
                out -> begin(out, NFT_MSG_DELSET, 0, table)
                        .attrString(NFTA_SET_TABLE, table.name())
                        .attrString(NFTA_SET_NAME, set));
    }

    /**
     * NFT_MSG_NEWCHAIN.
     *
     * @param table the table
     * @param chain the chain
     */
    record ChainRequest(Table table, Chain chain) implements NetlinkRequest {
        @Override
        public String operation() {
            return "NFT_MSG_NEWCHAIN";
        }

        @Override
        public String object() {
            return "chain " + table + " " + chain.name();
        }

        @Override
        public void write(MessageWriter out) {
            begin(out, NFT_MSG_NEWCHAIN, LinuxNetlink.NLM_F_CREATE, table)
                    .attrString(NFTA_CHAIN_TABLE, table.name())
                    .attrString(NFTA_CHAIN_NAME, chain.name());
            Optional<BaseHook> hook = chain.hook();
            if (hook.isPresent()) {
                BaseHook base = hook.get();
                int nest = out.beginNested(NFTA_CHAIN_HOOK);
                out.attrBe32(NFTA_HOOK_HOOKNUM, base.point().number()).attrBe32(NFTA_HOOK_PRIORITY, base.priority());
                out.endNested(nest);
                out.attrBe32(NFTA_CHAIN_POLICY, base.accept() ? 1 : 0)
                        .attrString(NFTA_CHAIN_TYPE, base.type().kernelName());
            }
        }
    }
}
