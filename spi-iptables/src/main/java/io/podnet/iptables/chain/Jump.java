package io.podnet.iptables.chain;

import io.podnet.iptables.rule.Table;

/**
 * A rule in one of the kernel's own chains that leads to one of ours.
 *
 * @param table the table
 * @param from the kernel's chain
 * @param to our chain
 * @param rule the rule
 */
public record Jump(Table table, String from, String to, String rule) {}
