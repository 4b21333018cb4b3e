package io.podnet.examples.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.examples.state.NodeFacts;
import java.util.List;
import java.util.Map;
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
