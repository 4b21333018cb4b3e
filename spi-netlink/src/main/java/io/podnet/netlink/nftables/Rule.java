package io.podnet.netlink.nftables;

import java.util.List;
import java.util.Objects;

/**
 * A rule: expressions that are worked through from left to right until one does not match or decides.
 *
 * @param chain the chain's name
 * @param expressions in order
 * @param comment what nft prints as comment; may be empty
 */
public record Rule(String chain, List<Expression> expressions, String comment) {
    public Rule {
        NftNames.check("chain", chain);
        expressions = List.copyOf(expressions);
        Objects.requireNonNull(comment, "comment");
    }

    /**
     * Forgets what the rule's counters counted, so that a rule that was read back can be compared with the one that was
     * written.
     *
     * @return the same rule with counters at zero
     */
    public Rule uncounted() {
        return new Rule(
                chain,
                expressions.stream()
                        .map(one -> one instanceof Expression.Counter ? Expression.Counter.ZERO : one)
                        .toList(),
                comment);
    }

    /**
     * Adds up what the rule's counters counted.
     *
     * @return packets
     */
    public long packets() {
        return expressions.stream()
                .mapToLong(one -> one instanceof Expression.Counter counter ? counter.packets() : 0)
                .sum();
    }
}
