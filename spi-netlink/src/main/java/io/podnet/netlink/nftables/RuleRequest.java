package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * NFT_MSG_NEWRULE at the chain's end.
 *
 * @param table the table
 * @param rule the rule
 */
record RuleRequest(Table table, Rule rule) implements NetlinkRequest {
    private static final int SCRATCH = 64 * 1024;

    @Override
    public String operation() {
        return "NFT_MSG_NEWRULE";
    }

    @Override
    public String object() {
        return "chain " + table + " " + rule.chain()
                + (rule.comment().isEmpty() ? "" : ", rule '" + rule.comment() + "'");
    }

    @Override
    public void write(MessageWriter out) {
        write(out, new ArrayList<>());
    }

    private void write(MessageWriter out, List<Integer> offsets) {
        TableRequests.begin(out, NFT_MSG_NEWRULE, LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_APPEND, table)
                .attrString(NFTA_RULE_TABLE, table.name())
                .attrString(NFTA_RULE_CHAIN, rule.chain());
        int list = out.beginNested(NFTA_RULE_EXPRESSIONS);
        for (Expression expression : rule.expressions()) {
            offsets.add(out.length());
            ExpressionWriter.write(out, expression);
        }
        out.endNested(list);
        if (!rule.comment().isEmpty()) {
            out.attrBytes(NFTA_RULE_USERDATA, UserData.ofComment(rule.comment()));
        }
    }

    /**
     * Names the expression at an offset that the kernel complained about.
     *
     * @param offset bytes from the message's start, -1 where the kernel named none
     * @return the expression's name, or the names of all
     */
    String expressionAt(int offset) {
        List<Integer> offsets = new ArrayList<>();
        write(new MessageWriter(ByteBuffer.allocate(SCRATCH).order(ByteOrder.nativeOrder())).clear(0), offsets);
        int index = offsets.indexOf(offset);
        return index >= 0
                ? rule.expressions().get(index).kernelName()
                : rule.expressions().stream()
                        .map(Expression::kernelName)
                        .distinct()
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("none");
    }
}
