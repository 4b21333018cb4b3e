package io.podnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.MacAddress;
import io.podnet.api.PodnetException;
import io.podnet.netlink.FreshNamespace;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.libc.Errno;
import io.podnet.netlink.nftables.Expression.Cmp;
import io.podnet.netlink.nftables.Expression.Conntrack;
import io.podnet.netlink.nftables.Expression.Meta;
import io.podnet.netlink.nftables.Expression.Payload;
import io.podnet.netlink.nftables.Expression.Verdict;
import io.podnet.netlink.socket.NetlinkConversation;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NftablesTest {
    private static final Table TABLE = new Table(Family.INET, "podnet-test");
    private static final Table FRAMES = new Table(Family.BRIDGE, "podnet-test");
    private static final NftSet RANGES = NftSet.ranges("ranges4", DataType.IPV4_ADDR);
    private static final NftSet PORTS = NftSet.map(
            "ports4",
            List.of(DataType.INET_PROTO, DataType.INET_SERVICE),
            List.of(DataType.IPV4_ADDR, DataType.INET_SERVICE));
    private static final NftSet NAMES = NftSet.of("names", DataType.IFNAME);
    private static final NftSet SENDERS = NftSet.of("senders", DataType.IFNAME, DataType.ETHER_ADDR);
    private static final NftSet WIDE_RANGES =
            new NftSet("wide", List.of(DataType.INET_PROTO, DataType.IPV6_ADDR), List.of(), true);

    private FreshNamespace namespace;
    private NetlinkConversation conversation;
    private Nftables nftables;

    @BeforeEach
    void open() throws Exception {
        namespace = new FreshNamespace();
        conversation = namespace.call(() -> NetlinkConversation.open(LinuxNetlink.NETLINK_NETFILTER));
        nftables = new Nftables(conversation);
    }

    @AfterEach
    void close() {
        conversation.close();
        namespace.close();
    }

    private static Rule rule(String chain, String comment, Expression... expressions) {
        return new Rule(chain, List.of(expressions), comment);
    }

    private static RegisterData ip(String text) {
        return RegisterData.of(IpAddress.parse(text));
    }

    private static SetElement port(int port, String target, String owner) {
        return SetElement.of(
                RegisterData.concat(RegisterData.u8(6), RegisterData.be16(port)),
                RegisterData.concat(ip(target), RegisterData.be16(8080)),
                owner);
    }

    private static final List<Rule> RULES = List.of(
            rule(
                    "prerouting",
                    "",
                    new Expression.AddressType(false, 0),
                    new Cmp(Cmp.Operator.EQ, 0, Expression.AddressType.LOCAL),
                    new Verdict(Verdict.Code.JUMP, "ports")),
            rule(
                    "ports",
                    "",
                    new Meta(Meta.Key.NFPROTO, 0),
                    new Cmp(Cmp.Operator.EQ, 0, RegisterData.u8(2)),
                    new Meta(Meta.Key.L4PROTO, 0),
                    new Payload(Payload.Base.TRANSPORT, 2, 2, 1),
                    new Expression.Lookup("ports4", 0, 0, false),
                    Expression.Nat.to(Family.IP, 0, 1)),
            rule(
                    "postrouting",
                    "leaving",
                    new Meta(Meta.Key.OIFNAME, 0),
                    new Cmp(Cmp.Operator.NEQ, 0, RegisterData.interfaceName("cbr0")),
                    new Meta(Meta.Key.NFPROTO, 0),
                    new Cmp(Cmp.Operator.EQ, 0, RegisterData.u8(2)),
                    new Payload(Payload.Base.NETWORK, 12, 4, 0),
                    new Expression.Lookup("ranges4", 0, Expression.NO_REGISTER, true),
                    new Conntrack(Conntrack.Field.STATUS, Conntrack.Direction.NONE, 0),
                    new Expression.Bitwise(0, Conntrack.DESTINATION_TRANSLATED, RegisterData.host32(0)),
                    new Cmp(Cmp.Operator.NEQ, 0, RegisterData.host32(0)),
                    Expression.Counter.ZERO,
                    new Expression.Masquerade(true)));

    private static NftBatch everything() {
        NftBatch batch = new NftBatch()
                .addTable(TABLE, "made by a test")
                .addTable(FRAMES, "")
                .addSet(TABLE, RANGES)
                .addSet(TABLE, PORTS)
                .addSet(TABLE, WIDE_RANGES)
                .addSet(FRAMES, NAMES)
                .addSet(FRAMES, SENDERS)
                .addChain(TABLE, Chain.regular("ports"))
                .addChain(TABLE, Chain.base("prerouting", BaseHook.Type.NAT, BaseHook.Point.PREROUTING, -90))
                .addChain(TABLE, Chain.base("postrouting", BaseHook.Type.NAT, BaseHook.Point.POSTROUTING, 100));
        RULES.forEach(rule -> batch.addRule(TABLE, rule));
        return batch.addElements(
                        TABLE,
                        RANGES.name(),
                        CidrRanges.of(
                                List.of(
                                        Cidr.parse("10.1.0.0/16"),
                                        Cidr.parse("10.0.0.0/16"),
                                        Cidr.parse("10.0.3.0/24"),
                                        Cidr.parse("fd00::/8"),
                                        Cidr.parse("255.255.0.0/16")),
                                IpFamily.IPV4))
                .addElements(TABLE, PORTS.name(), List.of(port(80, "10.244.0.5", "sandbox/eth0")))
                .addElements(
                        TABLE,
                        WIDE_RANGES.name(),
                        List.of(new SetElement(
                                RegisterData.concat(RegisterData.u8(6), ip("fd00::")),
                                RegisterData.concat(RegisterData.u8(6), ip("fd00::ffff")),
                                RegisterData.NONE,
                                false,
                                "")))
                .addElements(
                        FRAMES, NAMES.name(), List.of(SetElement.of(RegisterData.interfaceName("pn0"), "sandbox/eth0")))
                .addElements(
                        FRAMES,
                        SENDERS.name(),
                        List.of(SetElement.of(
                                RegisterData.concat(
                                        RegisterData.interfaceName("pn0"),
                                        RegisterData.of(MacAddress.parse("02:00:00:00:00:05"))),
                                "sandbox/eth0")));
    }

    @Test
    void nftPrintsWhatWasMeant() throws Exception {
        nftables.commit(everything());

        assertThat(namespace.run("nft", "list", "ruleset").replace("\t", "  ")).isEqualTo("""
                        table inet podnet-test {
                          comment "made by a test"
                          set ranges4 {
                            type ipv4_addr
                            flags interval
                            elements = { 10.0.0.0/15, 255.255.0.0/16 }
                          }

                          map ports4 {
                            type inet_proto . inet_service : ipv4_addr . inet_service
                            elements = { tcp . 80 comment "sandbox/eth0" : 10.244.0.5 . 8080 }
                          }

                          set wide {
                            type inet_proto . ipv6_addr
                            flags interval
                            elements = { tcp . fd00::/112 }
                          }

                          chain ports {
                            meta nfproto ipv4 dnat ip to meta l4proto . th dport map @ports4
                          }

                          chain prerouting {
                            type nat hook prerouting priority dstnat + 10; policy accept;
                            fib daddr type local jump ports
                          }

                          chain postrouting {
                            type nat hook postrouting priority srcnat; policy accept;
                            oifname != "cbr0" ip saddr != @ranges4 ct status dnat counter packets 0 bytes 0 masquerade fully-random comment "leaving"
                          }
                        }
                        table bridge podnet-test {
                          set names {
                            type ifname
                            elements = { "pn0" comment "sandbox/eth0" }
                          }

                          set senders {
                            type ifname . ether_addr
                            elements = { "pn0" . 02:00:00:00:00:05 comment "sandbox/eth0" }
                          }
                        }
                        """);
    }

    @Test
    void whatIsReadBackEqualsWhatWasWritten() {
        nftables.commit(everything());

        assertThat(nftables.tables()).containsExactlyInAnyOrder(TABLE, FRAMES);
        assertThat(nftables.chains(TABLE))
                .containsExactly(
                        Chain.regular("ports"),
                        Chain.base("prerouting", BaseHook.Type.NAT, BaseHook.Point.PREROUTING, -90),
                        Chain.base("postrouting", BaseHook.Type.NAT, BaseHook.Point.POSTROUTING, 100));
        assertThat(nftables.rules(TABLE)).containsExactlyInAnyOrderElementsOf(RULES);
        assertThat(nftables.sets(TABLE)).containsExactlyInAnyOrder(RANGES, PORTS, WIDE_RANGES);
        assertThat(nftables.elements(TABLE, "ranges4"))
                .containsExactlyInAnyOrder(
                        SetElement.of(ip("10.0.0.0"), ""),
                        SetElement.rangeEnd(ip("10.2.0.0")),
                        SetElement.of(ip("255.255.0.0"), ""));
        assertThat(nftables.elements(TABLE, "ports4")).containsExactly(port(80, "10.244.0.5", "sandbox/eth0"));
        assertThat(nftables.element(TABLE, "ports4", port(80, "10.244.0.5", "").key()))
                .contains(port(80, "10.244.0.5", "sandbox/eth0"));
        assertThat(nftables.element(TABLE, "ports4", port(81, "10.244.0.5", "").key()))
                .isEmpty();
        assertThat(nftables.packetsByComment(TABLE)).containsEntry("leaving", 0L);
    }

    @Test
    void aRefusedElementUndoesTheWholeBatch() {
        nftables.commit(everything());
        NftBatch second = new NftBatch()
                .createElements(TABLE, "ports4", List.of(port(443, "10.244.0.6", "other/eth0")))
                .createElements(TABLE, "ports4", List.of(port(80, "10.244.0.6", "other/eth0")));

        assertThat(nftables.commitUnless(second, Errno.EEXIST)).isFalse();
        assertThatThrownBy(() -> nftables.commit(second))
                .isInstanceOf(PodnetException.KernelRejected.class)
                .hasMessageContaining("NFT_MSG_NEWSETELEM on set inet podnet-test ports4")
                .hasMessageContaining("EEXIST");
        assertThat(nftables.elements(TABLE, "ports4")).hasSize(1);
    }

    @Test
    void sameElementAgainIsNoErrorUnlessCreated() {
        nftables.commit(everything());

        nftables.commit(new NftBatch().addElements(TABLE, "ports4", List.of(port(80, "10.244.0.5", "other/eth0"))));
        assertThat(nftables.elements(TABLE, "ports4")).containsExactly(port(80, "10.244.0.5", "sandbox/eth0"));
    }

    @Test
    void deletingWhatIsAbsent() {
        assertThat(nftables.deleteTable(TABLE)).isFalse();
        assertThat(nftables.sets(TABLE)).isEmpty();
        assertThat(nftables.chains(TABLE)).isEmpty();
        assertThat(nftables.rules(TABLE)).isEmpty();
        assertThat(nftables.elements(TABLE, "ports4")).isEmpty();
        nftables.commit(new NftBatch().destroyTable(TABLE));
        nftables.commit(everything());
        assertThat(nftables.commitUnless(
                        new NftBatch().deleteElements(TABLE, "ports4", List.of(port(81, "10.244.0.5", ""))),
                        Errno.ENOENT))
                .isFalse();
        assertThat(nftables.deleteTable(TABLE)).isTrue();
        assertThat(nftables.tables()).containsExactly(FRAMES);
    }

    @Test
    void partsOfATableCanBeReplaced() throws Exception {
        nftables.commit(everything());
        nftables.commit(new NftBatch()
                .flushChain(TABLE, "prerouting")
                .flushChain(TABLE, "ports")
                .deleteChain(TABLE, "ports")
                .flushSet(TABLE, "ports4")
                .deleteSet(TABLE, "ports4"));

        assertThat(namespace.run("nft", "list", "table", "inet", "podnet-test"))
                .doesNotContain("ports4")
                .doesNotContain("jump");
    }

    @Test
    void aThousandElementsAreOneBatch() {
        nftables.commit(everything());
        List<SetElement> many = java.util.stream.IntStream.rangeClosed(1000, 2999)
                .mapToObj(number -> port(number, "10.244.0.9", "o".repeat(200)))
                .toList();

        nftables.commit(new NftBatch().createElements(TABLE, "ports4", many));
        assertThat(nftables.elements(TABLE, "ports4")).hasSize(2001);
        nftables.commit(new NftBatch().deleteElements(TABLE, "ports4", many));
        assertThat(nftables.elements(TABLE, "ports4")).hasSize(1);
    }

    @Test
    void aRuleThatNamesAMissingSetSaysSo() {
        NftBatch batch = new NftBatch()
                .addTable(TABLE, "")
                .addChain(TABLE, Chain.regular("c"))
                .addRule(
                        TABLE,
                        rule(
                                "c",
                                "lost",
                                new Meta(Meta.Key.MARK, 0),
                                new Expression.Lookup("absent", 0, Expression.NO_REGISTER, false)));

        assertThatThrownBy(() -> nftables.commit(batch))
                .isInstanceOf(PodnetException.class)
                .hasMessageContaining("'lost'")
                .hasMessageContaining("lookup");
    }
}
