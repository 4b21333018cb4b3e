package io.podnet.examples.manifest;

import io.podnet.api.PodId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a manifest file's text: YAML or JSON, several documents, lists. A syntax error spoils the file, since nobody
 * knows what would have followed; a wrong field spoils only its pod.
 */
public final class ManifestReader {
    private final String file;
    private final Map<PodId, PodManifest> pods = new LinkedHashMap<>();
    private final Map<PodId, String> malformed = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean complete = true;

    private ManifestReader(String file) {
        this.file = file;
    }

    /**
     * Reads a file's text.
     *
     * @param file the file's name, for the complaints
     * @param text its text
     * @return what it says
     */
    public static FileContent read(String file, String text) {
        List<Value> documents;
        try {
            documents = DocumentReader.read(text);
        } catch (ManifestException e) {
            return FileContent.unreadable(e.at(file));
        }
        ManifestReader reader = new ManifestReader(file);
        documents.forEach(document -> reader.document(document, Optional.empty()));
        return new FileContent(
                List.copyOf(reader.pods.values()), reader.malformed, reader.complete, reader.problems, reader.notes);
    }

    private void document(Value document, Optional<String> kindOfList) {
        try {
            Fields fields = Fields.of("", document);
            String kind =
                    kindOfList.isPresent() && !fields.has("kind") ? kindOfList.get() : fields.requiredString("kind");
            switch (kind) {
                case "Pod" -> pod(fields, kindOfList.isPresent());
                case "List" -> items(fields, Optional.empty());
                case "PodList" -> items(fields, Optional.of("Pod"));
                default ->
                    notes.add(file + ":" + fields.line() + ": kind " + kind
                            + " is skipped; this agent knows Pod and List of apiVersion v1");
            }
        } catch (ManifestException e) {
            complete = false;
            problems.add(e.at(file));
        }
    }

    private void items(Fields list, Optional<String> kind) {
        for (Fields item : list.objects("items")) {
            document(item.value(), kind);
        }
    }

    private void pod(Fields pod, boolean versionOfList) {
        String version = pod.string("apiVersion").orElse(versionOfList ? "v1" : "");
        if (!version.equals("v1")) {
            throw pod.error("apiVersion", "'" + version + "' of a Pod must be v1");
        }
        PodId id = PodReader.id(pod);
        if (pods.containsKey(id) || malformed.containsKey(id)) {
            // Which of the two is meant? Neither is taken, so that the order in the file decides nothing.
            pods.remove(id);
            reject(id, new ManifestException(pod.line(), "pod " + id + " is in this file twice; rename one"));
            return;
        }
        try {
            pods.put(id, PodReader.read(pod, note -> notes.add(file + ":" + pod.line() + ": pod " + id + ": " + note)));
        } catch (ManifestException e) {
            reject(id, e);
        }
    }

    private void reject(PodId id, ManifestException e) {
        String problem = new ManifestException(e.line(), "pod " + id + ": " + e.getMessage()).at(file);
        malformed.put(id, problem);
        problems.add(problem);
    }
}
