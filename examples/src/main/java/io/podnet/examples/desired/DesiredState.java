package io.podnet.examples.desired;

import io.podnet.api.PodId;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.state.Accepted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What should run.
 *
 * @param pods the pods, each with the file it comes from
 * @param refused pods that cannot run or whose newest version cannot, with the reason
 * @param problems everything that is wrong in the directory, one sentence each
 * @param notes everything that is skipped or without effect, one sentence each
 */
public record DesiredState(
        NavigableMap<PodId, Accepted> pods,
        NavigableMap<PodId, String> refused,
        List<String> problems,
        List<String> notes) {
    public DesiredState {
        pods = Collections.unmodifiableNavigableMap(new TreeMap<>(pods));
        refused = Collections.unmodifiableNavigableMap(new TreeMap<>(refused));
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /**
     * Joins what the files say now with what was accepted before. What a file does not say clearly stays as it was: a
     * pod goes only when its file is gone, or is well-formed and does not name it. Of two files with one pod the one
     * that had it first keeps it; among new ones the first by name.
     *
     * @param files the directory's files by name
     * @param accepted what was accepted before
     * @return what should run
     */
    public static DesiredState merge(NavigableMap<String, FileContent> files, Map<PodId, Accepted> accepted) {
        NavigableMap<PodId, Accepted> pods = new TreeMap<>();
        NavigableMap<PodId, String> refused = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        accepted.forEach((id, pod) -> {
            FileContent content = files.get(pod.file());
            if (content != null && claims(content, id)) {
                pods.put(id, newest(content, id, pod));
            }
        });
        files.forEach((file, content) -> {
            problems.addAll(content.problems());
            notes.addAll(content.notes());
            for (PodManifest manifest : content.pods()) {
                Accepted holder = pods.putIfAbsent(manifest.id(), new Accepted(file, manifest));
                if (holder != null && !holder.file().equals(file)) {
                    problems.add(file + ": pod " + manifest.id() + " is in " + holder.file()
                            + " already; rename one, or remove it from one of the files");
                }
            }
            content.malformed().forEach(refused::putIfAbsent);
        });
        return new DesiredState(pods, refused, problems, notes);
    }

    private static boolean claims(FileContent content, PodId id) {
        return !content.complete()
                || content.malformed().containsKey(id)
                || content.pods().stream().anyMatch(manifest -> manifest.id().equals(id));
    }

    private static Accepted newest(FileContent content, PodId id, Accepted pod) {
        return content.pods().stream()
                .filter(manifest -> manifest.id().equals(id))
                .map(manifest -> new Accepted(pod.file(), manifest))
                .findFirst()
                .orElse(pod);
    }
}
