package io.podnet.examples.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.Manifest;
import io.podnet.examples.manifest.ManifestReader;
import io.podnet.examples.manifest.ObjectKey;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests' last good versions as files: with them a restart in front of a broken manifest keeps what it said. Writing
 * is for the agent's one thread.
 */
public final class AcceptedStore {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptedStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String POD = "pod";
    private static final String OBJECT = "object";

    private final AgentFiles files;

    /**
     * Opens a node's accepted manifests; nothing is made before the first write.
     *
     * @param stateDirectory the node's state directory
     */
    public AcceptedStore(Path stateDirectory) {
        this.files = new AgentFiles(AgentFiles.root(stateDirectory).resolve("manifests"));
    }

    /**
     * Reads all.
     *
     * @return what is to be there, by name
     */
    public NavigableMap<ObjectKey, Accepted> load() {
        NavigableMap<ObjectKey, Accepted> accepted = new TreeMap<>();
        for (String name : files.names()) {
            files.read(name)
                    .flatMap(text -> parse(name, text))
                    .ifPresent(object -> accepted.put(object.manifest().key(), object));
        }
        return accepted;
    }

    private static Optional<Accepted> parse(String name, String text) {
        try {
            JsonNode root = JSON.readTree(text);
            // The key under which pods were written when there was nothing else.
            JsonNode object = root.path(root.has(POD) ? POD : OBJECT);
            FileContent content = ManifestReader.read(name, object.toString());
            if (content.objects().size() == 1) {
                Manifest manifest = content.objects().get(0);
                if (AgentFiles.nameOf(manifest.key()).equals(name)) {
                    return Optional.of(new Accepted(root.path("file").asText(), manifest));
                }
            }
            LOG.warn("accepted manifest {} is not used: {}", name, content.problems());
        } catch (JsonProcessingException e) {
            LOG.warn("accepted manifest {} is damaged and not used: {}", name, e.getOriginalMessage());
        }
        return Optional.empty();
    }

    /**
     * Makes the files say what is to be there now. New ones are written before old ones go, so that a crash between leaves a
     * pod running rather than not.
     *
     * @param before what they say
     * @param after what they shall say
     */
    public void replace(Map<ObjectKey, Accepted> before, Map<ObjectKey, Accepted> after) {
        after.forEach((id, accepted) -> {
            if (!accepted.equals(before.get(id))) {
                String file = JsonNodeFactory.instance.textNode(accepted.file()).toString();
                files.write(
                        AgentFiles.nameOf(id),
                        "{\"file\":" + file + ",\"" + (id.kind() == ObjectKey.Kind.POD ? POD : OBJECT) + "\":"
                                + accepted.manifest().json() + "}");
            }
        });
        before.keySet().stream()
                .filter(id -> !after.containsKey(id))
                .forEach(id -> files.remove(AgentFiles.nameOf(id)));
    }
}
