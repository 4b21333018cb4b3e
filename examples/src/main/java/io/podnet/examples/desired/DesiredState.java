package io.podnet.examples.desired;

import io.podnet.api.EndpointSlice;
import io.podnet.api.PodId;
import io.podnet.api.ServiceSpec;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.Manifest;
import io.podnet.examples.manifest.NamespaceManifest;
import io.podnet.examples.manifest.ObjectKey;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.manifest.ServiceManifest;
import io.podnet.examples.manifest.SliceManifest;
import io.podnet.examples.state.Accepted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What should be there.
 *
 * @param objects the objects, each with the file it comes from
 * @param refused objects that cannot be or whose newest version cannot, with the reason
 * @param problems everything that is wrong in the directory, one sentence each
 * @param notes everything that is skipped or without effect, one sentence each
 */
public record DesiredState(
        NavigableMap<ObjectKey, Accepted> objects,
        NavigableMap<ObjectKey, String> refused,
        List<String> problems,
        List<String> notes) {
    public DesiredState {
        objects = Collections.unmodifiableNavigableMap(new TreeMap<>(objects));
        refused = Collections.unmodifiableNavigableMap(new TreeMap<>(refused));
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /**
     * Joins what the files say now with what was accepted before. What a file does not say clearly stays as it was: an
     * object goes only when its file is gone, or is well-formed and does not name it. Of two files with one object the
     * one that had it first keeps it; among new ones the first by name.
     *
     * @param files the directory's files by name
     * @param accepted what was accepted before
     * @return what should be there
     */
    public static DesiredState merge(NavigableMap<String, FileContent> files, Map<ObjectKey, Accepted> accepted) {
        NavigableMap<ObjectKey, Accepted> objects = new TreeMap<>();
        NavigableMap<ObjectKey, String> refused = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        accepted.forEach((key, object) -> {
            FileContent content = files.get(object.file());
            if (content != null && claims(content, key)) {
                objects.put(key, newest(content, key, object));
            }
        });
        files.forEach((file, content) -> {
            problems.addAll(content.problems());
            notes.addAll(content.notes());
            for (Manifest manifest : content.objects()) {
                Accepted holder = objects.putIfAbsent(manifest.key(), new Accepted(file, manifest));
                if (holder != null && !holder.file().equals(file)) {
                    problems.add(file + ": " + manifest.key() + " is in " + holder.file()
                            + " already; rename one, or remove it from one of the files");
                }
            }
            content.malformed().forEach(refused::putIfAbsent);
        });
        return new DesiredState(objects, refused, problems, notes);
    }

    private static boolean claims(FileContent content, ObjectKey key) {
        return !content.complete()
                || content.malformed().containsKey(key)
                || content.objects().stream()
                        .anyMatch(manifest -> manifest.key().equals(key));
    }

    private static Accepted newest(FileContent content, ObjectKey key, Accepted object) {
        return content.objects().stream()
                .filter(manifest -> manifest.key().equals(key))
                .map(manifest -> new Accepted(object.file(), manifest))
                .findFirst()
                .orElse(object);
    }

    /**
     * Gives the pods.
     *
     * @return what should run
     */
    public NavigableMap<PodId, PodManifest> pods() {
        return pods(objects);
    }

    /**
     * Finds the pods among accepted objects.
     *
     * @param objects the objects
     * @return those of them that are pods
     */
    public static NavigableMap<PodId, PodManifest> pods(Map<ObjectKey, Accepted> objects) {
        NavigableMap<PodId, PodManifest> pods = new TreeMap<>();
        objects.values().forEach(object -> {
            if (object.manifest() instanceof PodManifest pod) {
                pods.put(pod.id(), pod);
            }
        });
        return pods;
    }

    /**
     * Gives the namespaces.
     *
     * @return the names of those that have a manifest of their own
     */
    public List<String> namespaces() {
        List<String> namespaces = new ArrayList<>();
        objects.values().forEach(object -> {
            if (object.manifest() instanceof NamespaceManifest namespace) {
                namespaces.add(namespace.name());
            }
        });
        return namespaces;
    }

    /**
     * Gives the services.
     *
     * @return the services, by name
     */
    public List<ServiceSpec> services() {
        List<ServiceSpec> services = new ArrayList<>();
        objects.values().forEach(object -> {
            if (object.manifest() instanceof ServiceManifest service) {
                services.add(service.spec());
            }
        });
        return services;
    }

    /**
     * Gives the endpoint slices.
     *
     * @return the slices, by name
     */
    public List<EndpointSlice> slices() {
        List<EndpointSlice> slices = new ArrayList<>();
        objects.values().forEach(object -> {
            if (object.manifest() instanceof SliceManifest slice) {
                slices.add(slice.slice());
            }
        });
        return slices;
    }

    /**
     * Gives the pods that cannot run or whose newest version cannot.
     *
     * @return the reasons
     */
    public NavigableMap<PodId, String> refusedPods() {
        NavigableMap<PodId, String> pods = new TreeMap<>();
        refused.forEach((key, reason) -> {
            if (key.kind() == ObjectKey.Kind.POD) {
                pods.put(key.podId(), reason);
            }
        });
        return pods;
    }
}
