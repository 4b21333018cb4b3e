package io.podnet.examples.agent;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.PodManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Pods that could not be set up, and when to try again: after 1 s, doubled up to a minute. For one thread. */
final class Retries {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private record Failure(String manifestHash, String message, Duration delay, Instant due) {}

    private final Map<PodId, Failure> failures = new TreeMap<>();

    boolean mayTry(PodManifest manifest, Instant now) {
        Failure failure = failures.get(manifest.id());
        return failure == null || !failure.manifestHash().equals(manifest.hash()) || !now.isBefore(failure.due());
    }

    /** Notes a failure; tells whether it is another one than before. */
    boolean failed(PodManifest manifest, String message, Instant now) {
        Failure before = failures.get(manifest.id());
        Duration delay = before == null ? Duration.ofSeconds(1) : before.delay().multipliedBy(2);
        Duration bounded = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        failures.put(manifest.id(), new Failure(manifest.hash(), message, bounded, now.plus(bounded)));
        return before == null || !before.message().equals(message);
    }

    void succeeded(PodId pod) {
        failures.remove(pod);
    }

    void keepOnly(Set<PodId> pods) {
        failures.keySet().retainAll(pods);
    }

    /** Something was freed: what failed for want of it may work now. */
    void tryAllAt(Instant now) {
        failures.replaceAll(
                (pod, failure) -> new Failure(failure.manifestHash(), failure.message(), failure.delay(), now));
    }

    Map<PodId, String> messages() {
        Map<PodId, String> messages = new TreeMap<>();
        failures.forEach((pod, failure) -> messages.put(pod, failure.message()));
        return Collections.unmodifiableMap(messages);
    }

    Optional<Instant> due() {
        return failures.values().stream().map(Failure::due).min(Comparator.naturalOrder());
    }
}
