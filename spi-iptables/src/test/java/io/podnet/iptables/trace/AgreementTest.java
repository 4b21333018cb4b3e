package io.podnet.iptables.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.podnet.api.IpAddress;
import io.podnet.api.IpFamily;
import io.podnet.api.Packet;
import io.podnet.iptables.chain.EmitterSettings;
import io.podnet.services.ModelSettings;
import io.podnet.services.ServiceCases;
import io.podnet.services.ServiceModel;
import io.podnet.spi.ServiceProxy.Candidate;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The model's explanation and the trace of the emitted rules are two ways to the same answer. */
class AgreementTest {
    private static final int WORLDS = 400;
    private static final int PACKETS = 60;

    static EmitterSettings settings(ModelSettings model, List<IpAddress> nodeAddresses, IpFamily family) {
        List<IpAddress> own =
                nodeAddresses.stream().filter(ip -> ip.family() == family).toList();
        return new EmitterSettings(
                family,
                14,
                model.masqueradeAll(),
                model.localDetector(),
                model.limitsNodePorts(family)
                        ? Optional.of(own.stream().filter(model::takesNodePorts).toList())
                        : Optional.empty(),
                own,
                true,
                true);
    }

    @Test
    void modelAndRulesAgreeOnThousandsOfPackets() {
        long base = Long.getLong("podnet.seed", 20261124L);
        Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);
        for (int world = 0; world < WORLDS; world++) {
            long seed = base + world;
            ServiceCases cases = new ServiceCases(seed);
            ServiceModel model = new ServiceModel(cases.settings());
            model.update(cases.first(12));
            for (int step = 0; step < world % 4; step++) {
                model.update(cases.step());
            }
            Map<IpFamily, RuleTrace> traces = new EnumMap<>(IpFamily.class);
            for (IpFamily family : IpFamily.values()) {
                traces.put(
                        family,
                        new RuleTrace(new EmittedRules(
                                settings(cases.settings(), cases.nodeAddresses(), family),
                                model.ports(family),
                                world % 2 == 0)));
            }
            for (int i = 0; i < PACKETS; i++) {
                Packet packet = cases.packet();
                Explanation byModel = model.explain(packet, cases.nodeAddresses());
                RuleTrace.Result byRules =
                        traces.get(packet.destination().family()).trace(packet, cases.nodeAddresses());
                String where =
                        "seed " + seed + " packet " + i + " " + packet + "\nmodel " + byModel + "\nrules " + byRules;
                assertThat(byRules.verdict()).as(where).isEqualTo(byModel.verdict());
                assertThat(byRules.candidates()).as(where).hasSameSizeAs(byModel.candidates());
                for (int c = 0; c < byRules.candidates().size(); c++) {
                    Candidate ours = byRules.candidates().get(c);
                    Candidate theirs = byModel.candidates().get(c);
                    assertThat(ours.ip()).as(where).isEqualTo(theirs.ip());
                    assertThat(ours.port()).as(where).isEqualTo(theirs.port());
                    assertThat(ours.masquerade()).as(where).isEqualTo(theirs.masquerade());
                    // The kernel keeps probabilities in 31 bits.
                    assertThat(ours.probability()).as(where).isCloseTo(theirs.probability(), within(1e-6));
                }
                seen.merge(byModel.verdict(), 1, Integer::sum);
            }
        }
        // Every verdict was met often, or the comparison shows little.
        for (Verdict verdict : Verdict.values()) {
            assertThat(seen.getOrDefault(verdict, 0)).as("cases of " + verdict).isGreaterThan(WORLDS);
        }
    }
}
