package io.podnet.endpoints;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds objects by a label in a namespace, so that neither a pod looks at all services nor a service at all pods. Not
 * thread-safe.
 *
 * @param <T> what is found
 */
final class LabelIndex<T> {
    private record Label(String namespace, String key, String value) {}

    private final Map<Label, Set<T>> found = new HashMap<>();

    void add(String namespace, Map<String, String> labels, T what) {
        labels.forEach(
                (key, value) -> found.computeIfAbsent(new Label(namespace, key, value), label -> new LinkedHashSet<>())
                        .add(what));
    }

    void remove(String namespace, Map<String, String> labels, T what) {
        labels.forEach((key, value) -> found.computeIfPresent(new Label(namespace, key, value), (label, there) -> {
            there.remove(what);
            return there.isEmpty() ? null : there;
        }));
    }

    /** What has any of the labels. */
    Set<T> anyOf(String namespace, Map<String, String> labels) {
        Set<T> all = new LinkedHashSet<>();
        labels.forEach((key, value) -> all.addAll(found.getOrDefault(new Label(namespace, key, value), Set.of())));
        return all;
    }

    /** What has the one of the labels that the fewest have: at least all that have all of them. */
    Set<T> rarestOf(String namespace, Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> found.getOrDefault(new Label(namespace, label.getKey(), label.getValue()), Set.of()))
                .min(Comparator.comparingInt(Set::size))
                .map(Set::copyOf)
                .orElse(Set.of());
    }
}
