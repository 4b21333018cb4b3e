package io.podnet.examples.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podnet.api.PodnetException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The node's facts as a file. Writing is for the agent's one thread. */
public final class NodeFactsStore {
    private static final String NAME = "network";
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Path state;
    private final AgentFiles files;
    private @Nullable NodeFacts written;

    /**
     * Opens a node's facts; nothing is made before the first write.
     *
     * @param stateDirectory the node's state directory
     */
    public NodeFactsStore(Path stateDirectory) {
        this.state = stateDirectory;
        this.files = new AgentFiles(AgentFiles.root(stateDirectory));
    }

    /**
     * Writes the facts down, unless they are there already.
     *
     * @param facts the facts
     */
    public void save(NodeFacts facts) {
        if (facts.equals(written)) {
            return;
        }
        try {
            files.write(NAME, JSON.writeValueAsString(facts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("facts have plain fields only", e);
        }
        written = facts;
    }

    /**
     * Reads the facts.
     *
     * @return the facts
     * @throws PodnetException.NotFound where no agent has written them
     * @throws PodnetException.StateFailure where they cannot be understood
     */
    public NodeFacts load() {
        String text = files.read(NAME)
                .orElseThrow(() -> new PodnetException.NotFound(
                        "state directory " + state + " tells nothing of a node; start an agent with it once"));
        try {
            return JSON.readValue(text, NodeFacts.class);
        } catch (JsonProcessingException e) {
            throw new PodnetException.StateFailure(
                    "file agent/" + NAME + " in " + state + " is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
