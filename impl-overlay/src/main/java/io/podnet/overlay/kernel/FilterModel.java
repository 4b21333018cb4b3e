package io.podnet.overlay.kernel;

import io.podnet.api.IpFamily;
import io.podnet.netlink.nftables.BaseHook;
import io.podnet.netlink.nftables.Chain;
import io.podnet.netlink.nftables.DataType;
import io.podnet.netlink.nftables.Expression;
import io.podnet.netlink.nftables.Expression.Cmp;
import io.podnet.netlink.nftables.Expression.Meta;
import io.podnet.netlink.nftables.Expression.Payload;
import io.podnet.netlink.nftables.Expression.Verdict;
import io.podnet.netlink.nftables.Family;
import io.podnet.netlink.nftables.NftSet;
import io.podnet.netlink.nftables.RegisterData;
import io.podnet.netlink.nftables.Rule;
import io.podnet.netlink.nftables.Table;
import io.podnet.overlay.model.Backend;
import io.podnet.overlay.model.NetworkSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What the overlay's table should be.
 *
 * <p>Outer packets are not tracked, so that no NAT meets them: a mark that the inner packet left would have them masqueraded, with
 * a broken checksum (flannel 1282, kubernetes 88986). VXLAN proves nothing of its sender, so only peers' packets are taken. With a
 * neighbour for each pod only pods that there are may be asked for: an unknown address would else become a neighbour that nobody
 * answers for.
 *
 * <p>Entering a chain costs each packet more than its rules do, so there is none where there is nothing to decide, and pods' own packets
 * meet one rule of one chain, which sends outer packets that come in to where all that concerns them is decided. VXLAN that this node only passes on is tracked as anything else, unless a peer sent it. What comes in
 * by the tunnel may leave by it: so does an answer that a node port of a third node translates, and circles end with the TTL.
 *
 * @param table the table
 * @param sets its sets, whose elements are rows
 * @param chains its chains
 * @param rules in order within each chain; empty where the overlay needs no table
 */
record FilterModel(Table table, List<NftSet> sets, List<Chain> chains, List<Rule> rules) {
    static final String STRANGER = "VXLAN of a stranger";
    static final String NOBODY = "no pod has the address";

    /** Before conntrack, at -200. */
    private static final int RAW = -300;

    /** Before most others' filters, at 0. */
    private static final int FILTER = -10;

    private static final int UDP = 17;
    private static final String TUNNEL_IN = "tunnel-in";
    private static final String TUNNEL_OUT = "tunnel-out";
    private static final String VXLAN = "vxlan";
    private static final String FORWARD = "forward";
    private static final String OUTPUT = "output";

    static FilterModel of(NetworkSettings settings) {
        Table table = new Table(Family.INET, "podnet-" + settings.devicePrefix());
        if (!settings.backend().tunnels()) {
            return new FilterModel(table, List.of(), List.of(), List.of());
        }
        List<NftSet> sets = new ArrayList<>();
        List<Rule> rules = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            sets.add(NftSet.of(NetworkSettings.PEERS + digit(family), type(family)));
            rules.add(new Builder(VXLAN)
                    .family(family)
                    .inSet(NetworkSettings.PEERS + digit(family), source(family), false)
                    .untracked()
                    .verdict(Verdict.Code.ACCEPT, ""));
        }
        rules.add(new Builder(VXLAN).forThisNode().verdict(Verdict.Code.DROP, STRANGER));
        rules.add(vxlan(TUNNEL_IN, settings).goTo(VXLAN));
        rules.add(vxlan(TUNNEL_OUT, settings).untracked().verdict(Verdict.Code.ACCEPT, ""));
        List<Chain> chains = new ArrayList<>(List.of(
                Chain.regular(VXLAN),
                base(TUNNEL_IN, BaseHook.Point.PREROUTING, RAW),
                base(TUNNEL_OUT, BaseHook.Point.OUTPUT, RAW)));
        if (settings.backend() == Backend.NEIGHBOUR) {
            chains.add(base(FORWARD, BaseHook.Point.FORWARD, FILTER));
            chains.add(base(OUTPUT, BaseHook.Point.OUTPUT, FILTER));
            for (IpFamily family : IpFamily.values()) {
                sets.add(NftSet.of(NetworkSettings.PODS + digit(family), type(family)));
                unknown(settings, family, rules);
            }
        }
        return new FilterModel(table, sets, chains, rules);
    }

    private static void unknown(NetworkSettings settings, IpFamily pods, List<Rule> rules) {
        for (String chain : List.of(FORWARD, OUTPUT)) {
            for (IpFamily device : IpFamily.values()) {
                rules.add(new Builder(chain)
                        .link(Meta.Key.OIFNAME, settings.device(device))
                        .family(pods)
                        .inSet(NetworkSettings.PODS + digit(pods), destination(pods), true)
                        .reject(NOBODY));
            }
        }
    }

    private static Chain base(String name, BaseHook.Point point, int priority) {
        return Chain.base(name, BaseHook.Type.FILTER, point, priority);
    }

    private static String digit(IpFamily family) {
        return family == IpFamily.IPV4 ? "4" : "6";
    }

    private static DataType type(IpFamily family) {
        return family == IpFamily.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
    }

    private static Payload source(IpFamily family) {
        return family == IpFamily.IPV4
                ? new Payload(Payload.Base.NETWORK, 12, 4, 0)
                : new Payload(Payload.Base.NETWORK, 8, 16, 0);
    }

    private static Payload destination(IpFamily family) {
        return family == IpFamily.IPV4
                ? new Payload(Payload.Base.NETWORK, 16, 4, 0)
                : new Payload(Payload.Base.NETWORK, 24, 16, 0);
    }

    private static Builder vxlan(String chain, NetworkSettings settings) {
        return new Builder(chain).port(settings.port());
    }

    /** Writes one rule. */
    private static final class Builder {
        private final String chain;
        private final List<Expression> expressions = new ArrayList<>();

        Builder(String chain) {
            this.chain = chain;
        }

        private Builder equal(Expression load, RegisterData value) {
            expressions.add(load);
            expressions.add(new Cmp(Cmp.Operator.EQ, 0, value));
            return this;
        }

        Builder port(int port) {
            return equal(new Meta(Meta.Key.L4PROTO, 0), RegisterData.u8(UDP))
                    .equal(new Payload(Payload.Base.TRANSPORT, 2, 2, 0), RegisterData.be16(port));
        }

        Builder family(IpFamily family) {
            int number = family == IpFamily.IPV4 ? Family.IP.number() : Family.IP6.number();
            return equal(new Meta(Meta.Key.NFPROTO, 0), RegisterData.u8(number));
        }

        Builder link(Meta.Key key, String device) {
            return equal(new Meta(key, 0), RegisterData.interfaceName(device));
        }

        Builder inSet(String set, Expression load, boolean inverted) {
            expressions.add(load);
            expressions.add(new Expression.Lookup(set, 0, Expression.NO_REGISTER, inverted));
            return this;
        }

        /** To be routed to the node itself; also by broadcast or multicast. */
        Builder forThisNode() {
            expressions.add(new Expression.AddressType(false, 0));
            expressions.add(new Cmp(Cmp.Operator.NEQ, 0, Expression.AddressType.UNICAST));
            return this;
        }

        Builder untracked() {
            expressions.add(new Expression.NoTrack());
            return this;
        }

        Rule verdict(Verdict.Code code, String why) {
            if (!why.isEmpty()) {
                expressions.add(Expression.Counter.ZERO);
            }
            expressions.add(new Verdict(code, ""));
            return new Rule(chain, expressions, why);
        }

        Rule goTo(String next) {
            expressions.add(new Verdict(Verdict.Code.GOTO, next));
            return new Rule(chain, expressions, "");
        }

        Rule reject(String why) {
            expressions.add(Expression.Counter.ZERO);
            expressions.add(new Expression.Reject(Expression.Reject.Reason.HOST_UNREACHABLE));
            return new Rule(chain, expressions, why);
        }
    }
}
