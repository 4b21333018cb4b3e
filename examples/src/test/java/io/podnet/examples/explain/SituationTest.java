package io.podnet.examples.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import io.podnet.examples.state.NodeFacts;
import io.podnet.spi.ServiceProxy.Explanation;
import io.podnet.spi.ServiceProxy.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SituationTest {
    private static final NodeFacts FACTS = new NodeFacts(
            "node-a",
            "",
            List.of("10.244.1.1", "192.0.2.1", "2001:db8::1", "fd00::1", "fe80::1"),
            List.of("10.244.1.0/24", "fd00::/64"),
            List.of("10.96.0.0/16"),
            List.of(),
            "cbr0",
            "iptables",
            Map.of());

    @Test
    void aSourceThatNoPodHasIsToldSo() {
        Situation situation = new Situation(FACTS, List.of(), List.of());
        IpAddress service = IpAddress.parse("10.96.0.80");
        assertThat(steps(situation, "10.244.1.99", service))
                .first()
                .asString()
                .contains("10.244.1.99 is in the pods' network", "stopped at its port");
        assertThat(steps(situation, "198.51.100.9", service)).noneMatch(step -> step.contains("stopped at its port"));
        assertThat(steps(situation, "node", IpAddress.parse("10.244.1.7")))
                .noneMatch(step -> step.contains("stopped at its port"));
    }

    private static List<String> steps(Situation situation, String from, IpAddress to) {
        return Way.of(
                        situation,
                        situation.sender(from, to),
                        Target.parse(to + ":80", List.of(), Optional.empty()),
                        Protocol.TCP,
                        packet -> new Explanation(List.of(), Verdict.PASS, List.of()))
                .steps();
    }

    @ParameterizedTest
    @CsvSource({
        "10.244.1.7, 10.244.1.1",
        "10.96.0.80, 192.0.2.1",
        "198.51.100.1, 192.0.2.1",
        "fd00::7, fd00::1",
        "fd00:96::1, 2001:db8::1"
    })
    void theNodeSendsFromTheBridgeToPodsAndFromItsOwnNetworkElsewhere(String to, String from) {
        Situation situation = new Situation(FACTS, List.of(), List.of());
        assertThat(situation.sender("node", IpAddress.parse(to)).ip()).isEqualTo(IpAddress.parse(from));
    }
}
