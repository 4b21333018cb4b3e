package io.podnet.iptables.sync;

import io.podnet.iptables.chain.DispatchChain;
import io.podnet.iptables.chain.DispatchRules;
import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.iptables.chain.PortChains;
import io.podnet.iptables.chain.ServiceChains;
import io.podnet.services.ServicePortName;
import io.podnet.services.VirtualPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The service ports of one family that the kernel has acknowledged, and the difference to others. For one thread at a
 * time; {@link #change} changes nothing, so that a failed write leaves everything as it was.
 */
public final class FamilyRules {
    /** Above this many endpoints chains have no comments, as in kube-proxy (largeClusterEndpointsThreshold). */
    public static final int LARGE_CLUSTER_ENDPOINTS = 1000;

    // Beyond, single edits cost the tools more than a rewrite: each searches the chain.
    private static final int MOST_EDITS = 64;

    private ServiceChains chains;
    private DispatchRules dispatch;
    private final TreeMap<ServicePortName, VirtualPort> kernel = new TreeMap<>();
    private int endpoints;

    /**
     * Begins with a kernel that has nothing.
     *
     * @param settings what rules depend on besides services
     */
    public FamilyRules(EmitterSettings settings) {
        chains = new ServiceChains(settings);
        dispatch = new DispatchRules(settings);
    }

    /**
     * Tells whether chains have no comments.
     *
     * @param ports all service ports of a family
     * @return true in a large cluster
     */
    public static boolean isLarge(Collection<VirtualPort> ports) {
        int all = 0;
        for (VirtualPort port : ports) {
            all += ServiceChains.endpoints(port).size();
        }
        return all > LARGE_CLUSTER_ENDPOINTS;
    }

    /**
     * Goes over to other settings; the rules of all service ports are other ones then.
     *
     * @param settings what rules depend on besides services
     */
    public void reconfigure(EmitterSettings settings) {
        chains = new ServiceChains(settings);
        dispatch = new DispatchRules(settings);
    }

    /**
     * Takes over what the kernel has.
     *
     * @param ports all service ports
     */
    public void acknowledgeAll(Collection<VirtualPort> ports) {
        kernel.clear();
        endpoints = 0;
        for (VirtualPort port : ports) {
            kernel.put(port.name(), port);
            endpoints += ServiceChains.endpoints(port).size();
        }
    }

    /**
     * Takes over what the kernel has.
     *
     * @param updates the new state of some service ports; empty for those that went
     */
    public void acknowledge(Map<ServicePortName, Optional<VirtualPort>> updates) {
        updates.forEach((name, after) -> {
            endpoints += size(after.orElse(null)) - size(kernel.get(name));
            after.ifPresentOrElse(port -> kernel.put(name, port), () -> kernel.remove(name));
        });
    }

    private static int size(@Nullable VirtualPort port) {
        return port == null ? 0 : ServiceChains.endpoints(port).size();
    }

    /**
     * Gives what the kernel has.
     *
     * @return all service ports in order of name
     */
    public Collection<VirtualPort> ports() {
        return kernel.values();
    }

    /**
     * Gives what the kernel has of a service port.
     *
     * @param name its name
     * @return the service port, or empty
     */
    public Optional<VirtualPort> port(ServicePortName name) {
        return Optional.ofNullable(kernel.get(name));
    }

    /**
     * Computes what brings the kernel to a new state.
     *
     * @param updates the new state of some service ports; empty for those that go
     * @return the difference
     */
    public RuleChange change(Map<ServicePortName, Optional<VirtualPort>> updates) {
        int after = endpoints;
        for (Map.Entry<ServicePortName, Optional<VirtualPort>> update : updates.entrySet()) {
            after += size(update.getValue().orElse(null)) - size(kernel.get(update.getKey()));
        }
        boolean wasBare = endpoints > LARGE_CLUSTER_ENDPOINTS;
        boolean bare = after > LARGE_CLUSTER_ENDPOINTS;
        TreeMap<ServicePortName, VirtualPort> desired = new TreeMap<>(kernel);
        updates.forEach((name, port) ->
                port.ifPresentOrElse(present -> desired.put(name, present), () -> desired.remove(name)));
        RuleChange change = new RuleChange(bare, desired.values());
        Map<ServicePortName, Optional<VirtualPort>> all = bare == wasBare ? updates : everything(desired);
        for (Map.Entry<ServicePortName, Optional<VirtualPort>> update : all.entrySet()) {
            serviceChains(
                    change,
                    kernel.get(update.getKey()),
                    wasBare,
                    update.getValue().orElse(null));
        }
        dispatchChains(change, updates);
        return change;
    }

    private Map<ServicePortName, Optional<VirtualPort>> everything(Map<ServicePortName, VirtualPort> desired) {
        Map<ServicePortName, Optional<VirtualPort>> all = new HashMap<>();
        kernel.keySet().forEach(name -> all.put(name, Optional.ofNullable(desired.get(name))));
        desired.forEach((name, port) -> all.put(name, Optional.of(port)));
        return all;
    }

    private void serviceChains(
            RuleChange change, @Nullable VirtualPort before, boolean wasBare, @Nullable VirtualPort after) {
        Map<String, List<String>> old = chains.render(before, wasBare);
        if (after != null) {
            PortChains named = chains.name(after);
            ServiceChains.visit(named, (kind, endpoint, name) -> {
                List<String> had = old.remove(name);
                if (had != null) {
                    int[] same = {0};
                    chains.rules(named, kind, endpoint, change.bare, rule -> {
                        boolean equal = same[0] >= 0
                                && same[0] < had.size()
                                && had.get(same[0]).contentEquals(rule);
                        same[0] = equal ? same[0] + 1 : -1;
                    });
                    if (same[0] == had.size()) {
                        return;
                    }
                }
                change.chains.add(new ChainWrite(name, kind, named, endpoint, had == null));
            });
        }
        change.stale.addAll(old.keySet());
    }

    private void dispatchChains(RuleChange change, Map<ServicePortName, Optional<VirtualPort>> updates) {
        for (DispatchChain chain : DispatchChain.values()) {
            List<SortedMap<ServicePortName, RuleExchange>> groups = new ArrayList<>();
            for (int group = 0; group < chain.groups(); group++) {
                groups.add(differing(updates, chain, group));
            }
            List<RuleExchange> all =
                    groups.stream().flatMap(group -> group.values().stream()).toList();
            if (all.size() > MOST_EDITS || all.stream().anyMatch(exchange -> !exchange.keepsOrder())) {
                change.rewritten.add(chain);
            } else if (!all.isEmpty()) {
                change.edits.put(chain, edit(chain, groups));
            }
        }
    }

    private SortedMap<ServicePortName, RuleExchange> differing(
            Map<ServicePortName, Optional<VirtualPort>> updates, DispatchChain chain, int group) {
        TreeMap<ServicePortName, RuleExchange> differing = new TreeMap<>();
        updates.forEach((name, after) -> {
            RuleExchange exchange = new RuleExchange(
                    dispatch.rules(kernel.get(name), chain, group), dispatch.rules(after.orElse(null), chain, group));
            if (!exchange.isEmpty()) {
                differing.put(name, exchange);
            }
        });
        return differing;
    }

    private DispatchEdit edit(DispatchChain chain, List<SortedMap<ServicePortName, RuleExchange>> groups) {
        DispatchEdit edit = new DispatchEdit();
        int before = 0;
        for (int group = 0; group < groups.size(); group++) {
            ServicePortName last = null;
            for (Map.Entry<ServicePortName, RuleExchange> entry :
                    groups.get(group).entrySet()) {
                // What lies between the last one and this one stays as it is.
                before += count(between(last, entry.getKey()), chain, group);
                before += entry.getValue().writeTo(edit, before + 1);
                last = entry.getKey();
            }
            before += count(between(last, null), chain, group);
        }
        return edit;
    }

    private Collection<VirtualPort> between(@Nullable ServicePortName after, @Nullable ServicePortName before) {
        NavigableMap<ServicePortName, VirtualPort> rest = after == null ? kernel : kernel.tailMap(after, false);
        return (before == null ? rest : rest.headMap(before, false)).values();
    }

    private static int count(Collection<VirtualPort> ports, DispatchChain chain, int group) {
        int count = 0;
        for (VirtualPort port : ports) {
            count += DispatchRules.count(port, chain, group);
        }
        return count;
    }
}
