package io.podnet.bridge.firewall;

import io.podnet.netlink.nftables.Expression;
import io.podnet.netlink.nftables.Expression.Cmp;
import io.podnet.netlink.nftables.Expression.Conntrack;
import io.podnet.netlink.nftables.Expression.Verdict;
import io.podnet.netlink.nftables.Family;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.Rule;
import java.util.ArrayList;
import java.util.List;

/** Writes a rule as a sequence of conditions and one decision. */
final class RuleBuilder {
    private final String chain;
    private final List<Expression> expressions = new ArrayList<>();
    private String comment = "";

    private RuleBuilder(String chain) {
        this.chain = chain;
    }

    static RuleBuilder in(String chain) {
        return new RuleBuilder(chain);
    }

    RuleBuilder where(Field field, RegisterData value) {
        return compare(Cmp.Operator.EQ, field, value);
    }

    RuleBuilder whereNot(Field field, RegisterData value) {
        return compare(Cmp.Operator.NEQ, field, value);
    }

    private RuleBuilder compare(Cmp.Operator operator, Field field, RegisterData value) {
        expressions.add(field.loadInto(0));
        expressions.add(new Cmp(operator, 0, value));
        return this;
    }

    RuleBuilder whereIn(String set, Field... key) {
        load(key);
        expressions.add(new Expression.Lookup(set, 0, Expression.NO_REGISTER, false));
        return this;
    }

    RuleBuilder whereNotIn(String set, Field... key) {
        load(key);
        expressions.add(new Expression.Lookup(set, 0, Expression.NO_REGISTER, true));
        return this;
    }

    /** The first register is loaded with the first field, the others follow where it ends: a concatenation. */
    private void load(Field... key) {
        int register = 0;
        for (Field field : key) {
            expressions.add(field.loadInto(register));
            register += field.words();
        }
    }

    RuleBuilder whereDestinationTranslated() {
        expressions.add(new Conntrack(Conntrack.Field.STATUS, Conntrack.Direction.NONE, 0));
        expressions.add(new Expression.Bitwise(0, Conntrack.DESTINATION_TRANSLATED, RegisterData.host32(0)));
        expressions.add(new Cmp(Cmp.Operator.NEQ, 0, RegisterData.host32(0)));
        return this;
    }

    /** Translates the destination to the address and port that a map has for the key. */
    Rule toMapped(String map, Family family, int addressWords, Field... key) {
        load(key);
        expressions.add(new Expression.Lookup(map, 0, 0, false));
        expressions.add(Expression.Nat.to(family, 0, addressWords));
        return build();
    }

    Rule masquerade() {
        expressions.add(new Expression.Masquerade(true));
        return build();
    }

    Rule accept() {
        return decide(Verdict.Code.ACCEPT, "");
    }

    Rule back() {
        return decide(Verdict.Code.RETURN, "");
    }

    Rule jump(String target) {
        return decide(Verdict.Code.JUMP, target);
    }

    Rule continueIn(String target) {
        return decide(Verdict.Code.GOTO, target);
    }

    /** Every drop is counted and says why. */
    Rule drop(String why) {
        comment = why;
        expressions.add(Expression.Counter.ZERO);
        return decide(Verdict.Code.DROP, "");
    }

    RuleBuilder comment(String text) {
        comment = text;
        return this;
    }

    private Rule decide(Verdict.Code code, String target) {
        expressions.add(new Verdict(code, target));
        return build();
    }

    private Rule build() {
        return new Rule(chain, expressions, comment);
    }
}
