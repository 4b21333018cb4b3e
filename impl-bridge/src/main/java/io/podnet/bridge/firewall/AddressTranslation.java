package io.podnet.bridge.firewall;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.netlink.nftables.BaseHook;
import io.podnet.netlink.nftables.Chain;
import io.podnet.netlink.nftables.CidrRanges;
import io.podnet.netlink.nftables.Expression;
import io.podnet.netlink.nftables.Family;
import io.podnet.netlink.nftables.NftSet;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.Rule;
import io.podnet.netlink.nftables.SetElement;
import io.podnet.netlink.nftables.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The inet table: masquerade and host ports.
 *
 * <p>Host ports are translated only where the destination is an address of this node ({@code fib daddr type local}), so
 * that traffic through the node to the same port elsewhere is never caught (CVE-2025-67499), and after the chains of
 * priority -100, kube-proxy's among them, so that a host port never takes traffic from a service (CVE-2019-9946): the
 * first translation of a connection wins. Loopback addresses are left alone, since a packet from 127.0.0.1 could reach a
 * pod only with route_localnet (CVE-2020-8558).
 *
 * <p>A base chain of NAT has the kernel track every connection of the namespace, also those that no rule concerns, for
 * about a sixth of what a small packet costs between two nodes. So there is none unless packets are masqueraded or a pod has a host
 * port.
 *
 * <p>A pod that uses a host port of a pod on the same bridge, of itself too, is masqueraded: the answer would otherwise
 * go straight from pod to pod, past the translation. Such connections are known by their original port together with
 * where they lead, so no packet mark is needed.
 */
final class AddressTranslation {
    /** NF_IP_PRI_NAT_DST is -100; later than kube-proxy, earlier than filters at 0. */
    static final int AFTER_SERVICES = -90;

    /** NF_IP_PRI_NAT_SRC. */
    private static final int SOURCE_NAT = 100;

    private static final int LOOPBACK_NET = 127;
    private static final String PREROUTING = "prerouting";
    private static final String OUTPUT = "output";
    private static final String POSTROUTING = "postrouting";
    private static final String HOST_PORTS = "host-ports";

    /** Those that are jumped to first. */
    static final List<Chain> CHAINS = List.of(
            Chain.regular(HOST_PORTS),
            Chain.base(PREROUTING, BaseHook.Type.NAT, BaseHook.Point.PREROUTING, AFTER_SERVICES),
            Chain.base(OUTPUT, BaseHook.Type.NAT, BaseHook.Point.OUTPUT, AFTER_SERVICES),
            Chain.base(POSTROUTING, BaseHook.Type.NAT, BaseHook.Point.POSTROUTING, SOURCE_NAT));

    private AddressTranslation() {}

    static Table table(String name) {
        return new Table(Family.INET, "podnet-" + name);
    }

    static TableModel model(String name, String bridge, NodeRules rules, boolean hostPorts) {
        List<NftSet> sets = new ArrayList<>();
        Map<String, List<SetElement>> fixed = new HashMap<>();
        for (FamilyNames names : FamilyNames.ALL) {
            sets.addAll(names.sets());
            fixed.put(names.podCidrs(), CidrRanges.of(rules.podCidrs(), names.family()));
            List<Cidr> exempt = Stream.concat(rules.podCidrs().stream(), rules.nonMasqueradeCidrs().stream())
                    .toList();
            fixed.put(names.unmasqueraded(), CidrRanges.of(exempt, names.family()));
        }
        boolean translates = hostPorts || rules.masquerades();
        return new TableModel(
                table(name),
                "Podnet: masquerade and host ports",
                sets,
                fixed,
                translates ? CHAINS : List.of(),
                translates ? rules(bridge, rules) : List.of());
    }

    /** What the first host port needs where nothing was translated before it. */
    static List<Rule> hostPortRules(String bridge) {
        return rules(bridge, new NodeRules(List.of(), false, List.of(), false, Optional.empty()));
    }

    private static List<Rule> rules(String bridge, NodeRules wanted) {
        List<Rule> rules = new ArrayList<>(List.of(local(PREROUTING), local(OUTPUT)));
        for (FamilyNames names : FamilyNames.ALL) {
            hostPorts(rules, names);
            postrouting(rules, names, bridge, wanted);
        }
        return rules;
    }

    private static Rule local(String chain) {
        return RuleBuilder.in(chain)
                .where(Field.DESTINATION_TYPE, Expression.AddressType.LOCAL)
                .jump(HOST_PORTS);
    }

    private static void hostPorts(List<Rule> rules, FamilyNames names) {
        RuleBuilder loopback = RuleBuilder.in(HOST_PORTS).where(Field.FAMILY, names.number());
        rules.add(
                names.family() == IpFamily.IPV4
                        ? loopback.where(Field.IPV4_DESTINATION_FIRST_BYTE, RegisterData.u8(LOOPBACK_NET))
                                .back()
                        : loopback.where(Field.IPV6_DESTINATION, RegisterData.of(IpAddress.parse("::1")))
                                .back());
        rules.add(RuleBuilder.in(HOST_PORTS)
                .where(Field.FAMILY, names.number())
                .toMapped(
                        names.hostIpPorts(),
                        names.kernelFamily(),
                        names.destination().words(),
                        Field.TRANSPORT_PROTOCOL,
                        names.destination(),
                        Field.DESTINATION_PORT));
        rules.add(RuleBuilder.in(HOST_PORTS)
                .where(Field.FAMILY, names.number())
                .toMapped(
                        names.hostPorts(),
                        names.kernelFamily(),
                        names.destination().words(),
                        Field.TRANSPORT_PROTOCOL,
                        Field.DESTINATION_PORT));
    }

    private static void postrouting(List<Rule> rules, FamilyNames names, String bridge, NodeRules wanted) {
        rules.add(RuleBuilder.in(POSTROUTING)
                .comment("host port of a pod on this bridge, IPv" + names.digit())
                .where(Field.OUT_INTERFACE, RegisterData.interfaceName(bridge))
                .where(Field.FAMILY, names.number())
                .whereIn(names.podCidrs(), names.source())
                .whereDestinationTranslated()
                .whereIn(
                        names.targets(),
                        Field.TRANSPORT_PROTOCOL,
                        Field.ORIGINAL_DESTINATION_PORT,
                        names.destination(),
                        Field.DESTINATION_PORT)
                .masquerade());
        if (wanted.masquerades(names.family())) {
            rules.add(RuleBuilder.in(POSTROUTING)
                    .comment("out of the pod network, IPv" + names.digit())
                    .whereNot(Field.OUT_INTERFACE, RegisterData.interfaceName(bridge))
                    .where(Field.FAMILY, names.number())
                    .whereIn(names.podCidrs(), names.source())
                    .whereNotIn(names.unmasqueraded(), names.destination())
                    .whereNot(Field.DESTINATION_TYPE, Expression.AddressType.LOCAL)
                    .masquerade());
        }
    }
}
