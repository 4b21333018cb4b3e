package io.podnet.iptables.chain;

import io.podnet.api.IpAddress;
import io.podnet.services.Reach;
import io.podnet.services.VirtualPort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a service port's rules in the chains that it shares with others. For one thread at a time. */
public final class DispatchRules {
    private final EmitterSettings settings;
    private final ChainNames names = new ChainNames();

    /**
     * Prepares rules.
     *
     * @param settings what they depend on besides the service port
     */
    public DispatchRules(EmitterSettings settings) {
        this.settings = settings;
    }

    /**
     * Counts rules without writing them.
     *
     * @param port the service port
     * @param chain the shared chain
     * @param group the group of rules, from 0
     * @return how many {@link #rules} gives
     */
    public static int count(VirtualPort port, DispatchChain chain, int group) {
        int outside = port.externalIps().size() + port.loadBalancerIps().size();
        int nodePorts = port.nodePort().isPresent() ? 1 : 0;
        return switch (chain) {
            case SERVICES -> (port.internalReach() == Reach.SERVE ? 1 : 0) + (port.anyUsable() ? outside : 0);
            case NODE_PORTS -> port.anyUsable() ? nodePorts : 0;
            case UNSERVED -> port.internalReach() == Reach.SERVE ? 0 : 1;
            case UNSERVED_EXTERNAL -> port.externalReach() == Reach.SERVE ? 0 : group == 0 ? outside : nodePorts;
            case HEALTH_CHECKS -> port.healthCheckNodePort().isPresent() ? 1 : 0;
            case FIREWALL ->
                ServiceChains.hasFirewallChain(port) ? port.loadBalancerIps().size() : 0;
        };
    }

    /**
     * Writes rules.
     *
     * @param port the service port; null for none
     * @param chain the shared chain
     * @param group the group of rules, from 0
     * @return the port's rules there, in order
     */
    public List<String> rules(@Nullable VirtualPort port, DispatchChain chain, int group) {
        if (port == null || count(port, chain, group) == 0) {
            return List.of();
        }
        List<String> rules = new ArrayList<>();
        switch (chain) {
            case SERVICES -> services(port, rules);
            case NODE_PORTS ->
                rules.add("-p " + protocol(port) + " "
                        + RuleWords.comment(port.name().toString())
                        + RuleWords.destinationPort(
                                protocol(port), port.nodePort().orElseThrow())
                        + "-j " + ChainNames.EXT + names.hash(port.name()));
            case UNSERVED -> rules.add(to(port, port.clusterIp(), without(port)) + refusal(port.internalReach()));
            case UNSERVED_EXTERNAL -> unservedExternal(port, group, rules);
            case HEALTH_CHECKS ->
                rules.add("-p tcp " + RuleWords.comment(port.name() + " health check node port")
                        + RuleWords.destinationPort(
                                "tcp", port.healthCheckNodePort().orElseThrow())
                        + "-j ACCEPT");
            case FIREWALL -> {
                String comment = port.name() + " traffic not accepted by " + ChainNames.FW + names.hash(port.name());
                port.loadBalancerIps().forEach(ip -> rules.add(to(port, ip, comment) + "-j DROP"));
            }
        }
        return rules;
    }

    private void services(VirtualPort port, List<String> rules) {
        String hash = names.hash(port.name());
        if (port.internalReach() == Reach.SERVE) {
            String prefix = switch (port.internalTrafficPolicy()) {
                case CLUSTER -> ChainNames.SVC;
                case LOCAL -> ChainNames.SVL;
            };
            rules.add(to(port, port.clusterIp(), port.name() + " cluster IP") + "-j " + prefix + hash);
        }
        if (port.anyUsable()) {
            for (IpAddress ip : port.externalIps()) {
                rules.add(to(port, ip, port.name() + " external IP") + "-j " + ChainNames.EXT + hash);
            }
            String chain = (ServiceChains.hasFirewallChain(port) ? ChainNames.FW : ChainNames.EXT) + hash;
            for (IpAddress ip : port.loadBalancerIps()) {
                rules.add(to(port, ip, port.name() + " loadbalancer IP") + "-j " + chain);
            }
        }
    }

    private void unservedExternal(VirtualPort port, int group, List<String> rules) {
        String refusal = refusal(port.externalReach());
        if (group == 1) {
            rules.add("-p " + protocol(port) + " " + RuleWords.comment(without(port))
                    + "-m addrtype --dst-type LOCAL "
                    + RuleWords.destinationPort(protocol(port), port.nodePort().orElseThrow()) + refusal);
            return;
        }
        port.externalIps().forEach(ip -> rules.add(to(port, ip, without(port)) + refusal));
        port.loadBalancerIps().forEach(ip -> rules.add(to(port, ip, without(port)) + refusal));
    }

    private static String to(VirtualPort port, IpAddress ip, String comment) {
        return RuleWords.to(ip) + "-p " + protocol(port) + " " + RuleWords.comment(comment)
                + RuleWords.destinationPort(protocol(port), port.port());
    }

    private static String without(VirtualPort port) {
        return port.name() + (port.anyUsable() ? " has no local endpoints" : " has no endpoints");
    }

    private String refusal(Reach reach) {
        return reach == Reach.REJECT ? RuleWords.reject(settings.family()) : "-j DROP";
    }

    private static String protocol(VirtualPort port) {
        return ChainNames.protocol(port.name());
    }
}
