package io.podnet.iptables.sync;

import io.podnet.api.Drift;
import io.podnet.iptables.chain.ChainKind;
import io.podnet.iptables.chain.DispatchChain;
import io.podnet.iptables.chain.DispatchRules;
import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.iptables.chain.FixedChains;
import io.podnet.iptables.chain.Jump;
import io.podnet.iptables.chain.PortChains;
import io.podnet.iptables.chain.ServiceChains;
import io.podnet.iptables.rule.ChainRules;
import io.podnet.iptables.rule.RuleText;
import io.podnet.iptables.rule.Table;
import io.podnet.services.VirtualPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares everything that should be with everything that is. For one thread at a time. */
public final class Convergence {
    private final FixedChains fixedChains;
    private final ServiceChains serviceChains;
    private final DispatchRules dispatch;
    private final boolean reports;
    private final List<Drift> drift = new ArrayList<>();
    private long sum;

    /**
     * Prepares comparisons.
     *
     * @param settings what rules depend on besides services
     * @param reports whether {@link #drift} is asked for
     */
    public Convergence(EmitterSettings settings, boolean reports) {
        this.reports = reports;
        fixedChains = new FixedChains(settings);
        serviceChains = new ServiceChains(settings);
        dispatch = new DispatchRules(settings);
    }

    /**
     * Compares.
     *
     * @param desired all service ports of the family, in order of name
     * @param bare whether chains have no comments
     * @param image what the kernel has
     * @return what makes them equal
     */
    public RuleChange compare(Collection<VirtualPort> desired, boolean bare, KernelImage image) {
        drift.clear();
        RuleChange change = new RuleChange(bare, desired);
        Set<String> stale = image.serviceChains();
        for (PortChains named : PortNaming.name(desired, serviceChains)) {
            ServiceChains.visit(named, (kind, endpoint, name) -> {
                stale.remove(name);
                compare(change, named, kind, endpoint, name, image.fingerprint(Table.NAT, name));
            });
        }
        stale.stream().sorted().forEach(name -> {
            change.stale.add(name);
            note(Table.NAT, name, "absent", "a chain of no service");
        });
        fixed(change, image);
        for (DispatchChain chain : DispatchChain.values()) {
            dispatch(change, chain, image);
        }
        jumps(change, image);
        return change;
    }

    /**
     * Gives the differences that the last comparison found.
     *
     * @return one for each chain
     */
    public List<Drift> drift() {
        return List.copyOf(drift);
    }

    private void compare(
            RuleChange change, PortChains port, ChainKind kind, int endpoint, String name, @Nullable Long found) {
        if (found != null) {
            sum = RuleText.EMPTY_CHAIN;
            serviceChains.rules(port, kind, endpoint, change.bare, this::add);
            if (sum == found) {
                return;
            }
        }
        change.chains.add(new ChainWrite(name, kind, port, endpoint, found == null));
        if (reports) {
            String owner = kind == ChainKind.SEP ? "the chain of an endpoint of " : "a chain of ";
            note(Table.NAT, name, owner + port.port().name(), found == null ? "absent" : "other rules");
        }
    }

    private void add(CharSequence rule) {
        sum = RuleText.append(sum, RuleText.fingerprint(rule, 0));
    }

    private void fixed(RuleChange change, KernelImage image) {
        for (ChainRules chain : fixedChains.chains()) {
            sum = RuleText.EMPTY_CHAIN;
            chain.rules().forEach(this::add);
            Long found = image.fingerprint(chain.table(), chain.name());
            if (found == null || found != sum) {
                change.fixed.add(chain);
                note(chain.table(), chain.name(), "a fixed chain", found == null ? "absent" : "other rules");
            }
        }
    }

    private void dispatch(RuleChange change, DispatchChain chain, KernelImage image) {
        Long found = image.fingerprint(chain.table(), chain.chain());
        if (found == null) {
            change.missing.add(chain);
        }
        if (found == null || found != sum(change, chain)) {
            change.rewritten.add(chain);
            note(chain.table(), chain.chain(), "rules of all services", found == null ? "absent" : "other rules");
        }
    }

    private long sum(RuleChange change, DispatchChain chain) {
        sum = RuleText.EMPTY_CHAIN;
        for (int group = 0; group < chain.groups(); group++) {
            for (VirtualPort port : change.desired) {
                dispatch.rules(port, chain, group).forEach(this::add);
            }
        }
        fixedChains.tail(chain).forEach(this::add);
        return sum;
    }

    private void jumps(RuleChange change, KernelImage image) {
        Map<String, List<Jump>> byChain = new LinkedHashMap<>();
        fixedChains
                .jumps()
                .forEach(jump -> byChain.computeIfAbsent(jump.table() + " " + jump.from(), key -> new ArrayList<>())
                        .add(jump));
        byChain.values().forEach(wanted -> {
            List<Jump> found = image.jumps(wanted.get(0).table(), wanted.get(0).from());
            if (!prints(found).equals(prints(wanted))) {
                change.lostJumps.addAll(found);
                change.newJumps.addAll(wanted);
                note(
                        wanted.get(0).table(),
                        wanted.get(0).from(),
                        targets(wanted),
                        found.isEmpty() ? "absent" : targets(found));
            }
        });
        // Jumps into our chains from where none belong.
        for (Jump jump : image.jumps()) {
            if (!byChain.containsKey(jump.table() + " " + jump.from())) {
                change.lostJumps.add(jump);
                note(jump.table(), jump.from(), "no jump", "a jump to " + jump.to());
            }
        }
    }

    private static String targets(List<Jump> jumps) {
        return "jumps to " + String.join(", ", jumps.stream().map(Jump::to).toList());
    }

    private static List<Long> prints(List<Jump> jumps) {
        return jumps.stream().map(jump -> RuleText.fingerprint(jump.rule(), 0)).toList();
    }

    private void note(Table table, String chain, String expected, String actual) {
        if (reports) {
            drift.add(new Drift("chain", table.kernelName() + " " + chain, expected, actual));
        }
    }
}
