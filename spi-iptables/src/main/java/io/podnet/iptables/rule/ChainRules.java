package io.podnet.iptables.rule;

import java.util.List;
import java.util.Objects;

/**
 * A chain with its rules.
 *
 * @param table the chain's table
 * @param name the chain's name
 * @param rules its rules in order, each as iptables-save writes it after {@code -A CHAIN}
 */
public record ChainRules(Table table, String name, List<String> rules) {
    public ChainRules {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(name, "name");
        rules = List.copyOf(rules);
    }
}
