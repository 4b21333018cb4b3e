package io.podnet.netlink.xtables;

import java.util.List;

/**
 * The outline of a legacy table: struct ipt_getinfo of linux/netfilter_ipv4/ip_tables.h. It differs after most changes, but
 * not after one that puts a rule in the place of another of the same length: {@link LegacyTables#fingerprint} sees those.
 *
 * @param validHooks the hooks that the table has, a bit for each NF_INET_*
 * @param hookEntries for each of the 5 hooks, the offset of its chain's first entry in bytes; meaningless without its bit
 * @param underflows for each of the 5 hooks, the offset of its chain's policy in bytes; meaningless without its bit
 * @param entries how many entries there are: rules, and two more for each chain of a user
 * @param size bytes of all entries
 */
public record TableInfo(int validHooks, List<Integer> hookEntries, List<Integer> underflows, int entries, int size) {
    public TableInfo {
        hookEntries = List.copyOf(hookEntries);
        underflows = List.copyOf(underflows);
    }
}
