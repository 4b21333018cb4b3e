package io.podnet.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.podnet.api.IpFamily;
import io.podnet.api.Packet;
import io.podnet.api.Plan;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy.Candidate;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random histories: what a model says depends on the desired state alone, not on the way that led there. */
class HistoryTest {
    private static final int SEEDS = 60;
    private static final int STEPS = 25;

    private final long base = new Random().nextLong();

    private record Key(ServicePortName name, IpFamily family) {}

    @Test
    void everyHistoryEndsWhereAFreshStartBegins() {
        System.out.println("HistoryTest seeds from " + base);
        int changes = 0;
        int lost = 0;
        for (long seed = base; seed < base + SEEDS; seed++) {
            ServiceCases cases = new ServiceCases(seed);
            ServiceModel model = new ServiceModel(cases.settings());
            Map<Key, VirtualPort> emitted = new HashMap<>();
            ServiceChanges step = cases.first(30);
            for (int i = 0; i < STEPS; i++) {
                ServiceModel fresh = new ServiceModel(cases.settings());
                fresh.update(cases.all());
                Plan plan = model.isComplete() ? model.plan(step) : new Plan(List.of());
                ModelChange change = model.update(step);
                if (i > 0) {
                    assertThat(plan).as("seed %d step %d", seed, i).isEqualTo(ServicePlan.of(change));
                    assertThat(plan.steps().isEmpty())
                            .as("seed %d step %d: nothing planned", seed, i)
                            .isEqualTo(change.ports().isEmpty());
                }
                for (PortChange port : change.ports()) {
                    Key key = new Key(port.name(), port.family());
                    assertThat(emitted.get(key))
                            .as("seed %d step %d: what was before", seed, i)
                            .isEqualTo(port.before().orElse(null));
                    port.after().ifPresentOrElse(after -> emitted.put(key, after), () -> emitted.remove(key));
                }
                same(model, fresh, "seed " + seed + " step " + i);
                assertThat(emitted.values())
                        .as("seed %d step %d: an emitter that follows changes", seed, i)
                        .containsExactlyInAnyOrderElementsOf(all(fresh));
                changes += change.ports().size();
                lost += fresh.lostClaims().size();
                assertThat(model.update(cases.all()))
                        .as("seed %d step %d: the same again", seed, i)
                        .isEqualTo(new ModelChange(List.of(), false, List.of(), List.of(), List.of()));
                step = cases.step();
            }
        }
        // The cases are worth something only where things happen in them.
        assertThat(changes).isGreaterThan(SEEDS * STEPS);
        assertThat(lost).isGreaterThan(SEEDS * STEPS);
    }

    private static List<VirtualPort> all(ServiceModel model) {
        List<VirtualPort> ports = new ArrayList<>(model.ports(IpFamily.IPV4));
        ports.addAll(model.ports(IpFamily.IPV6));
        return ports;
    }

    private static void same(ServiceModel model, ServiceModel fresh, String where) {
        assertThat(all(model)).as(where).isEqualTo(all(fresh));
        assertThat(model.health()).as(where).isEqualTo(fresh.health());
        assertThat(model.refused()).as(where).isEqualTo(fresh.refused());
        assertThat(model.lostClaims()).as(where).isEqualTo(fresh.lostClaims());
    }

    @Test
    void explanationsHoldTogether() {
        System.out.println("HistoryTest seeds from " + base);
        Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        for (long seed = base; seed < base + SEEDS; seed++) {
            ServiceCases cases = new ServiceCases(seed);
            ServiceModel model = new ServiceModel(cases.settings());
            model.update(cases.first(30));
            for (int i = 0; i < 200; i++) {
                Packet packet = cases.packet();
                Explanation explanation = model.explain(packet, cases.nodeAddresses());
                verdicts.merge(explanation.verdict(), 1, Integer::sum);
                holdsTogether(packet, explanation, "seed " + seed + " packet " + packet + ": " + explanation);
            }
        }
        assertThat(verdicts).containsOnlyKeys(Verdict.values());
        assertThat(verdicts.values()).allMatch(count -> count > 100, "more than 100 of each in " + verdicts);
    }

    private static void holdsTogether(Packet packet, Explanation explanation, String where) {
        assertThat(explanation.steps()).as(where).isNotEmpty();
        boolean translated =
                explanation.verdict() == Verdict.TRANSLATE || explanation.verdict() == Verdict.TRANSLATE_AND_MASQUERADE;
        assertThat(explanation.candidates().isEmpty()).as(where).isNotEqualTo(translated);
        if (translated) {
            assertThat(explanation.candidates().stream()
                            .mapToDouble(Candidate::probability)
                            .sum())
                    .as(where)
                    .isCloseTo(1, within(1e-9));
            assertThat(explanation.candidates().stream().allMatch(Candidate::masquerade))
                    .as(where)
                    .isEqualTo(explanation.verdict() == Verdict.TRANSLATE_AND_MASQUERADE);
            assertThat(explanation.candidates())
                    .as(where)
                    .allMatch(candidate ->
                            candidate.masquerade() || !candidate.ip().equals(packet.source()));
        }
    }
}
