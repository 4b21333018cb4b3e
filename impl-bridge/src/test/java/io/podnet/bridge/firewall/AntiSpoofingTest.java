package io.podnet.bridge.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.MacAddress;
import io.podnet.netlink.nftables.Family;
import io.podnet.netlink.nftables.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AntiSpoofingTest {
    private static final Table FRAMES = new Table(Family.BRIDGE, "podnet-cbr0");
    private static final PodPort A = Lab.pod(5);
    private static final PodPort B = Lab.pod(6);

    private Lab lab;

    @BeforeEach
    void build() throws Exception {
        lab = new Lab();
    }

    @AfterEach
    void tearDown() throws Exception {
        lab.close();
    }

    private List<String> framesThatArrive() throws Exception {
        return lab.script(
                        lab.node,
                        "forge",
                        lab.podA.path(),
                        lab.podB.path(),
                        A.mac().toString(),
                        A.addresses().get(0).toString(),
                        A.addresses().get(1).toString(),
                        A.mac().linkLocal().toString(),
                        B.mac().toString(),
                        B.addresses().get(0).toString(),
                        B.addresses().get(1).toString(),
                        Lab.GATEWAY4,
                        Lab.GATEWAY6)
                .lines()
                .toList();
    }

    @Test
    void onlyWhatAPodIsPasses() throws Exception {
        lab.filter.ensureNode(Lab.RULES);
        lab.filter.addPods(List.of(A, B));
        Map<String, Long> before = lab.nftables.packetsByComment(FRAMES);

        assertThat(framesThatArrive())
                .containsExactly(
                        "honest IPv4",
                        "honest IPv6",
                        "honest link-local",
                        "honest ARP",
                        "ARP probe for itself",
                        "honest advertisement",
                        "honest solicitation",
                        "DAD for itself");
        Map<String, Long> after = lab.nftables.packetsByComment(FRAMES);
        assertThat(after.keySet())
                .containsExactlyInAnyOrder(
                        "forged MAC address",
                        "neither IP nor ARP",
                        "forged ARP sender",
                        "DHCP server",
                        "forged IPv4 source",
                        "router advertisement",
                        "forged neighbour advertisement",
                        "DHCPv6 server",
                        "forged IPv6 source");
        assertThat(after)
                .allSatisfy(
                        (why, count) -> assertThat(count).describedAs(why).isGreaterThan(before.getOrDefault(why, 0L)));
    }

    @Test
    void withoutItForgedFramesPass() throws Exception {
        NodeRules open =
                new NodeRules(Lab.RULES.podCidrs(), true, Lab.RULES.nonMasqueradeCidrs(), false, Optional.empty());
        lab.filter.ensureNode(open);
        lab.filter.addPods(List.of(A, B));

        assertThat(framesThatArrive())
                .contains("forged MAC", "gateway's ARP", "router advertisement", "VLAN tag", "other protocol");
        assertThat(lab.filter.ensureNode(Lab.RULES)).isEqualTo(NodeChange.CHANGED);
        assertThat(framesThatArrive()).contains("honest IPv4").doesNotContain("forged MAC", "router advertisement");
    }

    @Test
    void portsThatBelongToNoPodAreLeftAlone() throws Exception {
        lab.filter.ensureNode(Lab.RULES);
        lab.filter.addPod(B);

        assertThat(framesThatArrive()).contains("forged MAC", "gateway's ARP");
    }

    @Test
    void aPodWithoutIpv6HasNone() throws Exception {
        lab.filter.ensureNode(Lab.RULES);
        lab.filter.addPod(new PodPort(
                A.attachment(), A.hostInterface(), A.mac(), A.addresses().subList(0, 1), List.of()));

        assertThat(framesThatArrive()).containsExactly("honest IPv4", "honest ARP", "ARP probe for itself");
    }

    @Test
    void aPromiscuousBridgeSendsNoSecondCopy() throws Exception {
        PromiscuousBridge bridge = new PromiscuousBridge(
                MacAddress.parse("02:00:00:00:00:01"),
                List.of(IpAddress.parse(Lab.GATEWAY4), IpAddress.parse(Lab.GATEWAY6)));
        NodeRules rules =
                new NodeRules(Lab.RULES.podCidrs(), true, Lab.RULES.nonMasqueradeCidrs(), true, Optional.of(bridge));
        lab.filter.ensureNode(rules);
        lab.filter.addPods(List.of(A, B));
        for (String address : List.of("0.0.0.0", "::")) {
            lab.serve(lab.podB, "tcp", address, 80, "B");
        }
        assertThat(lab.ask(lab.node, "tcp", "10.244.0.6", 80)).isEqualTo("B saw 10.244.0.1");
        assertThat(lab.ask(lab.node, "tcp", "fd00:244::6", 80)).isEqualTo("B saw fd00:244::1");
        assertThat(lab.ask(lab.podA, "tcp", "10.244.0.6", 80)).isEqualTo("B saw 10.244.0.5");

        // The host itself sends with a pod's address, as it would forward the copy that it got.
        lab.node.sh("ip addr add 10.244.0.5/32 dev lo; ip -6 addr add fd00:244::5/128 dev lo nodad");
        assertThat(lab.ask(lab.node, "udp", "10.244.0.6", 80, "10.244.0.5", "0", "0.2"))
                .isNotEqualTo("refused");
        assertThat(lab.ask(lab.node, "udp", "fd00:244::6", 80, "fd00:244::5", "0", "0.2"))
                .isNotEqualTo("refused");
        Map<String, Long> counts = lab.nftables.packetsByComment(FRAMES);
        assertThat(counts.get("second copy by the promiscuous bridge, IPv4")).isPositive();
        assertThat(counts.get("second copy by the promiscuous bridge, IPv6")).isPositive();
        assertThat(lab.filter.ensureNode(rules)).isEqualTo(NodeChange.UNCHANGED);
        assertThat(lab.filter.ensureNode(Lab.RULES)).isEqualTo(NodeChange.CHANGED);
        assertThat(lab.ruleset()).doesNotContain("gateways4");
    }
}
