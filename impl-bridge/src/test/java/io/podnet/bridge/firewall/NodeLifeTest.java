package io.podnet.bridge.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.AttachmentId;
import io.podnet.api.Cidr;
import io.podnet.api.Drift;
import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.nftables.Nftables;
import io.podnet.netlink.socket.NetlinkConversation;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeLifeTest {
    private static final PodPort A = Lab.pod(
            5,
            Lab.port(Protocol.TCP, 8080, 80),
            Lab.port(Protocol.UDP, 53, 5353),
            Lab.port(Protocol.TCP, Lab.NODE4, 443, 8443));
    private static final PodPort B = Lab.pod(6);

    private FreshNamespace node;
    private NetlinkConversation conversation;
    private NftablesPacketFilter filter;

    @BeforeEach
    void open() throws Exception {
        node = new FreshNamespace();
        conversation = node.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
        filter = new NftablesPacketFilter(conversation, "cbr0");
    }

    @AfterEach
    void close() {
        conversation.close();
        node.close();
    }

    private String ruleset() throws Exception {
        return node.run("nft", "list", "ruleset").replace("\t", "  ");
    }

    @Test
    void aNodeWithTwoPodsAsNftListsIt() throws Exception {
        assertThat(filter.ensureNode(Lab.RULES)).isEqualTo(NodeChange.CREATED);
        filter.addPods(List.of(A, B));

        try (InputStream golden = NodeLifeTest.class.getResourceAsStream("node-with-two-pods.nft")) {
            assertThat(sorted(ruleset())).isEqualTo(sorted(new String(golden.readAllBytes(), StandardCharsets.UTF_8)));
        }
        filter.removePods(List.of(A, B));
        assertThat(filter.listOwners()).isEmpty();
        filter.removeNode();
        assertThat(ruleset()).isEmpty();
        filter.removeNode();
    }

    /** Elements of hash sets come in any order: those of one set are sorted, and each gets a line of its own. */
    static String sorted(String listing) {
        StringBuilder text = new StringBuilder();
        StringBuilder elements = null;
        for (String line : listing.lines().toList()) {
            if (line.contains("elements = {")) {
                elements = new StringBuilder();
                line = line.substring(line.indexOf('{') + 1);
            }
            if (elements == null) {
                text.append(line.stripTrailing()).append('\n');
                continue;
            }
            elements.append(line.strip()).append(' ');
            if (line.stripTrailing().endsWith("}")) {
                String all = elements.toString().replace("}", "");
                List<String> each = new ArrayList<>();
                for (String one : all.split(",", -1)) {
                    each.add("      " + one.strip());
                }
                each.sort(null);
                text.append("    elements =\n").append(String.join("\n", each)).append('\n');
                elements = null;
            }
        }
        return text.toString();
    }

    @Test
    void aRestartAdoptsWhatIsThere() throws Exception {
        filter.ensureNode(Lab.RULES);
        filter.addPods(List.of(A, B));
        String before = ruleset();

        NftablesPacketFilter restarted = new NftablesPacketFilter(conversation, "cbr0");
        assertThat(restarted.planNode(Lab.RULES).steps()).isEmpty();
        assertThat(restarted.ensureNode(Lab.RULES)).isEqualTo(NodeChange.UNCHANGED);
        assertThat(sorted(ruleset())).isEqualTo(sorted(before));
        assertThat(restarted.listOwners()).containsExactlyInAnyOrder(A.attachment(), B.attachment());
        assertThat(restarted.check(A)).isEmpty();
    }

    @Test
    void whatDiffersIsReplacedAndPodsStay() throws Exception {
        filter.ensureNode(Lab.RULES);
        filter.addPods(List.of(A, B));
        String before = ruleset();
        node.sh("""
                nft flush chain bridge podnet-cbr0 pod-ipv4
                nft add rule inet podnet-cbr0 postrouting counter
                nft add chain inet podnet-cbr0 foreign
                nft add set inet podnet-cbr0 foreign '{ type mark; }'
                nft add element inet podnet-cbr0 unmasqueraded4 '{ 8.8.8.8 }'
                """);

        Plan plan = filter.planNode(Lab.RULES);
        assertThat(plan.steps())
                .extracting(Plan.Step::toString)
                .containsExactlyInAnyOrder(
                        "CHANGE chain bridge podnet-cbr0 pod-ipv4",
                        "CHANGE chain inet podnet-cbr0 postrouting",
                        "DELETE chain inet podnet-cbr0 foreign",
                        "DELETE set inet podnet-cbr0 foreign",
                        "CHANGE set inet podnet-cbr0 unmasqueraded4");
        assertThat(filter.ensureNode(Lab.RULES)).isEqualTo(NodeChange.CHANGED);
        assertThat(sorted(ruleset())).isEqualTo(sorted(before));
        assertThat(filter.ensureNode(Lab.RULES)).isEqualTo(NodeChange.UNCHANGED);
    }

    private static NodeRules withoutMasquerade() {
        return new NodeRules(Lab.RULES.podCidrs(), false, List.of(), true, Optional.empty());
    }

    /** A base chain of NAT has the kernel track every connection. */
    @Test
    void withNothingToTranslateNothingIsTracked() throws Exception {
        filter.ensureNode(withoutMasquerade());
        filter.addPod(B);
        assertThat(ruleset()).contains("table inet podnet-cbr0").doesNotContain("type nat");
        assertThat(filter.plan(B)).isEmpty();
        assertThat(filter.planNode(withoutMasquerade()).steps()).isEmpty();
        filter.removeNode();
        filter.ensureNode(new NodeRules(
                Lab.RULES.podCidrs(),
                true,
                List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")),
                true,
                Optional.empty()));
        assertThat(ruleset()).doesNotContain("type nat");
    }

    @Test
    void theFirstHostPortBringsItsChainsAndTheLastTakesThem() throws Exception {
        filter.ensureNode(Lab.RULES);
        filter.addPod(A);
        String masquerading = sorted(ruleset().replaceAll("(?m)^.*out of the pod network.*\\R", ""));
        filter.removeNode();

        filter.ensureNode(withoutMasquerade());
        String before = ruleset();
        assertThat(filter.plan(A))
                .extracting(Plan.Step::toString)
                .anyMatch(step -> step.startsWith("CREATE chain inet podnet-cbr0 prerouting"));
        filter.addPod(A);
        filter.addPod(A);
        assertThat(filter.check(A)).isEmpty();
        assertThat(filter.planNode(withoutMasquerade()).steps()).isEmpty();
        assertThat(translation(sorted(ruleset()))).isEqualTo(translation(masquerading));
        PodPort other = Lab.pod(7, Lab.port(Protocol.TCP, 9090, 90));
        filter.addPod(other);
        filter.removePod(A);
        assertThat(ruleset()).contains("type nat");
        assertThat(filter.ensureNode(withoutMasquerade())).isEqualTo(NodeChange.UNCHANGED);
        filter.removePod(other);
        assertThat(ruleset()).isEqualTo(before);
        filter.removePod(other);
        assertThat(filter.ensureNode(withoutMasquerade())).isEqualTo(NodeChange.UNCHANGED);
        assertThat(ruleset()).isEqualTo(before);
        filter.addPod(A);
        assertThat(filter.gc(Set.of())).containsExactly(A.attachment());
        assertThat(ruleset()).isEqualTo(before);
    }

    /** Processes of a container runtime's calls share nothing but the kernel. */
    @Test
    void twoProcessesThatAddAndRemoveHostPortsNeverLeaveOneWithoutChains() throws Exception {
        filter.ensureNode(withoutMasquerade());
        try (NetlinkConversation other = node.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER))) {
            NftablesPacketFilter second = new NftablesPacketFilter(other, "cbr0");
            PodPort mine = Lab.pod(7, Lab.port(Protocol.TCP, 9090, 90));
            CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 500; i++) {
                    second.addPod(A);
                    second.removePod(A);
                }
            });
            int rounds = 0;
            while (!busy.isDone()) {
                filter.addPod(mine);
                // The kernel may have a change fall into the middle of a list, and does not always say so.
                boolean sound = false;
                for (int look = 0; look < 5 && !sound; look++) {
                    sound = filter.planNode(withoutMasquerade()).steps().isEmpty();
                }
                assertThat(sound).as("round %d", rounds).isTrue();
                filter.removePod(mine);
                rounds++;
            }
            busy.get();
            assertThat(rounds).isPositive();
            filter.addPod(mine);
            assertThat(filter.planNode(withoutMasquerade()).steps()).isEmpty();
            assertThat(ruleset()).contains("type nat");
        }
    }

    private static String translation(String listing) {
        return listing.substring(listing.indexOf("chain host-ports"));
    }

    @Test
    void chainsOfHostPortsThatSomebodyTookAreMadeAnew() throws Exception {
        filter.ensureNode(withoutMasquerade());
        filter.addPod(A);
        String before = sorted(ruleset());
        for (String chain : List.of("prerouting", "output", "postrouting", "host-ports")) {
            node.run("nft", "flush", "chain", "inet", "podnet-cbr0", chain);
        }
        for (String chain : List.of("prerouting", "output", "postrouting", "host-ports")) {
            node.run("nft", "delete", "chain", "inet", "podnet-cbr0", chain);
        }
        assertThat(ruleset()).doesNotContain("type nat");
        assertThat(filter.ensureNode(withoutMasquerade())).isEqualTo(NodeChange.CHANGED);
        assertThat(sorted(ruleset())).isEqualTo(before);
    }

    @Test
    void anotherShapeIsMadeAnew() throws Exception {
        node.sh("""
                nft add table inet podnet-cbr0
                nft add set inet podnet-cbr0 host-ports4 '{ type mark; }'
                """);
        assertThat(filter.ensureNode(Lab.RULES)).isEqualTo(NodeChange.REBUILT);
        assertThat(filter.ensureNode(Lab.RULES)).isEqualTo(NodeChange.UNCHANGED);
    }

    @Test
    void newNetworksKeepPods() {
        filter.ensureNode(Lab.RULES);
        filter.addPod(A);
        NodeRules wider = new NodeRules(
                List.of(Cidr.parse("10.244.0.0/23"), Cidr.parse("fd00:244::/64")),
                false,
                List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("0.0.0.0/0")),
                true,
                Optional.empty());
        assertThat(filter.ensureNode(wider)).isEqualTo(NodeChange.CHANGED);
        assertThat(filter.ensureNode(wider)).isEqualTo(NodeChange.UNCHANGED);
        assertThat(filter.check(A)).isEmpty();
    }

    @Test
    void otherTablesAreNotTouched() throws Exception {
        node.sh("nft add table inet other; nft add chain inet other c; nft add rule inet other c counter");
        NftablesPacketFilter second = new NftablesPacketFilter(conversation, "cbr1");
        second.ensureNode(Lab.RULES);
        second.addPod(A);
        filter.ensureNode(Lab.RULES);
        filter.gc(Set.of());
        filter.removeNode();

        assertThat(new Nftables(conversation).tables())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("inet other", "inet podnet-cbr1", "bridge podnet-cbr1");
        assertThat(second.check(A)).isEmpty();
    }

    @Test
    void addingAndRemovingTwiceIsFine() {
        filter.ensureNode(Lab.RULES);
        filter.addPod(A);
        filter.addPods(List.of(A, B, A));
        assertThat(filter.check(A)).isEmpty();
        assertThat(filter.check(B)).isEmpty();
        filter.removePods(List.of(A, A));
        filter.removePods(List.of(A, B));
        filter.removePod(B);
        assertThat(filter.listOwners()).isEmpty();
    }

    @Test
    void removingWithoutANodeIsFineButAddingIsNot() {
        filter.removePod(A);
        assertThat(filter.listOwners()).isEmpty();
        assertThat(filter.gc(Set.of())).isEmpty();
        assertThatThrownBy(() -> filter.addPod(B))
                .isInstanceOf(PodnetException.NotFound.class)
                .hasMessageContaining("set the node up first");
    }

    @Test
    void aLateSecondRemovalSparesTheNextOwner() {
        filter.ensureNode(Lab.RULES);
        filter.addPod(A);
        filter.removePod(A);
        PodPort next =
                new PodPort(new AttachmentId("next", "eth0"), "pn7", Lab.pod(7).mac(), A.addresses(), A.hostPorts());
        filter.addPod(next);

        filter.removePod(A);
        assertThat(filter.check(next)).isEmpty();
    }

    @Test
    void aPortOfTheBridgeBelongsToOnePod() {
        filter.ensureNode(Lab.RULES);
        filter.addPod(B);
        PodPort thief =
                new PodPort(new AttachmentId("thief", "eth0"), B.hostInterface(), B.mac(), B.addresses(), List.of());

        assertThatThrownBy(() -> filter.addPod(thief))
                .isInstanceOf(PodnetException.Conflict.class)
                .hasMessageContaining("sandbox6/eth0");
        filter.removePod(thief);
        assertThat(filter.check(B)).isEmpty();
    }

    @Test
    void driftIsSeenAndRepaired() throws Exception {
        filter.ensureNode(Lab.RULES);
        assertThat(filter.plan(A)).hasSize(15);
        filter.addPod(A);
        assertThat(filter.plan(A)).isEmpty();
        node.sh("""
                nft delete element bridge podnet-cbr0 pod-sources4 '{ "pn5" . 02:00:00:00:00:05 . 10.244.0.5 }'
                nft delete element inet podnet-cbr0 host-ports4 '{ tcp . 8080 }'
                nft add element inet podnet-cbr0 host-ports4 '{ tcp . 8080 comment "sandbox5/eth0" : 10.244.0.9 . 80 }'
                """);

        assertThat(filter.check(A))
                .extracting(Drift::toString)
                .containsExactly(
                        "set element bridge podnet-cbr0 pod-sources4 { \"pn5\" . 02:00:00:00:00:05 . 10.244.0.5 }:"
                                + " expected owner sandbox5/eth0, found absent",
                        "set element inet podnet-cbr0 host-ports4 { tcp . 8080 }: expected 10.244.0.5 . 80, owner"
                                + " sandbox5/eth0, found 0x0af4000900500000, owner sandbox5/eth0");
        filter.repair(A);
        assertThat(filter.check(A)).isEmpty();
        filter.removePod(A);
        assertThat(filter.listOwners()).isEmpty();
    }

    @Test
    void garbageIsWhatNobodyValidOwns() throws Exception {
        filter.ensureNode(Lab.RULES);
        filter.addPods(List.of(A, B));
        node.sh("nft add element bridge podnet-cbr0 pod-ports '{ \"stray\" }'");

        assertThat(filter.gc(Set.of(B.attachment()))).containsExactly(A.attachment());
        assertThat(filter.listOwners()).containsExactly(B.attachment());
        assertThat(ruleset()).doesNotContain("stray").doesNotContain("sandbox5");
        assertThat(filter.check(B)).isEmpty();
    }

    @Test
    void aThousandPodsInOneBatch() {
        filter.ensureNode(Lab.RULES);
        List<PodPort> pods = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            pods.add(new PodPort(
                    new AttachmentId("sandbox-" + "0".repeat(120) + i, "eth0"),
                    "pn" + i,
                    B.mac(),
                    List.of(B.addresses().get(0).plus(i), B.addresses().get(1).plus(i)),
                    List.of(Lab.port(Protocol.TCP, 1000 + i, 80))));
        }
        filter.addPods(pods);
        assertThat(filter.listOwners()).hasSize(1000);
        filter.removePods(pods);
        assertThat(filter.listOwners()).isEmpty();
    }
}
