package io.podnet.examples.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.podnet.api.PodId;
import io.podnet.examples.manifest.FileContent;
import io.podnet.examples.manifest.ManifestReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests' last good versions as files: with them a restart in front of a broken manifest keeps its pods. Writing
 * is for the agent's one thread.
 */
public final class AcceptedStore {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptedStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();

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
     * @return what is to run, by pod
     */
    public NavigableMap<PodId, Accepted> load() {
        NavigableMap<PodId, Accepted> accepted = new TreeMap<>();
        for (String name : files.names()) {
            files.read(name)
                    .flatMap(text -> parse(name, text))
                    .ifPresent(pod -> accepted.put(pod.manifest().id(), pod));
        }
        return accepted;
    }

    private static Optional<Accepted> parse(String name, String text) {
        try {
            JsonNode root = JSON.readTree(text);
            FileContent content = ManifestReader.read(name, root.path("pod").toString());
            if (content.pods().size() == 1
                    && AgentFiles.nameOf(content.pods().get(0).id()).equals(name)) {
                return Optional.of(
                        new Accepted(root.path("file").asText(), content.pods().get(0)));
            }
            LOG.warn("accepted manifest {} is not used: {}", name, content.problems());
        } catch (JsonProcessingException e) {
            LOG.warn("accepted manifest {} is damaged and not used: {}", name, e.getOriginalMessage());
        }
        return Optional.empty();
    }

    /**
     * Makes the files say what is to run now. New ones are written before old ones go, so that a crash between leaves a
     * pod running rather than not.
     *
     * @param before what they say
     * @param after what they shall say
     */
    public void replace(Map<PodId, Accepted> before, Map<PodId, Accepted> after) {
        after.forEach((id, accepted) -> {
            if (!accepted.equals(before.get(id))) {
                String file = JsonNodeFactory.instance.textNode(accepted.file()).toString();
                files.write(
                        AgentFiles.nameOf(id),
                        "{\"file\":" + file + ",\"pod\":" + accepted.manifest().json() + "}");
            }
        });
        before.keySet().stream()
                .filter(id -> !after.containsKey(id))
                .forEach(id -> files.remove(AgentFiles.nameOf(id)));
    }
}
