package io.podnet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podnet.api.IpAddress;
import io.podnet.api.Protocol;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether new connections are spread over endpoints evenly and at random, as far as counting can tell. */
final class Spread {
    private static final int CONNECTIONS = 900;
    /** Fewer than one of 10^7 right implementations is beyond. */
    private static final double UNLIKELY = 1e-7;

    private Spread() {}

    /** Asks until what was counted is telling, and requires the three endpoints to have an equal share. */
    static void requireEven(Client client, Protocol protocol, IpAddress ip, int port, Collection<TestPod> endpoints) {
        assertThat(endpoints).hasSize(3);
        Map<String, Integer> counts = new TreeMap<>();
        endpoints.forEach(pod -> counts.put(pod.name(), 0));
        for (int i = 0; i < CONNECTIONS; i++) {
            Answer answer = client.ask(protocol, ip, port);
            assertThat(counts)
                    .as(protocol + " " + ip + ":" + port + ": " + answer)
                    .containsKey(answer.server());
            counts.merge(answer.server(), 1, Integer::sum);
        }
        double expected = (double) CONNECTIONS / counts.size();
        double chiSquare = counts.values().stream()
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        // With two degrees of freedom the chance of a greater value is exp(-x/2).
        assertThat(Math.exp(-chiSquare / 2))
                .as("chance of %s at equal probabilities", counts)
                .isGreaterThan(UNLIKELY);
    }

    /** Requires that all of some endpoints answer, and nobody else. */
    static void requireAll(Client client, Protocol protocol, IpAddress ip, int port, Collection<TestPod> endpoints) {
        Set<String> expected = new TreeSet<>();
        endpoints.forEach(pod -> expected.add(pod.name()));
        Set<String> seen = new TreeSet<>();
        // One of n endpoints is missed by 40 n connections once in 10^17.
        for (int i = 0; i < 40 * expected.size() && !(seen.equals(expected) && i >= 10); i++) {
            Answer answer = client.ask(protocol, ip, port);
            assertThat(answer.isAnswered())
                    .as(protocol + " " + ip + ":" + port + ": " + answer)
                    .isTrue();
            seen.add(answer.server());
        }
        assertThat(seen).as(protocol + " " + ip + ":" + port).isEqualTo(expected);
    }
}
