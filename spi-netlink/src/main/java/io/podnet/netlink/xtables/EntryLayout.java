package io.podnet.netlink.xtables;

import io.podnet.api.IpFamily;

/**
 * Where the parts of a table's entry are: struct ipt_entry of linux/netfilter_ipv4/ip_tables.h, struct ip6t_entry of
 * linux/netfilter_ipv6/ip6_tables.h, as 64-bit Linux lays them out. After the addresses come nfcache, target_offset and
 * next_offset; then comefrom, which the kernel uses for itself, and the counters, both of which say nothing of a rule.
 *
 * @param level the level of the socket options
 * @param nextOffset where the entry's own length stands, 16 bits
 * @param comefrom where what says nothing of the rule begins
 * @param header where the matches begin
 */
record EntryLayout(int level, int nextOffset, int comefrom, int header) {
    private static final EntryLayout IPV4 = new EntryLayout(0, 90, 92, 112);
    private static final EntryLayout IPV6 = new EntryLayout(41, 142, 144, 168);

    static EntryLayout of(IpFamily family) {
        return family == IpFamily.IPV4 ? IPV4 : IPV6;
    }
}
