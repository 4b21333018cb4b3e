package io.podnet.examples.cluster;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.Manifest;
import io.podnet.examples.manifest.NamespaceManifest;
import io.podnet.examples.manifest.ObjectKey;
import io.podnet.examples.manifest.PodManifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides which pod is on which node: where {@code spec.nodeName} says, else where it is, else on the node with the fewest.
 * Services, and what is wrong with files, are the first node's to tell. Not thread-safe.
 */
final class Placement {
    private final List<String> nodes;
    private final Map<PodId, String> placed = new HashMap<>();

    Placement(List<String> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** Notes where a pod of an earlier process is. */
    void found(PodId pod, String node) {
        placed.put(pod, node);
    }

    /** Decides for all pods of the files. */
    void place(NavigableMap<String, FileContent> files) {
        Set<PodId> named = new HashSet<>();
        List<PodManifest> free = new ArrayList<>();
        files.values().forEach(content -> {
            content.malformed().keySet().stream()
                    .filter(key -> key.kind() == ObjectKey.Kind.POD)
                    .forEach(key -> named.add(key.podId()));
            for (PodManifest pod : content.pods()) {
                named.add(pod.id());
                Optional<String> wanted = pod.nodeName();
                if (wanted.isPresent()) {
                    placed.put(pod.id(), nodes.contains(wanted.get()) ? wanted.get() : nodes.get(0));
                } else if (!placed.containsKey(pod.id())) {
                    free.add(pod);
                }
            }
        });
        if (files.values().stream().allMatch(FileContent::complete)) {
            placed.keySet().retainAll(named);
        }
        free.sort(Comparator.comparing(PodManifest::id));
        free.forEach(pod -> placed.put(pod.id(), emptiest()));
    }

    private String emptiest() {
        Map<String, Integer> counts = new HashMap<>();
        placed.values().forEach(node -> counts.merge(node, 1, Integer::sum));
        return nodes.stream()
                .min(Comparator.comparingInt(node -> counts.getOrDefault(node, 0)))
                .orElseThrow();
    }

    /** What the files say to one node. */
    NavigableMap<String, FileContent> of(String node, NavigableMap<String, FileContent> files) {
        NavigableMap<String, FileContent> own = new TreeMap<>();
        files.forEach((file, content) -> own.put(file, of(node, file, content)));
        return own;
    }

    private FileContent of(String node, String file, FileContent content) {
        boolean first = node.equals(nodes.get(0));
        List<Manifest> objects = new ArrayList<>();
        Map<ObjectKey, String> malformed = new HashMap<>();
        List<String> problems = new ArrayList<>(first ? content.problems() : List.of());
        for (Manifest manifest : content.objects()) {
            if (manifest instanceof PodManifest pod) {
                Optional<String> unknown = pod.nodeName().filter(name -> !nodes.contains(name));
                if (!node.equals(placed.get(pod.id()))) {
                    continue;
                }
                if (unknown.isPresent()) {
                    String problem = file + ": " + pod.key() + ": spec.nodeName '" + unknown.get()
                            + "' is no node of this cluster, which has " + String.join(", ", nodes);
                    problems.add(problem);
                    malformed.put(pod.key(), problem);
                    continue;
                }
                objects.add(pod);
            } else if (first || manifest instanceof NamespaceManifest) {
                objects.add(manifest);
            }
        }
        content.malformed().forEach((key, problem) -> {
            String at =
                    key.kind() == ObjectKey.Kind.POD ? placed.getOrDefault(key.podId(), nodes.get(0)) : nodes.get(0);
            if (node.equals(at)) {
                malformed.put(key, problem);
            }
        });
        return new FileContent(objects, malformed, content.complete(), problems, first ? content.notes() : List.of());
    }
}
