package io.podnet.iptables.trace;

import io.podnet.iptables.chain.DispatchChain;
import io.podnet.iptables.chain.DispatchRules;
import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.iptables.chain.FixedChains;
import io.podnet.iptables.chain.Jump;
import io.podnet.iptables.chain.ServiceChains;
import io.podnet.iptables.rule.ChainRules;
import io.podnet.iptables.rule.Table;
import io.podnet.services.VirtualPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All rules that some service ports mean, as they would be in a kernel. Immutable. */
public final class EmittedRules implements RuleSet {
    private final Map<Table, Map<String, List<String>>> chains =
            Map.of(Table.NAT, new HashMap<>(), Table.FILTER, new HashMap<>());

    /**
     * Writes rules.
     *
     * @param settings what they depend on besides services
     * @param ports service ports of the family, in order of name
     * @param bare whether chains have no comments
     */
    public EmittedRules(EmitterSettings settings, Collection<VirtualPort> ports, boolean bare) {
        FixedChains fixed = new FixedChains(settings);
        ServiceChains services = new ServiceChains(settings);
        DispatchRules dispatch = new DispatchRules(settings);
        for (Jump jump : fixed.jumps()) {
            of(jump.table())
                    .computeIfAbsent(jump.from(), name -> new ArrayList<>())
                    .add(jump.rule());
        }
        for (ChainRules chain : fixed.chains()) {
            of(chain.table()).put(chain.name(), chain.rules());
        }
        for (DispatchChain chain : DispatchChain.values()) {
            List<String> rules = new ArrayList<>();
            for (int group = 0; group < chain.groups(); group++) {
                for (VirtualPort port : ports) {
                    rules.addAll(dispatch.rules(port, chain, group));
                }
            }
            rules.addAll(fixed.tail(chain));
            of(chain.table()).put(chain.chain(), rules);
        }
        ports.forEach(port -> of(Table.NAT).putAll(services.render(port, bare)));
    }

    private Map<String, List<String>> of(Table table) {
        return chains.getOrDefault(table, Map.of());
    }

    @Override
    public List<String> rules(Table table, String chain) {
        return of(table).getOrDefault(chain, List.of());
    }

    /**
     * Names all chains.
     *
     * @param table the table
     * @return ours, and those of the kernel's that have rules of ours
     */
    public Collection<String> chains(Table table) {
        return of(table).keySet();
    }
}
