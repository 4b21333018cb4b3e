package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.netlink.codec.MessageWriter;
import io.podnet.netlink.socket.NetlinkRequest;
import java.util.List;

/**
 * A message about elements of one set: NFT_MSG_NEWSETELEM, GETSETELEM or DELSETELEM. Without elements DELSETELEM empties
 * the set.
 *
 * @param message NFT_MSG_*
 * @param flags NLM_F_*
 * @param table the table
 * @param set the set's name
 * @param elements which
 */
record ElementRequest(int message, int flags, Table table, String set, List<SetElement> elements)
        implements NetlinkRequest {
    @Override
    public String operation() {
        return switch (message) {
            case NFT_MSG_NEWSETELEM -> "NFT_MSG_NEWSETELEM";
            case NFT_MSG_DELSETELEM -> "NFT_MSG_DELSETELEM";
            default -> "NFT_MSG_GETSETELEM";
        };
    }

    @Override
    public String object() {
        return "set " + table + " " + set
                + (elements.isEmpty()
                        ? ""
                        : ", " + elements.size() + " elements from "
                                + elements.get(0).key());
    }

    @Override
    public void write(MessageWriter out) {
        TableRequests.begin(out, message, flags, table)
                .attrString(NFTA_SET_ELEM_LIST_TABLE, table.name())
                .attrString(NFTA_SET_ELEM_LIST_SET, set);
        if (elements.isEmpty()) {
            return;
        }
        int list = out.beginNested(NFTA_SET_ELEM_LIST_ELEMENTS);
        for (int i = 0; i < elements.size(); i++) {
            element(out, elements.get(i));
        }
        out.endNested(list);
    }

    private void element(MessageWriter out, SetElement element) {
        int nest = out.beginNested(NFTA_LIST_ELEM);
        if (element.end()) {
            out.attrBe32(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
        }
        value(out, NFTA_SET_ELEM_KEY, element.key());
        value(out, NFTA_SET_ELEM_KEY_END, element.keyEnd());
        if (message == NFT_MSG_NEWSETELEM) {
            value(out, NFTA_SET_ELEM_DATA, element.data());
            if (!element.comment().isEmpty()) {
                out.attrBytes(NFTA_SET_ELEM_USERDATA, UserData.ofComment(element.comment()));
            }
        }
        out.endNested(nest);
    }

    private static void value(MessageWriter out, int type, RegisterData value) {
        if (value.length() > 0) {
            int nest = out.beginNested(type);
            out.attrBytes(NFTA_DATA_VALUE, value.array());
            out.endNested(nest);
        }
    }
}
