package io.podnet.bridge.firewall;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.netlink.nftables.BaseHook;
import io.podnet.netlink.nftables.Chain;
import io.podnet.netlink.nftables.CidrRanges;
import io.podnet.netlink.nftables.DataType;
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

/**
 * The bridge table: what a pod may send. A frame that comes in by a pod's port passes only where its sender, in the
 * Ethernet header and in whatever speaks for an IP address (IPv4, IPv6, ARP, neighbour advertisements), is that pod.
 * Anything but untagged IPv4, IPv6 and ARP is dropped, since a tag or another protocol would carry addresses past the
 * checks; so are router advertisements and DHCP servers. Frames of ports that belong to no pod pass.
 *
 * <p>Pods' ports are known by their names, since the bridge's own name can be matched only by kernels with
 * CONFIG_NFT_BRIDGE_META. Checks accept what is right and drop the rest: a field that a short frame does not have
 * never matches.
 */
final class AntiSpoofing {
    static final String PORTS = "pod-ports";
    static final String MACS = "pod-macs";
    static final String SOURCES4 = "pod-sources4";
    static final String SOURCES6 = "pod-sources6";

    /** NF_BR_PRI_FILTER_BRIDGED: before br_netfilter and with it before conntrack. */
    private static final int FILTER = -200;

    private static final String PREROUTING = "prerouting";
    private static final String FRAMES = "pod-frames";
    private static final String ARP = "pod-arp";
    private static final String IPV4 = "pod-ipv4";
    private static final String IPV6 = "pod-ipv6";
    private static final String OUTPUT = "output";
    private static final String GATEWAYS = "gateways";
    private static final String BRIDGED = "bridged";

    private static final RegisterData TYPE_IPV4 = RegisterData.be16(0x0800);
    private static final RegisterData TYPE_ARP = RegisterData.be16(0x0806);
    private static final RegisterData TYPE_IPV6 = RegisterData.be16(0x86dd);
    private static final RegisterData TCP = RegisterData.u8(6);
    private static final RegisterData UDP = RegisterData.u8(17);
    private static final RegisterData ICMPV6 = RegisterData.u8(58);
    private static final RegisterData DHCP_SERVER = RegisterData.be16(67);
    private static final RegisterData DHCPV6_SERVER = RegisterData.be16(547);
    private static final RegisterData ROUTER_ADVERTISEMENT = RegisterData.u8(134);
    private static final RegisterData NEIGHBOUR_SOLICITATION = RegisterData.u8(135);
    private static final RegisterData NEIGHBOUR_ADVERTISEMENT = RegisterData.u8(136);

    private AntiSpoofing() {}

    static Table table(String name) {
        return new Table(Family.BRIDGE, "podnet-" + name);
    }

    /** The sets are there even where nothing is checked, so that checks can be turned on without the pods' help. */
    static TableModel model(String name, NodeRules wanted) {
        List<NftSet> sets = new ArrayList<>(List.of(
                NftSet.of(PORTS, DataType.IFNAME),
                NftSet.of(MACS, DataType.IFNAME, DataType.ETHER_ADDR),
                NftSet.of(SOURCES4, DataType.IFNAME, DataType.ETHER_ADDR, DataType.IPV4_ADDR),
                NftSet.of(SOURCES6, DataType.IFNAME, DataType.ETHER_ADDR, DataType.IPV6_ADDR)));
        List<Chain> chains = new ArrayList<>();
        List<Rule> rules = new ArrayList<>();
        Map<String, List<SetElement>> fixed = new HashMap<>();
        if (wanted.antiSpoofing()) {
            List.of(ARP, IPV4, IPV6, FRAMES).forEach(chain -> chains.add(Chain.regular(chain)));
            chains.add(Chain.base(PREROUTING, BaseHook.Type.FILTER, BaseHook.Point.PREROUTING, FILTER));
            common(rules);
            rules.add(RuleBuilder.in(PREROUTING)
                    .whereIn(PORTS, Field.IN_INTERFACE)
                    .jump(FRAMES));
            frames(rules);
            arp(rules);
            ipv4(rules);
            ipv6(rules);
        }
        wanted.promiscuousBridge().ifPresent(promiscuous -> {
            chains.add(Chain.base(OUTPUT, BaseHook.Type.FILTER, BaseHook.Point.OUTPUT, FILTER));
            deduplicate(sets, fixed, rules, promiscuous, wanted.podCidrs());
        });
        return new TableModel(table(name), "Podnet: what pods may send", sets, fixed, chains, rules);
    }

    /**
     * What most frames are, decided first by the same checks as below in one look: entering a chain and looking into a set
     * cost more than all else here. A frame's type shows that it has no tag, and with it what {@code meta protocol} would.
     */
    private static void common(List<Rule> rules) {
        rules.add(common(TYPE_IPV4)
                .whereNot(Field.TRANSPORT_PROTOCOL, UDP)
                .whereIn(SOURCES4, Field.IN_INTERFACE, Field.ETHER_SOURCE, Field.IPV4_SOURCE)
                .accept());
        rules.add(common(TYPE_IPV4)
                .where(Field.TRANSPORT_PROTOCOL, UDP)
                .whereNot(Field.SOURCE_PORT, DHCP_SERVER)
                .whereIn(SOURCES4, Field.IN_INTERFACE, Field.ETHER_SOURCE, Field.IPV4_SOURCE)
                .accept());
        rules.add(common(TYPE_IPV6)
                .where(Field.TRANSPORT_PROTOCOL, TCP)
                .whereIn(SOURCES6, Field.IN_INTERFACE, Field.ETHER_SOURCE, Field.IPV6_SOURCE)
                .accept());
    }

    private static RuleBuilder common(RegisterData type) {
        return RuleBuilder.in(PREROUTING).where(Field.ETHER_TYPE, type);
    }

    private static void frames(List<Rule> rules) {
        rules.add(RuleBuilder.in(FRAMES)
                .whereNotIn(MACS, Field.IN_INTERFACE, Field.ETHER_SOURCE)
                .drop("forged MAC address"));
        rules.add(RuleBuilder.in(FRAMES).where(Field.ETHER_TYPE, TYPE_IPV4).continueIn(IPV4));
        rules.add(RuleBuilder.in(FRAMES).where(Field.ETHER_TYPE, TYPE_IPV6).continueIn(IPV6));
        rules.add(RuleBuilder.in(FRAMES).where(Field.ETHER_TYPE, TYPE_ARP).continueIn(ARP));
        rules.add(RuleBuilder.in(FRAMES).drop("neither IP nor ARP"));
    }

    private static void arp(List<Rule> rules) {
        rules.add(ownArp(Field.ARP_SENDER_IP).accept());
        // RFC 5227: who looks whether its address is free has none yet.
        rules.add(ownArp(Field.ARP_TARGET_IP)
                .where(Field.ARP_SENDER_IP, RegisterData.of(IpAddress.parse("0.0.0.0")))
                .accept());
        rules.add(RuleBuilder.in(ARP).drop("forged ARP sender"));
    }

    /** ARP for IPv4 over Ethernet, in which the sender's Ethernet address is the pod's, and one of the IP addresses too. */
    private static RuleBuilder ownArp(Field ip) {
        return RuleBuilder.in(ARP)
                .where(Field.NETWORK_PROTOCOL, TYPE_ARP)
                .where(Field.ARP_TYPES, RegisterData.of((byte) 0, (byte) 1, (byte) 8, (byte) 0))
                .where(Field.ARP_LENGTHS, RegisterData.of((byte) 6, (byte) 4))
                .whereIn(SOURCES4, Field.IN_INTERFACE, Field.ARP_SENDER_ETHER, ip);
    }

    private static void ipv4(List<Rule> rules) {
        rules.add(RuleBuilder.in(IPV4)
                .where(Field.NETWORK_PROTOCOL, TYPE_IPV4)
                .where(Field.TRANSPORT_PROTOCOL, UDP)
                .where(Field.SOURCE_PORT, DHCP_SERVER)
                .drop("DHCP server"));
        rules.add(RuleBuilder.in(IPV4)
                .where(Field.NETWORK_PROTOCOL, TYPE_IPV4)
                .whereIn(SOURCES4, Field.IN_INTERFACE, Field.ETHER_SOURCE, Field.IPV4_SOURCE)
                .accept());
        rules.add(RuleBuilder.in(IPV4).drop("forged IPv4 source"));
    }

    private static void ipv6(List<Rule> rules) {
        rules.add(icmpv6(ROUTER_ADVERTISEMENT).drop("router advertisement"));
        rules.add(icmpv6(NEIGHBOUR_ADVERTISEMENT)
                .whereNotIn(SOURCES6, Field.IN_INTERFACE, Field.ETHER_SOURCE, Field.ND_TARGET)
                .drop("forged neighbour advertisement"));
        rules.add(RuleBuilder.in(IPV6)
                .where(Field.NETWORK_PROTOCOL, TYPE_IPV6)
                .where(Field.TRANSPORT_PROTOCOL, UDP)
                .where(Field.SOURCE_PORT, DHCPV6_SERVER)
                .drop("DHCPv6 server"));
        rules.add(RuleBuilder.in(IPV6)
                .where(Field.NETWORK_PROTOCOL, TYPE_IPV6)
                .whereIn(SOURCES6, Field.IN_INTERFACE, Field.ETHER_SOURCE, Field.IPV6_SOURCE)
                .accept());
        // RFC 4862: who looks whether its address is free has none yet.
        rules.add(icmpv6(NEIGHBOUR_SOLICITATION)
                .where(Field.IPV6_SOURCE, RegisterData.of(IpAddress.parse("::")))
                .whereIn(SOURCES6, Field.IN_INTERFACE, Field.ETHER_SOURCE, Field.ND_TARGET)
                .accept());
        rules.add(RuleBuilder.in(IPV6).drop("forged IPv6 source"));
    }

    private static RuleBuilder icmpv6(RegisterData type) {
        return RuleBuilder.in(IPV6)
                .where(Field.NETWORK_PROTOCOL, TYPE_IPV6)
                .where(Field.TRANSPORT_PROTOCOL, ICMPV6)
                .where(Field.ICMPV6_TYPE, type);
    }

    private static void deduplicate(
            List<NftSet> sets,
            Map<String, List<SetElement>> fixed,
            List<Rule> rules,
            PromiscuousBridge promiscuous,
            List<Cidr> podCidrs) {
        for (IpFamily family : IpFamily.values()) {
            boolean four = family == IpFamily.IPV4;
            String gateways = GATEWAYS + (four ? "4" : "6");
            String bridged = BRIDGED + (four ? "4" : "6");
            DataType address = four ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
            sets.add(NftSet.of(gateways, address));
            sets.add(NftSet.ranges(bridged, address));
            fixed.put(
                    gateways,
                    promiscuous.gateways().stream()
                            .filter(one -> one.family() == family)
                            .map(one -> SetElement.of(RegisterData.of(one), ""))
                            .toList());
            fixed.put(bridged, CidrRanges.of(podCidrs, family));
            Field source = four ? Field.IPV4_SOURCE : Field.IPV6_SOURCE;
            rules.add(RuleBuilder.in(OUTPUT)
                    .where(Field.ETHER_SOURCE, RegisterData.of(promiscuous.mac()))
                    .where(Field.NETWORK_PROTOCOL, four ? TYPE_IPV4 : TYPE_IPV6)
                    .whereNotIn(gateways, source)
                    .whereIn(bridged, source)
                    .drop("second copy by the promiscuous bridge, IPv" + (four ? '4' : '6')));
        }
    }
}
