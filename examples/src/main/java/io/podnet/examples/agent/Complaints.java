package io.podnet.examples.agent;

import io.podnet.examples.desired.DesiredState;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says each thing once, and again only after it was gone. For one thread. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private Set<String> said = Set.of();

    void about(DesiredState desired) {
        Set<String> now = new HashSet<>(desired.problems());
        now.addAll(desired.notes());
        desired.problems().stream().filter(problem -> !said.contains(problem)).forEach(LOG::error);
        desired.notes().stream().filter(note -> !said.contains(note)).forEach(LOG::warn);
        said = now;
    }

    void problem(String problem) {
        if (!said.contains(problem)) {
            LOG.error(problem);
            Set<String> more = new HashSet<>(said);
            more.add(problem);
            said = more;
        }
    }
}
