package io.podnet.examples.manifest;

import java.util.List;
import java.util.Map;

/**
 * What a file says.
 *
 * @param objects its well-formed objects
 * @param malformed objects that it names but describes badly, with the complaint
 * @param complete false where there may be more objects in it than could be read
 * @param problems what is wrong, one sentence each, those of {@code malformed} too
 * @param notes what is skipped or without effect, one sentence each
 */
public record FileContent(
        List<Manifest> objects,
        Map<ObjectKey, String> malformed,
        boolean complete,
        List<String> problems,
        List<String> notes) {
    public FileContent {
        objects = List.copyOf(objects);
        malformed = Map.copyOf(malformed);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /**
     * A file that says nothing that can be understood.
     *
     * @param problem what is wrong
     * @return content without objects, incomplete
     */
    public static FileContent unreadable(String problem) {
        return new FileContent(List.of(), Map.of(), false, List.of(problem), List.of());
    }

    /**
     * Gives the pods.
     *
     * @return those of the objects that are pods
     */
    public List<PodManifest> pods() {
        return of(PodManifest.class);
    }

    /**
     * Gives the services.
     *
     * @return those of the objects that are services
     */
    public List<ServiceManifest> services() {
        return of(ServiceManifest.class);
    }

    /**
     * Gives the endpoint slices.
     *
     * @return those of the objects that are endpoint slices
     */
    public List<SliceManifest> slices() {
        return of(SliceManifest.class);
    }

    private <M extends Manifest> List<M> of(Class<M> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
