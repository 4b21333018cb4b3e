package io.podnet.iptables.chain;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.Service.TrafficPolicy;
import io.podnet.services.Backend;
import io.podnet.services.Reach;
import io.podnet.services.VirtualPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chains of one service port. In a large cluster they are bare of comments, as kube-proxy's are, which saves
 * a third of the kernel's and the tool's work. For one thread at a time.
 */
public final class ServiceChains {
    private final EmitterSettings settings;
    private final ChainNames names = new ChainNames();
    private final LocalSources local;
    private final Map<Integer, String> probabilities = new LinkedHashMap<>();
    private final StringBuilder line = new StringBuilder(512);

    /**
     * Prepares chains.
     *
     * @param settings what they depend on besides the service port
     */
    public ServiceChains(EmitterSettings settings) {
        this.settings = settings;
        this.local = new LocalSources(settings);
    }

    /**
     * Makes the same for another thread.
     *
     * @return writes the same rules
     */
    public ServiceChains another() {
        return new ServiceChains(settings);
    }

    /** Sees a chain's name. */
    public interface ChainVisitor {
        /**
         * A chain.
         *
         * @param kind its kind
         * @param endpoint for {@link ChainKind#SEP} the endpoint's index in {@link #endpoints}, otherwise 0
         * @param name its name
         */
        void chain(ChainKind kind, int endpoint, String name);
    }

    /**
     * Gives the endpoints that have a chain.
     *
     * @param port a service port
     * @return those of both policies, sorted
     */
    public static List<Backend> endpoints(VirtualPort port) {
        if (port.localBackends().isEmpty() || port.localBackends().equals(port.clusterBackends())) {
            return port.clusterBackends();
        }
        if (port.clusterBackends().isEmpty()) {
            return port.localBackends();
        }
        TreeSet<Backend> all = new TreeSet<>(port.clusterBackends());
        all.addAll(port.localBackends());
        return List.copyOf(all);
    }

    static boolean hasExternalChain(VirtualPort port) {
        return port.anyUsable() && port.isExternal();
    }

    static boolean hasFirewallChain(VirtualPort port) {
        return port.anyUsable()
                && port.sourcesLimited()
                && !port.loadBalancerIps().isEmpty();
    }

    /**
     * Counts the chains of a service port.
     *
     * @param port a service port
     * @return how many {@link #visit} names
     */
    public static int count(VirtualPort port) {
        return endpoints(port).size()
                + (port.clusterBackends().isEmpty() ? 0 : 1)
                + (port.localBackends().isEmpty() ? 0 : 1)
                + (hasExternalChain(port) ? 1 : 0)
                + (hasFirewallChain(port) ? 1 : 0);
    }

    /**
     * Names the chains of a service port.
     *
     * @param port a service port
     * @return the port with the names
     */
    public PortChains name(VirtualPort port) {
        return new PortChains(port, names);
    }

    /**
     * Shows the chains of a service port, each before those that jump to it.
     *
     * @param chains a service port with names
     * @param visitor sees them
     */
    public static void visit(PortChains chains, ChainVisitor visitor) {
        VirtualPort port = chains.port();
        for (int i = 0; i < chains.endpoints().size(); i++) {
            visitor.chain(ChainKind.SEP, i, chains.endpointChain(i));
        }
        if (!port.clusterBackends().isEmpty()) {
            visitor.chain(ChainKind.SVC, 0, chains.chain(ChainKind.SVC));
        }
        if (!port.localBackends().isEmpty()) {
            visitor.chain(ChainKind.SVL, 0, chains.chain(ChainKind.SVL));
        }
        if (hasExternalChain(port)) {
            visitor.chain(ChainKind.EXT, 0, chains.chain(ChainKind.EXT));
        }
        if (hasFirewallChain(port)) {
            visitor.chain(ChainKind.FW, 0, chains.chain(ChainKind.FW));
        }
    }

    /**
     * Writes the rules of one chain.
     *
     * @param chains the service port with names
     * @param kind the chain's kind
     * @param endpoint for {@link ChainKind#SEP} the endpoint's index, otherwise 0
     * @param bare whether to leave comments out
     * @param out takes each rule; the characters are valid during the call only
     */
    public void rules(PortChains chains, ChainKind kind, int endpoint, boolean bare, Consumer<CharSequence> out) {
        switch (kind) {
            case SEP -> endpointRules(chains, endpoint, bare, out);
            case SVC -> balancing(chains, TrafficPolicy.CLUSTER, bare, out);
            case SVL -> balancing(chains, TrafficPolicy.LOCAL, bare, out);
            case EXT -> external(chains, out);
            case FW -> firewall(chains, out);
        }
    }

    /**
     * Writes all chains of a service port.
     *
     * @param port the service port; null for none
     * @param bare whether to leave comments out
     * @return rules by chain, each chain before those that jump to it
     */
    public Map<String, List<String>> render(@Nullable VirtualPort port, boolean bare) {
        Map<String, List<String>> chains = new LinkedHashMap<>();
        if (port != null) {
            PortChains named = name(port);
            visit(named, (kind, endpoint, name) -> {
                List<String> rules = new ArrayList<>();
                rules(named, kind, endpoint, bare, rule -> rules.add(rule.toString()));
                chains.put(name, rules);
            });
        }
        return chains;
    }

    /**
     * Names an endpoint's chain.
     *
     * @param port the service port
     * @param backend the endpoint
     * @return the chain's name
     */
    public String endpointChain(VirtualPort port, Backend backend) {
        return names.endpointChain(port.name(), backend);
    }

    private static String chain(PortChains chains, TrafficPolicy policy) {
        return chains.chain(policy == TrafficPolicy.LOCAL ? ChainKind.SVL : ChainKind.SVC);
    }

    private void endpointRules(PortChains chains, int endpoint, boolean bare, Consumer<CharSequence> out) {
        VirtualPort port = chains.port();
        Backend backend = chains.endpoints().get(endpoint);
        String comment = bare ? "" : RuleWords.comment(port.name().toString());
        begin().append("-s ")
                .append(backend.ip())
                .append('/')
                .append(backend.ip().family().bits())
                .append(' ');
        out.accept(line.append(comment).append("-j ").append(FixedChains.MARK_MASQ));
        String protocol = ChainNames.protocol(port.name());
        begin().append("-p ").append(protocol).append(' ').append(comment);
        if (port.affinitySeconds().isPresent()) {
            line.append("-m recent --set --name ")
                    .append(endpointChain(port, backend))
                    .append(' ');
            line.append(RuleWords.clientMask(settings.family()));
        }
        if (!bare) {
            // kube-proxy writes the match too, though with no port it matches nothing more than -p.
            line.append("-m ").append(protocol).append(' ');
        }
        out.accept(line.append("-j DNAT --to-destination ").append(backend));
    }

    private void balancing(PortChains named, TrafficPolicy policy, boolean bare, Consumer<CharSequence> out) {
        VirtualPort port = named.port();
        if (port.internalTrafficPolicy() == policy && port.internalReach() == Reach.SERVE) {
            masqueradeForeign(port, bare, out);
        }
        List<Backend> backends = port.backends(policy);
        String[] chains = new String[backends.size()];
        for (int i = 0; i < chains.length; i++) {
            chains[i] = named.endpointChain(backends.get(i));
        }
        if (port.affinitySeconds().isPresent()) {
            for (int i = 0; i < chains.length; i++) {
                begin();
                arrow(port, backends.get(i), bare);
                line.append("-m recent --rcheck --seconds ")
                        .append(port.affinitySeconds().getAsInt());
                line.append(" --reap --name ").append(chains[i]).append(' ');
                out.accept(line.append(RuleWords.clientMask(settings.family()))
                        .append("-j ")
                        .append(chains[i]));
            }
        }
        for (int i = 0; i < chains.length; i++) {
            begin();
            arrow(port, backends.get(i), bare);
            if (i < chains.length - 1) {
                line.append("-m statistic --mode random --probability ");
                line.append(probabilities.computeIfAbsent(chains.length - i, RuleWords::oneIn))
                        .append(' ');
            }
            out.accept(line.append("-j ").append(chains[i]));
        }
    }

    private void arrow(VirtualPort port, Backend backend, boolean bare) {
        if (!bare) {
            line.append(RuleWords.comment(port.name() + " -> " + backend));
        }
    }

    /** Traffic from elsewhere may be answered past this node, unless its source is the node's. */
    private void masqueradeForeign(VirtualPort port, boolean bare, Consumer<CharSequence> out) {
        String protocol = ChainNames.protocol(port.name());
        String comment = bare ? "" : RuleWords.comment(port.name() + " cluster IP");
        local.foreign(RuleWords.to(port.clusterIp()))
                .ifPresent(foreign -> out.accept(begin().append(foreign.matches())
                        .append("-p ")
                        .append(protocol)
                        .append(' ')
                        .append(comment)
                        .append(RuleWords.destinationPort(protocol, port.port()))
                        .append("-j ")
                        .append(foreign.target())));
    }

    private void external(PortChains chains, Consumer<CharSequence> out) {
        VirtualPort port = chains.port();
        String name = port.name().toString();
        String destinations = name + " external destinations";
        if (port.externalTrafficPolicy() == TrafficPolicy.CLUSTER) {
            out.accept(begin().append(RuleWords.comment("masquerade traffic for " + destinations))
                    .append("-j ")
                    .append(FixedChains.MARK_MASQ));
        } else {
            String cluster = chain(chains, TrafficPolicy.CLUSTER);
            for (String matches : local.local()) {
                out.accept(begin().append(matches)
                        .append(RuleWords.comment("pod traffic for " + destinations))
                        .append("-j ")
                        .append(cluster));
            }
            String ofNode = "-m addrtype --src-type LOCAL -j ";
            out.accept(begin().append(RuleWords.comment("masquerade LOCAL traffic for " + destinations))
                    .append(ofNode)
                    .append(FixedChains.MARK_MASQ));
            out.accept(begin().append(RuleWords.comment("route LOCAL traffic for " + destinations))
                    .append(ofNode)
                    .append(cluster));
        }
        if (port.externalReach() == Reach.SERVE) {
            out.accept(begin().append("-j ").append(chain(chains, port.externalTrafficPolicy())));
        }
    }

    private void firewall(PortChains chains, Consumer<CharSequence> out) {
        VirtualPort port = chains.port();
        String name = port.name().toString();
        String rest = RuleWords.comment(name + " loadbalancer IP") + "-j " + chains.chain(ChainKind.EXT);
        for (Cidr range : port.sourceRanges()) {
            out.accept(begin().append(RuleWords.from(range)).append(rest));
        }
        if (port.admitsNode(settings.nodeAddresses())) {
            // From the node itself a balancer's address arrives with that address as its source.
            for (IpAddress ip : port.loadBalancerIps()) {
                out.accept(begin().append(RuleWords.from(ip)).append(rest));
            }
        }
        String others = RuleWords.comment("other traffic to " + name + " will be dropped by KUBE-PROXY-FIREWALL");
        out.accept(begin().append(others.strip()));
    }

    private StringBuilder begin() {
        line.setLength(0);
        return line;
    }
}
