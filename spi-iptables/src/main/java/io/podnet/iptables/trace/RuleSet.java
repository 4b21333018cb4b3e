package io.podnet.iptables.trace;

import io.podnet.iptables.rule.Table;
import java.util.List;

/** Where rules are read from. */
@FunctionalInterface
public interface RuleSet {
    /**
     * Gives a chain's rules.
     *
     * @param table the table
     * @param chain the chain, ours or the kernel's own
     * @return its rules in order; empty too for a chain that is not there
     */
    List<String> rules(Table table, String chain);
}
