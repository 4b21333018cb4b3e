package io.podnet.bridge.firewall;

import io.podnet.netlink.nftables.Chain;
import io.podnet.netlink.nftables.NftSet;
import io.podnet.netlink.nftables.Rule;
import io.podnet.netlink.nftables.SetElement;
import io.podnet.netlink.nftables.Table;
import java.util.List;
import java.util.Map;

/**
 * What a table should be, apart from what pods have in it.
 *
 * @param table the table
 * @param comment says whose it is
 * @param sets all sets and maps
 * @param fixed elements of those sets that do not depend on pods, by the set's name
 * @param chains all chains, those that are jumped to first
 * @param rules in order within each chain
 */
record TableModel(
        Table table,
        String comment,
        List<NftSet> sets,
        Map<String, List<SetElement>> fixed,
        List<Chain> chains,
        List<Rule> rules) {
    TableModel {
        sets = List.copyOf(sets);
        fixed = Map.copyOf(fixed);
        chains = List.copyOf(chains);
        rules = List.copyOf(rules);
    }

    List<Rule> rules(String chain) {
        return rules.stream().filter(rule -> rule.chain().equals(chain)).toList();
    }
}
