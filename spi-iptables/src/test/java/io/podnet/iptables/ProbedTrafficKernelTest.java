package io.podnet.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.api.Protocol;
import io.podnet.iptables.Probes.Arrived;
import io.podnet.iptables.Probes.Connected;
import io.podnet.iptables.Probes.Outcome;
import io.podnet.iptables.Probes.Place;
import io.podnet.iptables.Probes.Refused;
import io.podnet.iptables.restore.Flavour;
import io.podnet.services.LocalDetector;
import io.podnet.services.ServiceCases;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes of real packets is what was said of them before: random services, and random datagrams and connections from
 * pods, from outside and from the node itself. {@code -Dpodnet.seed} begins elsewhere, {@code -Dpodnet.probes.worlds} is
 * how many sets of services are tried.
 */
class ProbedTrafficKernelTest {
    private static final int WORLDS = Integer.getInteger("podnet.probes.worlds", 4);
    private static final int ROUNDS = 2;
    private static final int PACKETS = 150;
    private static final int AT_ONCE = 20;
    private static final Pattern PINNED = Pattern.compile("seen within ([0-9]+) s may be pinned");

    private record Told(Packet packet, Explanation explanation) {}

    private static Optional<Packet> sendable(Packet packet, ProbeNet net, Set<IpAddress> nodeAddresses) {
        boolean sent = packet.inInterface().isEmpty();
        if (packet.protocol() == Protocol.SCTP
                || sent && !nodeAddresses.contains(packet.source())
                || !sent && packet.destination().isLoopback()) {
            return Optional.empty();
        }
        Optional<String> link = packet.inInterface().map(name -> name.equals(ProbeNet.WORLD_LINK) ? name : net.podLink);
        return Optional.of(new Packet(
                packet.source(),
                packet.destination(),
                packet.protocol(),
                packet.sourcePort(),
                packet.destinationPort(),
                link));
    }

    private static Place placeOf(IpAddress ip, Set<IpAddress> nodeAddresses) {
        if (ip.isLoopback() || nodeAddresses.contains(ip)) {
            return Place.NODE;
        }
        String text = ip.toString();
        return text.startsWith("10.244.1.") || text.startsWith("fd44:1:") ? Place.PODS : Place.WORLD;
    }

    private static boolean isAt(Arrived arrived, Place place, IpAddress ip, int port) {
        InetSocketAddress local = arrived.local();
        InetAddress there = local.getAddress();
        return arrived.place() == place
                && local.getPort() == port
                && (there.isAnyLocalAddress() || there.equals(ip.toInetAddress()));
    }

    private static boolean isFrom(Arrived arrived, Packet packet, boolean masquerade, Set<IpAddress> nodeAddresses) {
        boolean kept = arrived.peer().equals(packet.source().toInetAddress());
        boolean nodes = nodeAddresses.contains(IpAddress.of(arrived.peer().getAddress()));
        return packet.inInterface().isEmpty() ? nodes : masquerade ? nodes : kept;
    }

    private static boolean isAsTold(Told told, List<Outcome> outcomes, Set<IpAddress> nodeAddresses) {
        Packet packet = told.packet;
        Verdict verdict = told.explanation.verdict();
        if (verdict == Verdict.DROP) {
            return outcomes.isEmpty();
        }
        if (outcomes.size() != 1) {
            return false;
        }
        Outcome outcome = outcomes.get(0);
        return switch (verdict) {
            case REJECT -> outcome instanceof Refused;
            case PASS ->
                outcome instanceof Connected
                        || outcome instanceof Arrived arrived
                                && isAt(
                                        arrived,
                                        placeOf(packet.destination(), nodeAddresses),
                                        packet.destination(),
                                        packet.destinationPort())
                                && isFrom(arrived, packet, false, nodeAddresses);
            default ->
                outcome instanceof Arrived arrived
                        && told.explanation.candidates().stream()
                                .anyMatch(candidate -> isAt(
                                                arrived,
                                                placeOf(candidate.ip(), nodeAddresses),
                                                candidate.ip(),
                                                candidate.port())
                                        && isFrom(arrived, packet, candidate.masquerade(), nodeAddresses));
        };
    }

    private static Set<IpAddress> addressesOf(ServiceCases cases) {
        return cases.nodeAddresses().stream().collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void realPacketsGoWhereItWasSaid(Flavour flavour) throws IOException {
        long base = Long.getLong("podnet.seed", 20261130L);
        Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);
        for (int world = 0; world < WORLDS; world++) {
            probe(flavour, base + world, seen);
        }
        // Each verdict was met, or the comparison shows little.
        for (Verdict verdict : Verdict.values()) {
            assertThat(seen.getOrDefault(verdict, 0)).as("cases of " + verdict).isGreaterThan(2 * WORLDS);
        }
    }

    private static void probe(Flavour flavour, long seed, Map<Verdict, Integer> seen) throws IOException {
        ServiceCases cases = new ServiceCases(seed);
        String podLink = cases.settings().localDetector() instanceof LocalDetector.BridgeInterface
                ? ServiceCases.BRIDGE
                : ServiceCases.VETH_PREFIX + "ab12";
        try (ProbeNet net = new ProbeNet(flavour, podLink);
                IptablesServiceProxy proxy = CasesNode.proxy(net.lab, cases.settings())) {
            for (int round = 0; round < ROUNDS; round++) {
                ServiceChanges changes = round == 0 ? cases.first(15) : cases.step();
                assertThat(proxy.awaitProgrammed(proxy.apply(changes), Lab.PATIENCE))
                        .as(() -> proxy.status().toString())
                        .isTrue();
                List<Told> all = new ArrayList<>();
                for (int i = 0; i < PACKETS; i++) {
                    sendable(cases.packet(), net, addressesOf(cases))
                            .ifPresent(packet -> all.add(new Told(packet, proxy.explain(packet))));
                }
                all.forEach(told -> seen.merge(told.explanation.verdict(), 1, Integer::sum));
                assertThat(wrong(net, all, cases))
                        .as("seed %d, round %d, %s, settings %s", seed, round, flavour, cases.settings())
                        .isEmpty();
            }
        }
    }

    private static List<String> wrong(ProbeNet net, List<Told> all, ServiceCases cases) throws IOException {
        Set<IpAddress> nodeAddresses = addressesOf(cases);
        nodeAddresses.addAll(List.of(IpAddress.parse("10.244.1.254"), IpAddress.parse("fd44:1::fe")));
        List<String> wrong = new ArrayList<>();
        try (Probes probes = new Probes(net)) {
            send(probes, all, 0);
            for (int i = 0; i < all.size(); i++) {
                if (!isAsTold(all.get(i), probes.outcome(i), nodeAddresses)) {
                    wrong.add(all.get(i) + "\n    came to " + probes.outcome(i));
                }
            }
            List<Told> again =
                    all.stream().filter(ProbedTrafficKernelTest::staysPinned).toList();
            send(probes, again, all.size());
            for (int i = 0; i < again.size(); i++) {
                Told told = again.get(i);
                // Once by each policy's endpoints, it may have come to several.
                Set<InetSocketAddress> before = new HashSet<>();
                for (int j = 0; j < all.size(); j++) {
                    if (all.get(j).packet.source().equals(told.packet.source())) {
                        before.addAll(ends(probes.outcome(j)));
                    }
                }
                List<Outcome> outcomes = probes.outcome(all.size() + i);
                if (!isAsTold(told, outcomes, nodeAddresses) || !before.containsAll(ends(outcomes))) {
                    wrong.add(told + "\n    came back to " + outcomes + ", not to any of " + before);
                }
            }
        }
        return wrong;
    }

    private static void send(Probes probes, List<Told> all, int first) throws IOException {
        for (int i = 0; i < all.size(); i++) {
            probes.send(first + i, all.get(i).packet);
            if (i % AT_ONCE == 0) {
                probes.breathe();
            }
        }
        probes.await(
                () -> {
                    for (int i = 0; i < all.size(); i++) {
                        if (all.get(i).explanation.verdict() != Verdict.DROP
                                && probes.outcome(first + i).isEmpty()) {
                            return false;
                        }
                    }
                    return true;
                },
                Duration.ofSeconds(10),
                Duration.ofMillis(200));
    }

    /** Whether it is pinned for longer than this test lasts. */
    private static boolean staysPinned(Told told) {
        return told.explanation.steps().stream()
                .map(PINNED::matcher)
                .anyMatch(step -> step.find() && Integer.parseInt(step.group(1)) >= 60);
    }

    private static List<InetSocketAddress> ends(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(Arrived.class::isInstance)
                .map(outcome -> ((Arrived) outcome).local())
                .toList();
    }
}
