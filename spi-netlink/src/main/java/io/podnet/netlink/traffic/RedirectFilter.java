package io.podnet.netlink.traffic;

import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.codec.MessageWriter;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A u32 filter on the ingress qdisc that matches every packet of every protocol and has it sent out by another link
 * (mirred egress redirect). u32 and not matchall, since it is older and in more kernels.
 */
final class RedirectFilter {
    private static final int PRIORITY = 1;
    private static final int CLASS_ID = 0x10001;

    // struct tc_mirred: index, capab, action, refcnt, bindcnt, eaction, ifindex.
    private static final int EACTION = 20;
    private static final int IFINDEX = 24;

    private RedirectFilter() {}

    static TcRequest creating(int linkIndex, int targetIndex) {
        int flags = LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL;
        return request("RTM_NEWTFILTER u32 redirect", LinuxTc.RTM_NEWTFILTER, flags, linkIndex, out -> {
            out.attrString(LinuxTc.TCA_KIND, "u32");
            int options = out.beginNested(LinuxTc.TCA_OPTIONS);
            out.attrU32(LinuxTc.TCA_U32_CLASSID, CLASS_ID);
            writeSelector(out);
            writeAction(out, targetIndex);
            out.endNested(options);
        });
    }

    static TcRequest deleting(int linkIndex) {
        return request("RTM_DELTFILTER", LinuxTc.RTM_DELTFILTER, 0, linkIndex, out -> {});
    }

    static TcRequest listing(int linkIndex) {
        return new TcRequest(
                "RTM_GETTFILTER", LinuxTc.RTM_GETTFILTER, 0, linkIndex, 0, LinuxTc.INGRESS_HANDLE, 0, out -> {});
    }

    private static TcRequest request(
            String operation, int type, int flags, int linkIndex, Consumer<MessageWriter> body) {
        // Priority, then the protocol in network byte order.
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        int info = PRIORITY << 16 | (little ? LinuxTc.ETH_P_ALL << 8 : LinuxTc.ETH_P_ALL);
        return new TcRequest(operation, type, flags, linkIndex, 0, LinuxTc.INGRESS_HANDLE, info, body);
    }

    /** struct tc_u32_sel with one struct tc_u32_key whose mask is 0, which everything meets. */
    private static void writeSelector(MessageWriter out) {
        int selector = out.beginValue(LinuxTc.TCA_U32_SEL);
        out.putByte(LinuxTc.TC_U32_TERMINAL)
                .putByte(0) // offshift
                .putByte(1) // nkeys
                .putZeros(13)
                .putZeros(16);
        out.endNested(selector);
    }

    private static void writeAction(MessageWriter out, int targetIndex) {
        int actions = out.beginNested(LinuxTc.TCA_U32_ACT);
        int first = out.beginNested(1);
        out.attrString(LinuxTc.TCA_ACT_KIND, "mirred");
        int options = out.beginNested(LinuxTc.TCA_ACT_OPTIONS);
        int mirred = out.beginValue(LinuxTc.TCA_MIRRED_PARMS);
        out.putLong(0) // index, capab
                .putInt(LinuxTc.TC_ACT_STOLEN)
                .putLong(0) // refcnt, bindcnt
                .putInt(LinuxTc.TCA_EGRESS_REDIR)
                .putInt(targetIndex);
        out.endNested(mirred).endNested(options).endNested(first).endNested(actions);
    }

    /**
     * Reads where a filter sends packets.
     *
     * @param message RTM_NEWTFILTER
     * @return interface index, 0 where the target is gone; empty where it is no redirecting filter
     */
    static OptionalInt target(MessageReader message) {
        boolean u32 = false;
        AttributeReader attributes = message.attributes(LinuxTc.TCMSG_LENGTH);
        while (attributes.next()) {
            if (attributes.type() == LinuxTc.TCA_KIND) {
                u32 = attributes.stringEquals("u32");
            } else if (attributes.type() == LinuxTc.TCA_OPTIONS && u32) {
                return targetIn(attributes.nested());
            }
        }
        return OptionalInt.empty();
    }

    private static OptionalInt targetIn(AttributeReader options) {
        while (options.next()) {
            if (options.type() == LinuxTc.TCA_U32_ACT) {
                AttributeReader actions = options.nested();
                return actions.next() ? targetOf(actions.nested()) : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    private static OptionalInt targetOf(AttributeReader action) {
        boolean mirred = false;
        while (action.next()) {
            if (action.type() == LinuxTc.TCA_ACT_KIND) {
                mirred = action.stringEquals("mirred");
            } else if (action.type() == LinuxTc.TCA_ACT_OPTIONS && mirred) {
                return redirection(action.nested());
            }
        }
        return OptionalInt.empty();
    }

    private static OptionalInt redirection(AttributeReader options) {
        while (options.next()) {
            if (options.type() == LinuxTc.TCA_MIRRED_PARMS && options.s32At(EACTION) == LinuxTc.TCA_EGRESS_REDIR) {
                return OptionalInt.of(options.s32At(IFINDEX));
            }
        }
        return OptionalInt.empty();
    }
}
