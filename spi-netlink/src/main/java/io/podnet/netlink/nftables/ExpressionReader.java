package io.podnet.netlink.nftables;

import static io.podnet.netlink.nftables.LinuxNftables.*;

import io.podnet.netlink.codec.AttributeReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions back into the values that {@link ExpressionWriter} wrote. Whatever the kernel adds by itself is
 * brought back to how it was written; what this package could not have written becomes {@link Expression.Unknown}.
 */
final class ExpressionReader {
    private static final int FIRST_REGISTER = 8;
    private static final int WORDS = 4;

    /** Attributes of one expression: numbers and strings by type; values and verdicts apart. */
    private final Map<Integer, byte[]> attributes = new HashMap<>();

    private ExpressionReader() {}

    /** Reads NFTA_RULE_EXPRESSIONS. */
    static List<Expression> readAll(AttributeReader list) {
        List<Expression> all = new ArrayList<>();
        while (list.next()) {
            if (list.type() == NFTA_LIST_ELEM) {
                all.add(read(list.nested()));
            }
        }
        return all;
    }

    private static Expression read(AttributeReader element) {
        String name = "";
        Expression expression = new Expression.Unknown("", RegisterData.NONE);
        while (element.next()) {
            if (element.type() == NFTA_EXPR_NAME) {
                name = element.string();
            } else if (element.type() == NFTA_EXPR_DATA) {
                RegisterData raw = RegisterData.wrap(element.bytes());
                Expression read = new ExpressionReader().read(name, element.nested());
                expression = read == null ? new Expression.Unknown(name, raw) : read;
            }
        }
        // It has no attributes, and the kernel shows none.
        return name.equals("notrack") ? new Expression.NoTrack() : expression;
    }

    private @Nullable Expression read(String name, AttributeReader data) {
        if (name.equals("immediate")) {
            return immediate(data);
        }
        while (data.next()) {
            boolean value = switch (name) {
                case "cmp" -> data.type() == NFTA_CMP_DATA;
                case "bitwise" -> data.type() == NFTA_BITWISE_MASK || data.type() == NFTA_BITWISE_XOR;
                default -> false;
            };
            attributes.put(data.type(), value ? value(data.nested()) : data.bytes());
        }
        return switch (name) {
            case "meta" -> meta();
            case "payload" -> payload();
            case "cmp" -> cmp();
            case "bitwise" -> bitwise();
            case "lookup" ->
                new Expression.Lookup(
                        text(NFTA_LOOKUP_SET),
                        register(NFTA_LOOKUP_SREG),
                        register(NFTA_LOOKUP_DREG),
                        (number(NFTA_LOOKUP_FLAGS, 0) & NFT_LOOKUP_F_INV) != 0);
            case "nat" -> nat();
            case "masq" -> masquerade();
            case "fib" -> addressType();
            case "reject" -> reject();
            case "counter" -> new Expression.Counter(wide(NFTA_COUNTER_PACKETS), wide(NFTA_COUNTER_BYTES));
            case "ct" -> conntrack();
            default -> null;
        };
    }

    private static @Nullable Expression immediate(AttributeReader data) {
        int register = 0;
        Expression found = null;
        RegisterData value = RegisterData.NONE;
        while (data.next()) {
            if (data.type() == NFTA_IMMEDIATE_DREG) {
                register = data.be32();
            } else if (data.type() == NFTA_IMMEDIATE_DATA) {
                AttributeReader nested = data.nested();
                while (nested.next()) {
                    if (nested.type() == NFTA_DATA_VERDICT) {
                        found = verdict(nested.nested());
                    } else {
                        value = RegisterData.wrap(nested.bytes());
                    }
                }
            }
        }
        return value.length() == 0 ? found : new Expression.Immediate(word(register), value);
    }

    private static @Nullable Expression verdict(AttributeReader data) {
        int code = 0;
        String chain = "";
        while (data.next()) {
            if (data.type() == NFTA_VERDICT_CODE) {
                code = data.be32();
            } else if (data.type() == NFTA_VERDICT_CHAIN) {
                chain = data.string();
            }
        }
        for (Expression.Verdict.Code one : Expression.Verdict.Code.values()) {
            if (one.number() == code) {
                return new Expression.Verdict(one, chain);
            }
        }
        return null;
    }

    private @Nullable Expression meta() {
        for (Expression.Meta.Key key : Expression.Meta.Key.values()) {
            if (key.number() == number(NFTA_META_KEY, -1) && attributes.containsKey(NFTA_META_DREG)) {
                return new Expression.Meta(key, register(NFTA_META_DREG));
            }
        }
        return null;
    }

    private @Nullable Expression payload() {
        int base = number(NFTA_PAYLOAD_BASE, -1);
        Expression.Payload.Base[] bases = Expression.Payload.Base.values();
        if (base < 0 || base >= bases.length || !attributes.containsKey(NFTA_PAYLOAD_DREG)) {
            return null;
        }
        return new Expression.Payload(
                bases[base], number(NFTA_PAYLOAD_OFFSET, 0), number(NFTA_PAYLOAD_LEN, 0), register(NFTA_PAYLOAD_DREG));
    }

    private @Nullable Expression cmp() {
        int operator = number(NFTA_CMP_OP, -1);
        Expression.Cmp.Operator[] operators = Expression.Cmp.Operator.values();
        return operator < 0 || operator >= operators.length
                ? null
                : new Expression.Cmp(operators[operator], register(NFTA_CMP_SREG), bytes(NFTA_CMP_DATA));
    }

    private @Nullable Expression bitwise() {
        int register = register(NFTA_BITWISE_SREG);
        boolean simple = attributes.containsKey(NFTA_BITWISE_MASK) && register == register(NFTA_BITWISE_DREG);
        return simple ? new Expression.Bitwise(register, bytes(NFTA_BITWISE_MASK), bytes(NFTA_BITWISE_XOR)) : null;
    }

    private @Nullable Expression nat() {
        int family = number(NFTA_NAT_FAMILY, 0);
        if (family != Family.IP.number() && family != Family.IP6.number()) {
            return null;
        }
        return new Expression.Nat(
                number(NFTA_NAT_TYPE, 0) == 1,
                family == Family.IP.number() ? Family.IP : Family.IP6,
                register(NFTA_NAT_REG_ADDR_MIN),
                register(NFTA_NAT_REG_ADDR_MAX),
                register(NFTA_NAT_REG_PROTO_MIN),
                register(NFTA_NAT_REG_PROTO_MAX),
                number(NFTA_NAT_FLAGS, 0) & ~NF_NAT_DERIVED);
    }

    private @Nullable Expression masquerade() {
        int flags = number(NFTA_MASQ_FLAGS, 0);
        boolean known = flags == 0 || flags == NF_NAT_RANGE_PROTO_RANDOM_FULLY;
        return known ? new Expression.Masquerade(flags != 0) : null;
    }

    private @Nullable Expression reject() {
        byte[] code = attributes.get(NFTA_REJECT_ICMP_CODE);
        if (number(NFTA_REJECT_TYPE, 0) != NFT_REJECT_ICMPX_UNREACH || code == null) {
            return null;
        }
        for (Expression.Reject.Reason reason : Expression.Reject.Reason.values()) {
            if (reason.number() == code[0]) {
                return new Expression.Reject(reason);
            }
        }
        return null;
    }

    private @Nullable Expression addressType() {
        int flags = number(NFTA_FIB_FLAGS, 0);
        boolean known = number(NFTA_FIB_RESULT, 0) == NFT_FIB_RESULT_ADDRTYPE && (flags == 1 || flags == 2);
        return known ? new Expression.AddressType(flags == 1, register(NFTA_FIB_DREG)) : null;
    }

    private @Nullable Expression conntrack() {
        byte[] direction = attributes.get(NFTA_CT_DIRECTION);
        for (Expression.Conntrack.Field field : Expression.Conntrack.Field.values()) {
            if (field.number() == number(NFTA_CT_KEY, -1) && attributes.containsKey(NFTA_CT_DREG)) {
                Expression.Conntrack.Direction known = direction(direction);
                return new Expression.Conntrack(field, known, register(NFTA_CT_DREG));
            }
        }
        return null;
    }

    private static Expression.Conntrack.Direction direction(byte @Nullable [] attribute) {
        if (attribute == null) {
            return Expression.Conntrack.Direction.NONE;
        }
        return attribute[0] == 0 ? Expression.Conntrack.Direction.ORIGINAL : Expression.Conntrack.Direction.REPLY;
    }

    private static byte[] value(AttributeReader data) {
        return data.next() ? data.bytes() : new byte[0];
    }

    private RegisterData bytes(int type) {
        byte[] bytes = attributes.get(type);
        return bytes == null ? RegisterData.NONE : RegisterData.wrap(bytes);
    }

    private String text(int type) {
        byte[] bytes = bytes(type).array();
        int length = bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private int number(int type, int absent) {
        byte[] bytes = attributes.get(type);
        return bytes == null || bytes.length < WORDS
                ? absent
                : ByteBuffer.wrap(bytes).getInt();
    }

    private long wide(int type) {
        byte[] bytes = attributes.get(type);
        return bytes == null || bytes.length < Long.BYTES
                ? 0
                : ByteBuffer.wrap(bytes).getLong();
    }

    private int register(int type) {
        int number = number(type, 0);
        return number == 0 ? Expression.NO_REGISTER : word(number);
    }

    /** The kernel shows registers that start on 16 bytes as NFT_REG_1 to NFT_REG_4, the others as NFT_REG32_*. */
    private static int word(int register) {
        return register < FIRST_REGISTER ? (register - 1) * WORDS : register - FIRST_REGISTER;
    }
}
