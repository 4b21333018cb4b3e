package io.podnet.iptables.chain;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.iptables.rule.ChainRules;
import io.podnet.iptables.rule.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The chains that are there whatever the services are, and the rules that lead into them. Immutable. */
public final class FixedChains {
    /** Asks for masquerade. */
    public static final String MARK_MASQ = "KUBE-MARK-MASQ";
    /** Asks for masquerade unless the source is in one of several pod networks. */
    public static final String MARK_FOREIGN = "KUBE-MARK-FOREIGN";
    /** Masquerades. */
    public static final String POSTROUTING = "KUBE-POSTROUTING";
    /** Lets services' traffic through the node. */
    public static final String FORWARD = "KUBE-FORWARD";

    private static final Set<String> NAT =
            Set.of("KUBE-SERVICES", "KUBE-NODEPORTS", MARK_MASQ, MARK_FOREIGN, POSTROUTING);
    private static final Set<String> FILTER =
            Set.of("KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES", "KUBE-NODEPORTS", "KUBE-PROXY-FIREWALL", FORWARD);
    private static final String NEW = "-m conntrack --ctstate NEW ";

    private final EmitterSettings settings;
    private final LocalSources local;

    /**
     * Prepares chains.
     *
     * @param settings what they depend on
     */
    public FixedChains(EmitterSettings settings) {
        this.settings = settings;
        this.local = new LocalSources(settings);
    }

    /**
     * Tells whether a chain is ours.
     *
     * @param table the chain's table
     * @param chain the chain's name
     * @return true for fixed, dispatch and service chains
     */
    public static boolean isOurs(Table table, String chain) {
        return isFixed(table, chain) || (table == Table.NAT && ChainNames.isServiceChain(chain));
    }

    /**
     * Tells whether a chain is ours and no service's.
     *
     * @param table the chain's table
     * @param chain the chain's name
     * @return true for fixed and dispatch chains
     */
    public static boolean isFixed(Table table, String chain) {
        return (table == Table.NAT ? NAT : FILTER).contains(chain);
    }

    /**
     * Gives the chains whose rules do not depend on services.
     *
     * @return each before those that jump to it
     */
    public List<ChainRules> chains() {
        String mark = settings.mark();
        List<ChainRules> chains = new ArrayList<>();
        chains.add(new ChainRules(Table.NAT, MARK_MASQ, List.of("-j MARK --set-xmark " + mark + "/" + mark)));
        List<Cidr> networks = local.severalNetworks();
        if (!networks.isEmpty()) {
            List<String> rules = new ArrayList<>();
            networks.forEach(network -> rules.add(RuleWords.from(network) + "-j RETURN"));
            rules.add("-j " + MARK_MASQ);
            chains.add(new ChainRules(Table.NAT, MARK_FOREIGN, rules));
        }
        chains.add(new ChainRules(
                Table.NAT,
                POSTROUTING,
                List.of(
                        "-m mark ! --mark " + mark + "/" + mark + " -j RETURN",
                        // A packet that is encapsulated later passes here again with the same mark.
                        "-j MARK --set-xmark " + mark + "/0x0",
                        RuleWords.comment("kubernetes service traffic requiring SNAT") + "-j MASQUERADE"
                                + (settings.randomFully() ? " --random-fully" : ""))));
        List<String> forward = new ArrayList<>();
        if (settings.dropInvalid()) {
            forward.add("-m conntrack --ctstate INVALID -j DROP");
        }
        forward.add(RuleWords.comment("kubernetes forwarding rules") + "-m mark --mark " + mark + "/" + mark
                + " -j ACCEPT");
        forward.add(RuleWords.comment("kubernetes forwarding conntrack rule")
                + "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
        chains.add(new ChainRules(Table.FILTER, FORWARD, forward));
        return chains;
    }

    /**
     * Gives the rules that end a dispatch chain.
     *
     * @param chain which
     * @return rules after those of all services
     */
    public List<String> tail(DispatchChain chain) {
        if (chain != DispatchChain.SERVICES) {
            return List.of();
        }
        String comment =
                RuleWords.comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");
        String jump = "-j " + DispatchChain.NODE_PORTS.chain();
        if (settings.nodePortAddresses().isEmpty()) {
            // Loopback would need route_localnet, which opens it to the network (CVE-2020-8558).
            String notLoopback = settings.family() == IpFamily.IPV4 ? "! -d 127.0.0.0/8 " : "! -d ::1/128 ";
            return List.of(notLoopback + comment + "-m addrtype --dst-type LOCAL " + jump);
        }
        List<String> rules = new ArrayList<>();
        for (IpAddress ip : settings.nodePortAddresses().get()) {
            rules.add(RuleWords.to(ip) + comment + jump);
        }
        return rules;
    }

    /**
     * Gives the rules that lead into our chains.
     *
     * @return in the order of a packet's way through each chain
     */
    public List<Jump> jumps() {
        List<Jump> jumps = new ArrayList<>();
        String portals = "kubernetes service portals";
        String external = "kubernetes externally-visible service portals";
        String firewall = "kubernetes load balancer firewall";
        for (String chain : List.of("INPUT", "FORWARD", "OUTPUT")) {
            add(jumps, Table.FILTER, chain, DispatchChain.FIREWALL.chain(), NEW, firewall);
            if (chain.equals("INPUT")) {
                String healthChecks = "kubernetes health check service ports";
                add(jumps, Table.FILTER, chain, DispatchChain.HEALTH_CHECKS.chain(), "", healthChecks);
            } else {
                if (chain.equals("FORWARD")) {
                    add(jumps, Table.FILTER, chain, FORWARD, "", "kubernetes forwarding rules");
                }
                add(jumps, Table.FILTER, chain, DispatchChain.UNSERVED.chain(), NEW, portals);
            }
            if (!chain.equals("OUTPUT")) {
                add(jumps, Table.FILTER, chain, DispatchChain.UNSERVED_EXTERNAL.chain(), NEW, external);
            }
        }
        add(jumps, Table.NAT, "PREROUTING", DispatchChain.SERVICES.chain(), "", portals);
        add(jumps, Table.NAT, "OUTPUT", DispatchChain.SERVICES.chain(), "", portals);
        add(jumps, Table.NAT, "POSTROUTING", POSTROUTING, "", "kubernetes postrouting rules");
        return jumps;
    }

    private static void add(List<Jump> jumps, Table table, String from, String to, String matches, String comment) {
        jumps.add(new Jump(table, from, to, matches + RuleWords.comment(comment) + "-j " + to));
    }
}
