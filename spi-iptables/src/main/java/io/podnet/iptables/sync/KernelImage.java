package io.podnet.iptables.sync;

import io.podnet.iptables.chain.ChainNames;
import io.podnet.iptables.chain.FixedChains;
import io.podnet.iptables.chain.Jump;
import io.podnet.iptables.restore.SavedRules;
import io.podnet.iptables.rule.RuleText;
import io.podnet.iptables.rule.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel has of ours: a fingerprint for each chain, and the rules that lead into our chains. Filled by reading
 * iptables-save's output. For one thread at a time.
 */
public final class KernelImage implements SavedRules.Visitor {
    private final Map<Table, Map<String, Long>> chains = new EnumMap<>(Table.class);
    private final Map<Table, Set<String>> builtIn = new EnumMap<>(Table.class);
    private final List<Jump> jumps = new ArrayList<>();
    private int rules;

    /** Makes an image of a kernel without rules. */
    public KernelImage() {
        for (Table table : Table.values()) {
            chains.put(table, new HashMap<>());
            builtIn.put(table, new HashSet<>());
        }
    }

    private static @Nullable Table tableOf(String name) {
        return name.equals("nat") ? Table.NAT : name.equals("filter") ? Table.FILTER : null;
    }

    @Override
    public void chain(String tableName, String chain, boolean isBuiltIn) {
        Table table = tableOf(tableName);
        if (table == null) {
            return;
        }
        if (isBuiltIn) {
            of(builtIn, table).add(chain);
        } else if (FixedChains.isOurs(table, chain)) {
            of(chains, table).put(chain, RuleText.EMPTY_CHAIN);
        }
    }

    @Override
    public void rule(String tableName, String chain, String line, int from, long packets, long bytes) {
        Table table = tableOf(tableName);
        if (table == null) {
            return;
        }
        Map<String, Long> ours = of(chains, table);
        Long before = ours.get(chain);
        if (before != null) {
            ours.put(chain, RuleText.append(before, RuleText.fingerprint(line, from)));
            rules++;
        } else if (of(builtIn, table).contains(chain) && line.indexOf("KUBE-", from) >= 0) {
            String rule = line.substring(from);
            String target = target(rule);
            if (FixedChains.isFixed(table, target)) {
                jumps.add(new Jump(table, chain, target, rule));
            }
        }
    }

    private static String target(String rule) {
        List<String> words = RuleText.words(rule);
        int jump = Math.max(words.lastIndexOf("-j"), words.lastIndexOf("-g"));
        return jump < 0 || jump + 1 == words.size() ? "" : words.get(jump + 1);
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalStateException("no " + key);
        }
        return value;
    }

    /** A chain's fingerprint, or null where it is not there. */
    @Nullable
    Long fingerprint(Table table, String chain) {
        return of(chains, table).get(chain);
    }

    /** Our jumps in one of the kernel's chains, in order. */
    List<Jump> jumps(Table table, String chain) {
        return jumps.stream()
                .filter(jump -> jump.table() == table && jump.from().equals(chain))
                .toList();
    }

    List<Jump> jumps() {
        return jumps;
    }

    /** All chains of services. */
    Set<String> serviceChains() {
        Set<String> services = new HashSet<>(of(chains, Table.NAT).keySet());
        services.removeIf(chain -> !ChainNames.isServiceChain(chain));
        return services;
    }

    /** Our chains of a table. */
    Set<String> chains(Table table) {
        return of(chains, table).keySet();
    }

    /**
     * Counts our rules.
     *
     * @return rules in our chains
     */
    public int rules() {
        return rules;
    }

    /**
     * Tells whether anything of ours is there.
     *
     * @return true with no chain and no jump
     */
    public boolean isEmpty() {
        return jumps.isEmpty() && chains.values().stream().allMatch(Map::isEmpty);
    }
}
