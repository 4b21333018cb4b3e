package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.netlink.codec.MessageWriter;

/** Lays expressions out as NFTA_LIST_ELEM attributes. */
final class ExpressionWriter {
    /** NFT_REG32_00. */
    private static final int FIRST_REGISTER = 8;

    private static final int VERDICT_REGISTER = 0;

    private ExpressionWriter() {}

    static void write(MessageWriter out, Expression expression) {
        int element = out.beginNested(NFTA_LIST_ELEM);
        out.attrString(NFTA_EXPR_NAME, expression.kernelName());
        int data = out.beginNested(NFTA_EXPR_DATA);
        // JDK 17 has no patterns in switch.
        if (expression instanceof Expression.Meta meta) {
            out.attrBe32(NFTA_META_KEY, meta.key().number()).attrBe32(NFTA_META_DREG, register(meta.register()));
        } else if (expression instanceof Expression.Payload payload) {
            payload(out, payload);
        } else if (expression instanceof Expression.Cmp cmp) {
            out.attrBe32(NFTA_CMP_SREG, register(cmp.register()))
                    .attrBe32(NFTA_CMP_OP, cmp.operator().number());
            value(out, NFTA_CMP_DATA, cmp.value());
        } else if (expression instanceof Expression.Bitwise bitwise) {
            bitwise(out, bitwise);
        } else if (expression instanceof Expression.Lookup lookup) {
            lookup(out, lookup);
        } else if (expression instanceof Expression.Immediate immediate) {
            out.attrBe32(NFTA_IMMEDIATE_DREG, register(immediate.register()));
            value(out, NFTA_IMMEDIATE_DATA, immediate.value());
        } else if (expression instanceof Expression.Verdict verdict) {
            verdict(out, verdict);
        } else {
            writeOther(out, expression);
        }
        out.endNested(data);
        out.endNested(element);
    }

    private static void writeOther(MessageWriter out, Expression expression) {
        if (expression instanceof Expression.Nat nat) {
            nat(out, nat);
        } else if (expression instanceof Expression.Masquerade masquerade) {
            if (masquerade.fullyRandom()) {
                out.attrBe32(NFTA_MASQ_FLAGS, NF_NAT_RANGE_PROTO_RANDOM_FULLY);
            }
        } else if (expression instanceof Expression.AddressType type) {
            out.attrBe32(NFTA_FIB_DREG, register(type.register()))
                    .attrBe32(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE)
                    .attrBe32(NFTA_FIB_FLAGS, type.source() ? 1 : 2);
        } else if (expression instanceof Expression.NoTrack) {
            return; // it has no attributes
        } else if (expression instanceof Expression.Reject reject) {
            out.attrBe32(NFTA_REJECT_TYPE, NFT_REJECT_ICMPX_UNREACH)
                    .attrU8(NFTA_REJECT_ICMP_CODE, reject.reason().number());
        } else if (expression instanceof Expression.Counter counter) {
            out.attrBe64(NFTA_COUNTER_BYTES, counter.bytes()).attrBe64(NFTA_COUNTER_PACKETS, counter.packets());
        } else if (expression instanceof Expression.Conntrack conntrack) {
            out.attrBe32(NFTA_CT_KEY, conntrack.field().number())
                    .attrBe32(NFTA_CT_DREG, register(conntrack.register()));
            if (conntrack.direction() != Expression.Conntrack.Direction.NONE) {
                out.attrU8(NFTA_CT_DIRECTION, conntrack.direction().number());
            }
        } else {
            throw new IllegalArgumentException("the expression " + expression + " can be read only");
        }
    }

    private static int register(int word) {
        return FIRST_REGISTER + word;
    }

    private static void value(MessageWriter out, int type, RegisterData value) {
        int nest = out.beginNested(type);
        out.attrBytes(NFTA_DATA_VALUE, value.array());
        out.endNested(nest);
    }

    private static void payload(MessageWriter out, Expression.Payload payload) {
        out.attrBe32(NFTA_PAYLOAD_DREG, register(payload.register()))
                .attrBe32(NFTA_PAYLOAD_BASE, payload.base().number())
                .attrBe32(NFTA_PAYLOAD_OFFSET, payload.offset())
                .attrBe32(NFTA_PAYLOAD_LEN, payload.length());
    }

    private static void bitwise(MessageWriter out, Expression.Bitwise bitwise) {
        out.attrBe32(NFTA_BITWISE_SREG, register(bitwise.register()))
                .attrBe32(NFTA_BITWISE_DREG, register(bitwise.register()))
                .attrBe32(NFTA_BITWISE_LEN, bitwise.mask().length());
        value(out, NFTA_BITWISE_MASK, bitwise.mask());
        value(out, NFTA_BITWISE_XOR, bitwise.xor());
    }

    private static void lookup(MessageWriter out, Expression.Lookup lookup) {
        out.attrString(NFTA_LOOKUP_SET, lookup.set()).attrBe32(NFTA_LOOKUP_SREG, register(lookup.register()));
        if (lookup.result() != Expression.NO_REGISTER) {
            out.attrBe32(NFTA_LOOKUP_DREG, register(lookup.result()));
        }
        if (lookup.inverted()) {
            out.attrBe32(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
        }
    }

    private static void verdict(MessageWriter out, Expression.Verdict verdict) {
        out.attrBe32(NFTA_IMMEDIATE_DREG, VERDICT_REGISTER);
        int data = out.beginNested(NFTA_IMMEDIATE_DATA);
        int nest = out.beginNested(NFTA_DATA_VERDICT);
        out.attrBe32(NFTA_VERDICT_CODE, verdict.code().number());
        if (!verdict.chain().isEmpty()) {
            out.attrString(NFTA_VERDICT_CHAIN, verdict.chain());
        }
        out.endNested(nest);
        out.endNested(data);
    }

    private static void nat(MessageWriter out, Expression.Nat nat) {
        out.attrBe32(NFTA_NAT_TYPE, nat.destination() ? 1 : 0)
                .attrBe32(NFTA_NAT_FAMILY, nat.family().number());
        optional(out, NFTA_NAT_REG_ADDR_MIN, nat.addressMin());
        optional(out, NFTA_NAT_REG_ADDR_MAX, nat.addressMax());
        optional(out, NFTA_NAT_REG_PROTO_MIN, nat.portMin());
        optional(out, NFTA_NAT_REG_PROTO_MAX, nat.portMax());
        if (nat.flags() != 0) {
            out.attrBe32(NFTA_NAT_FLAGS, nat.flags());
        }
    }

    private static void optional(MessageWriter out, int type, int word) {
        if (word != Expression.NO_REGISTER) {
            out.attrBe32(type, register(word));
        }
    }
}
