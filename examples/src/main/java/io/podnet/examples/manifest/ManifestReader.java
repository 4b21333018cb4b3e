package io.podnet.examples.manifest;

import io.podnet.api.Names;
import io.podnet.examples.manifest.ObjectKey.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a manifest file's text: YAML or JSON, several documents, lists. A syntax error spoils the file, since nobody
 * knows what would have followed; a wrong field spoils only its object.
 */
public final class ManifestReader {
    private static final String LIST = "List";

    private final String file;
    private final Map<ObjectKey, Manifest> objects = new LinkedHashMap<>();
    private final Map<ObjectKey, String> malformed = new LinkedHashMap<>();
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
                List.copyOf(reader.objects.values()), reader.malformed, reader.complete, reader.problems, reader.notes);
    }

    private void document(Value document, Optional<Kind> kindOfList) {
        try {
            Fields fields = Fields.of("", document);
            String kind = kindOfList.isPresent() && !fields.has("kind")
                    ? kindOfList.get().text()
                    : fields.requiredString("kind");
            Optional<Kind> known = known(kind);
            Optional<Kind> listed =
                    kind.endsWith(LIST) ? known(kind.substring(0, kind.length() - LIST.length())) : Optional.empty();
            if (known.isPresent()) {
                object(known.get(), fields, kindOfList.isPresent());
            } else if (listed.isPresent() || kind.equals(LIST)) {
                for (Fields item : fields.objects("items")) {
                    document(item.value(), listed);
                }
            } else {
                notes.add(file + ":" + fields.line() + ": kind " + kind
                        + " is skipped; this agent knows Pod, Service, EndpointSlice, Namespace and List");
            }
        } catch (ManifestException e) {
            complete = false;
            problems.add(e.at(file));
        }
    }

    private static Optional<Kind> known(String text) {
        for (Kind kind : Kind.values()) {
            if (kind.text().equals(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private void object(Kind kind, Fields fields, boolean versionOfList) {
        String version = fields.string("apiVersion").orElse(versionOfList ? kind.apiVersion() : "");
        if (!version.equals(kind.apiVersion())) {
            throw fields.error("apiVersion", "'" + version + "' of a " + kind.text() + " must be " + kind.apiVersion());
        }
        ObjectKey key = key(kind, fields);
        if (objects.containsKey(key) || malformed.containsKey(key)) {
            // Which of the two is meant? Neither is taken, so that the order in the file decides nothing.
            objects.remove(key);
            reject(key, new ManifestException(fields.line(), key + " is in this file twice; rename one"));
            return;
        }
        try {
            objects.put(
                    key, read(kind, fields, note -> notes.add(file + ":" + fields.line() + ": " + key + ": " + note)));
        } catch (ManifestException e) {
            reject(key, e);
        }
    }

    private static ObjectKey key(Kind kind, Fields fields) {
        Fields metadata = fields.object("metadata").orElseThrow(() -> fields.error("metadata", "is required"));
        String name = metadata.requiredString("name");
        if (kind == Kind.NAMESPACE) {
            metadata.checked("name", () -> Names.dnsLabel("namespace", name));
            return new ObjectKey(kind, "", name);
        }
        metadata.checked("name", () -> Names.dnsSubdomain(kind.text().toLowerCase(Locale.ROOT) + " name", name));
        String namespace = metadata.parsed("namespace", text -> Names.dnsLabel("namespace", text))
                .orElse("default");
        return new ObjectKey(kind, namespace, name);
    }

    private static Manifest read(Kind kind, Fields fields, Consumer<String> notes) {
        return switch (kind) {
            case POD -> PodReader.read(fields, notes);
            case SERVICE -> ServiceReader.read(fields, notes);
            case ENDPOINT_SLICE -> SliceReader.read(fields, notes);
            case NAMESPACE ->
                new NamespaceManifest(
                        fields.object("metadata").orElseThrow().requiredString("name"),
                        CanonicalJson.write(fields.value()));
        };
    }

    private void reject(ObjectKey key, ManifestException e) {
        String problem = new ManifestException(e.line(), key + ": " + e.getMessage()).at(file);
        malformed.put(key, problem);
        problems.add(problem);
    }
}
