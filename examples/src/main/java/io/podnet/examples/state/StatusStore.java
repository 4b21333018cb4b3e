package io.podnet.examples.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podnet.api.PodId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods' statuses as files. A file that cannot be understood counts as absent, since everything in it can be found
 * out again. Writing is for the agent's one thread.
 */
public final class StatusStore {
    private static final Logger LOG = LoggerFactory.getLogger(StatusStore.class);
    private static final String NODE = "node";
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final AgentFiles pods;
    private final AgentFiles node;
    private final Map<PodId, PodStatus> written = new HashMap<>();

    /**
     * Opens a node's statuses; nothing is made before the first write.
     *
     * @param stateDirectory the node's state directory
     */
    public StatusStore(Path stateDirectory) {
        this.pods = new AgentFiles(AgentFiles.root(stateDirectory).resolve("pods"));
        this.node = new AgentFiles(AgentFiles.root(stateDirectory));
    }

    /**
     * Writes a status down, unless it is there already.
     *
     * @param status the status
     */
    public void save(PodStatus status) {
        if (status.equals(written.get(status.id()))) {
            return;
        }
        try {
            pods.write(AgentFiles.nameOf(status.id()), JSON.writeValueAsString(status));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a status has plain fields only", e);
        }
        written.put(status.id(), status);
    }

    /**
     * Forgets a pod.
     *
     * @param pod the pod
     */
    public void remove(PodId pod) {
        pods.remove(AgentFiles.nameOf(pod));
        written.remove(pod);
    }

    /**
     * Reads all statuses.
     *
     * @return the statuses, by file name
     */
    public List<PodStatus> list() {
        List<PodStatus> statuses = new ArrayList<>();
        for (String name : pods.names()) {
            pods.read(name).flatMap(text -> parse(name, text)).ifPresent(statuses::add);
        }
        statuses.forEach(status -> written.put(status.id(), status));
        return statuses;
    }

    /**
     * Names the pods that have a status, as far as this object has read or written them.
     *
     * @return the pods
     */
    public Set<PodId> known() {
        return Set.copyOf(written.keySet());
    }

    private static Optional<PodStatus> parse(String name, String text) {
        try {
            PodStatus status = JSON.readValue(text, PodStatus.class);
            return AgentFiles.nameOf(status.id()).equals(name) ? Optional.of(status) : Optional.empty();
        } catch (JsonProcessingException | RuntimeException e) {
            LOG.warn("status file {} is damaged and not used: {}", name, e.toString());
            return Optional.empty();
        }
    }

    /**
     * Writes the node's name down.
     *
     * @param name the node's name
     */
    public void saveNodeName(String name) {
        node.write(NODE, name);
    }

    /**
     * Reads the node's name.
     *
     * @return the name; empty where no agent has run here
     */
    public String nodeName() {
        return node.read(NODE).orElse("");
    }
}
