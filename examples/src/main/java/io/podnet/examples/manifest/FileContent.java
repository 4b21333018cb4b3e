package io.podnet.examples.manifest;

import io.podnet.api.PodId;
import java.util.List;
import java.util.Map;

/**
 * What a file says.
 *
 * @param pods its well-formed pods
 * @param malformed pods that it names but describes badly, with the complaint
 * @param complete false where there may be more pods in it than could be read
 * @param problems what is wrong, one sentence each, those of {@code malformed} too
 * @param notes what is skipped or without effect, one sentence each
 */
public record FileContent(
        List<PodManifest> pods,
        Map<PodId, String> malformed,
        boolean complete,
        List<String> problems,
        List<String> notes) {
    public FileContent {
        pods = List.copyOf(pods);
        malformed = Map.copyOf(malformed);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /**
     * A file that says nothing that can be understood.
     *
     * @param problem what is wrong
     * @return content without pods, incomplete
     */
    public static FileContent unreadable(String problem) {
        return new FileContent(List.of(), Map.of(), false, List.of(problem), List.of());
    }
}
