package io.podnet.bridge.firewall;

import io.podnet.api.Plan;
import io.podnet.netlink.nftables.NftBatch;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.nftables.Rule;
import io.podnet.netlink.nftables.Table;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The chains of host ports where nothing is masqueraded: they come with the first host port and go with the last, since while
 * they are there the kernel tracks every connection. What other processes do meanwhile is seen in the kernel.
 */
final class HostPortChains {
    /** How often idle chains are looked at anew after somebody else changed the tables in between. */
    private static final int TRIES = 3;

    private final Nftables nftables;
    private final PodElements elements;
    private final String bridge;
    private final Table table;

    HostPortChains(Nftables nftables, PodElements elements, String bridge, String tables) {
        this.nftables = nftables;
        this.elements = elements;
        this.bridge = bridge;
        this.table = AddressTranslation.table(tables);
    }

    /** Tells whether they are there, or would be if nobody had taken them away. */
    boolean areWanted() {
        return areThere() || hasHostPorts();
    }

    private boolean areThere() {
        return nftables.chains(table).stream().anyMatch(AddressTranslation.CHAINS::contains);
    }

    private boolean hasHostPorts() {
        return elements.hostPortTargets().stream()
                .anyMatch(
                        place -> !nftables.elements(place.table(), place.set()).isEmpty());
    }

    /** Adds them to the transaction that adds pods, where one has a host port and they are not there. */
    void addTo(NftBatch batch, Collection<PodPort> pods) {
        if (areMissingFor(pods)) {
            AddressTranslation.CHAINS.forEach(
                    chain -> batch.addChain(table, chain).flushChain(table, chain.name()));
            AddressTranslation.hostPortRules(bridge).forEach(rule -> batch.addRule(table, rule));
        }
    }

    /** Says what {@link #addTo} would add. */
    void planFor(PodPort pod, List<Plan.Step> steps) {
        if (areMissingFor(List.of(pod))) {
            AddressTranslation.CHAINS.forEach(
                    chain -> steps.add(new Plan.Step(Plan.Action.CREATE, "chain", table + " " + chain.name(), "")));
        }
    }

    private boolean areMissingFor(Collection<PodPort> pods) {
        return PodPort.anyHostPort(pods) && !areThere();
    }

    /** Takes them away if no host port is left, unless packets are masqueraded, or somebody keeps changing the tables. */
    void dropIdle() {
        for (int tries = 0; tries < TRIES; tries++) {
            long generation = nftables.generation();
            if (!areIdle()) {
                return;
            }
            NftBatch batch = new NftBatch();
            AddressTranslation.CHAINS.forEach(chain -> batch.flushChain(table, chain.name()));
            AddressTranslation.CHAINS.forEach(chain -> batch.deleteChain(table, chain.name()));
            if (nftables.commitAt(generation, batch)) {
                return;
            }
        }
    }

    private boolean areIdle() {
        List<Rule> present = nftables.rules(table).stream().map(Rule::uncounted).toList();
        return byChain(present).equals(byChain(AddressTranslation.hostPortRules(bridge))) && !hasHostPorts();
    }

    private static Map<String, List<Rule>> byChain(List<Rule> rules) {
        return rules.stream().collect(Collectors.groupingBy(Rule::chain));
    }
}
