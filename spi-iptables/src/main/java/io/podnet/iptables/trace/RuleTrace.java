package io.podnet.iptables.trace;

import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.api.PodnetException;
import io.podnet.iptables.rule.Table;
import io.podnet.services.Backend;
import io.podnet.spi.ServiceProxy.Candidate;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the first packet of a flow through nat PREROUTING or OUTPUT, the filter table and nat POSTROUTING. Where
 * chance decides, it goes every way and keeps the probabilities. What asks for a client's history does not match: the
 * client is new. Safe for any thread where the rules are.
 */
public final class RuleTrace {
    private static final int DEEPEST = 16;

    private final RuleSet rules;

    /**
     * Prepares traces.
     *
     * @param rules what to follow
     */
    public RuleTrace(RuleSet rules) {
        this.rules = rules;
    }

    /**
     * What was found.
     *
     * @param chains the chains that the packet may pass, in order of first visit
     * @param verdict where it ends
     * @param candidates endpoints with probability and masquerade, in order of address
     */
    public record Result(List<String> chains, Verdict verdict, List<Candidate> candidates) {
        public Result {
            Objects.requireNonNull(verdict, "verdict");
            chains = List.copyOf(chains);
            candidates = List.copyOf(candidates);
        }
    }

    /** A way that a packet may take, ended by a target or at the end of a chain. */
    private record Way(
            TracedPacket packet,
            double probability,
            @Nullable String end,
            @Nullable Backend destination) {}

    /**
     * Follows a packet.
     *
     * @param packet the first packet of a flow
     * @param nodeAddresses the node's own addresses; those of loopback need no mention
     * @return where it goes
     * @throws PodnetException.Unsupported where a rule on its way is not understood
     */
    public Result trace(Packet packet, Collection<IpAddress> nodeAddresses) {
        Set<String> seen = new LinkedHashSet<>();
        TracedPacket start = TracedPacket.of(packet, Set.copyOf(nodeAddresses));
        boolean sent = packet.inInterface().isEmpty();
        Map<Backend, Candidate> candidates = new LinkedHashMap<>();
        Verdict refusal = Verdict.PASS;
        boolean everyMasqueraded = true;
        for (Way way : run(Table.NAT, sent ? "OUTPUT" : "PREROUTING", start, seen)) {
            TracedPacket after = way.destination == null ? way.packet : way.packet.sentTo(way.destination);
            Verdict filtered = filter(after, sent, seen);
            if (way.destination == null || filtered != Verdict.PASS) {
                refusal = filtered;
                continue;
            }
            boolean masqueraded = masqueraded(after, seen);
            everyMasqueraded &= masqueraded;
            candidates.merge(
                    way.destination,
                    new Candidate(way.destination.ip(), way.destination.port(), way.probability, masqueraded),
                    (a, b) -> new Candidate(a.ip(), a.port(), a.probability() + b.probability(), a.masquerade()));
        }
        List<Candidate> sorted = candidates.keySet().stream()
                .sorted()
                .map(backend -> Objects.requireNonNull(candidates.get(backend)))
                .toList();
        Verdict verdict =
                sorted.isEmpty() ? refusal : everyMasqueraded ? Verdict.TRANSLATE_AND_MASQUERADE : Verdict.TRANSLATE;
        return new Result(List.copyOf(seen), verdict, sorted);
    }

    private Verdict filter(TracedPacket packet, boolean sent, Set<String> seen) {
        Verdict verdict = Verdict.PASS;
        boolean arrives = packet.isOfNode(packet.destination());
        List<String> hooks = sent
                ? (arrives ? List.of("OUTPUT", "INPUT") : List.of("OUTPUT"))
                : List.of(arrives ? "INPUT" : "FORWARD");
        for (String hook : hooks) {
            if (verdict == Verdict.PASS) {
                List<Way> ways = run(Table.FILTER, hook, packet, seen);
                verdict = switch (Objects.requireNonNullElse(ways.get(0).end, "")) {
                    case "DROP" -> Verdict.DROP;
                    case "REJECT" -> Verdict.REJECT;
                    default -> Verdict.PASS;
                };
            }
        }
        return verdict;
    }

    private boolean masqueraded(TracedPacket packet, Set<String> seen) {
        return run(Table.NAT, "POSTROUTING", packet, seen).stream().anyMatch(way -> "MASQUERADE".equals(way.end));
    }

    private List<Way> run(Table table, String chain, TracedPacket packet, Set<String> seen) {
        List<Way> ways = new ArrayList<>();
        walk(table, chain, new Way(packet, 1, null, null), 0, seen, ways);
        return ways;
    }

    /** Adds every way through a chain to {@code out}; those that fall off its end or return have no end. */
    private void walk(Table table, String chain, Way begin, int depth, Set<String> seen, List<Way> out) {
        if (depth > DEEPEST) {
            throw new PodnetException.Unsupported("chains are nested deeper than " + DEEPEST + " at " + chain);
        }
        seen.add(table.kernelName() + " " + chain);
        List<Way> going = List.of(begin);
        for (String text : rules.rules(table, chain)) {
            ParsedRule rule = ParsedRule.parse(text);
            List<Way> next = new ArrayList<>();
            for (Way way : going) {
                if (!rule.matches(way.packet) || rule.target() == null) {
                    next.add(way);
                    continue;
                }
                if (rule.probability() < 1) {
                    next.add(new Way(way.packet, way.probability * (1 - rule.probability()), null, null));
                }
                follow(
                        table,
                        rule,
                        new Way(way.packet, way.probability * rule.probability(), null, null),
                        depth,
                        seen,
                        next,
                        out);
            }
            going = next;
        }
        out.addAll(going);
    }

    private void follow(
            Table table, ParsedRule rule, Way way, int depth, Set<String> seen, List<Way> next, List<Way> out) {
        String target = Objects.requireNonNull(rule.target());
        switch (target) {
            case "RETURN" -> out.add(way);
            case "MARK" -> next.add(new Way(way.packet.marked(rule.mark(), rule.mask()), way.probability, null, null));
            case "ACCEPT", "DROP", "REJECT", "MASQUERADE" ->
                out.add(new Way(way.packet, way.probability, target, null));
            case "DNAT" -> out.add(new Way(way.packet, way.probability, target, rule.destination()));
            default -> {
                if (!target.startsWith("KUBE-")) {
                    throw new PodnetException.Unsupported("the target " + target + " cannot be traced");
                }
                List<Way> through = new ArrayList<>();
                walk(table, target, way, depth + 1, seen, through);
                for (Way ended : through) {
                    (ended.end == null ? next : out).add(ended);
                }
            }
        }
    }
}
