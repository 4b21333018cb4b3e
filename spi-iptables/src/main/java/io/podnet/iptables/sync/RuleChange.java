package io.podnet.iptables.sync;

import io.podnet.api.Plan;
import io.podnet.api.Plan.Action;
import io.podnet.api.Plan.Step;
import io.podnet.iptables.chain.DispatchChain;
import io.podnet.iptables.chain.Jump;
import io.podnet.iptables.rule.ChainRules;
import io.podnet.iptables.rule.Table;
import io.podnet.services.VirtualPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything that has to be written in one family. Filled by whoever compares; then read by any thread. */
public final class RuleChange {
    final boolean bare;
    final Collection<VirtualPort> desired;
    final List<ChainWrite> chains = new ArrayList<>();
    final List<String> stale = new ArrayList<>();
    final List<ChainRules> fixed = new ArrayList<>();
    final Set<DispatchChain> missing = EnumSet.noneOf(DispatchChain.class);
    final Set<DispatchChain> rewritten = EnumSet.noneOf(DispatchChain.class);
    final Map<DispatchChain, DispatchEdit> edits = new EnumMap<>(DispatchChain.class);
    final List<Jump> lostJumps = new ArrayList<>();
    final List<Jump> newJumps = new ArrayList<>();

    /**
     * Begins a change.
     *
     * @param bare whether chains have no comments
     * @param desired all service ports, in order of name, for shared chains that are rewritten
     */
    RuleChange(boolean bare, Collection<VirtualPort> desired) {
        this.bare = bare;
        this.desired = desired;
    }

    /**
     * Tells whether there is nothing to write.
     *
     * @return true where the kernel has everything
     */
    public boolean isEmpty() {
        return chains.isEmpty()
                && stale.isEmpty()
                && fixed.isEmpty()
                && rewritten.isEmpty()
                && edits.isEmpty()
                && lostJumps.isEmpty()
                && newJumps.isEmpty();
    }

    boolean touches(Table table) {
        return (table == Table.NAT && (!chains.isEmpty() || !stale.isEmpty()))
                || fixed.stream().anyMatch(chain -> chain.table() == table)
                || rewritten.stream().anyMatch(chain -> chain.table() == table)
                || edits.keySet().stream().anyMatch(chain -> chain.table() == table)
                || newJumps.stream().anyMatch(jump -> jump.table() == table)
                || lostJumps.stream().anyMatch(jump -> jump.table() == table);
    }

    /**
     * Writes the change as steps.
     *
     * @return a step for each chain
     */
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (ChainRules chain : fixed) {
            steps.add(step(
                    Action.CHANGE, chain.table(), chain.name(), chain.rules().size() + " rules"));
        }
        for (ChainWrite chain : chains) {
            Action action = chain.created() ? Action.CREATE : Action.CHANGE;
            steps.add(step(
                    action, Table.NAT, chain.name(), chain.port().port().name().toString()));
        }
        for (DispatchChain chain : rewritten) {
            steps.add(step(
                    missing.contains(chain) ? Action.CREATE : Action.CHANGE,
                    chain.table(),
                    chain.chain(),
                    "all rules"));
        }
        edits.forEach((chain, edit) -> steps.add(step(
                Action.CHANGE,
                chain.table(),
                chain.chain(),
                edit.insertions().size() + " rules inserted, "
                        + edit.deletions().size() + " deleted")));
        newJumps.forEach(jump -> steps.add(step(Action.CHANGE, jump.table(), jump.from(), "jump to " + jump.to())));
        stale.forEach(chain -> steps.add(step(Action.DELETE, Table.NAT, chain, "")));
        return steps;
    }

    private static Step step(Action action, Table table, String chain, String detail) {
        return new Step(action, "chain", table.kernelName() + " " + chain, detail);
    }

    /**
     * Writes the change as a plan.
     *
     * @return the steps
     */
    public Plan plan() {
        return new Plan(steps());
    }
}
