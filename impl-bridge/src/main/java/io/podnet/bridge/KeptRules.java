package io.podnet.bridge;

import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import io.podnet.bridge.firewall.NodeRules;
import io.podnet.bridge.firewall.PacketFilter;
import io.podnet.bridge.firewall.PodPort;
import io.podnet.netlink.route.Link;
import io.podnet.netlink.route.Links;
import io.podnet.spi.AttachmentRecord;
import io.podnet.spi.AttachmentStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bridge's packet filter as it should be, after somebody else's flush too: Docker's published ports lost their
 * restrictions by a firewall's reload (CVE-2025-54388), its networks their isolation (CVE-2025-54410). Safe for any thread.
 */
final class KeptRules {
    private static final Logger LOG = LoggerFactory.getLogger(KeptRules.class);

    private final String bridge;
    private final AttachmentStore attachments;
    private final Links links;
    private final PacketFilter filter;
    private final Function<AttachmentRecord, PodPort> ports;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable NodeRules wanted;
    private boolean unsure;

    /**
     * Makes it; nothing is changed yet.
     *
     * @param bridge the bridge's name
     * @param attachments who has a port on it
     * @param links of the node
     * @param filter the packet filter
     * @param ports what the filter is to know of an attachment
     */
    KeptRules(
            String bridge,
            AttachmentStore attachments,
            Links links,
            PacketFilter filter,
            Function<AttachmentRecord, PodPort> ports) {
        this.bridge = bridge;
        this.attachments = attachments;
        this.links = links;
        this.filter = filter;
        this.ports = ports;
    }

    /** Makes the node's rules as they should be from now on, and what pods of an earlier process have of them. */
    void ensure(NodeRules rules) {
        lock.lock();
        try {
            put(rules);
            wanted = rules;
        } finally {
            lock.unlock();
        }
    }

    private void put(NodeRules rules) {
        filter.ensureNode(rules);
        letIn(attachments.list());
    }

    /** After somebody flushed the rules, or deleted an element, or all was made anew, pods would be shut out. */
    private int letIn(List<AttachmentRecord> records) {
        Set<String> live = links.list().stream()
                .filter(link -> link.group() == LinkNames.GROUP_LIVE)
                .map(Link::name)
                .collect(Collectors.toSet());
        Map<PodPort, AttachmentRecord> attached = new LinkedHashMap<>();
        for (AttachmentRecord record : records) {
            if (record.status().isPresent() && live.contains(LinkNames.hostPort(record.id()))) {
                attached.put(ports.apply(record), record);
            }
        }
        int pods = 0;
        for (PodPort port : filter.listDrifted(attached.keySet())) {
            if (letIn(port, Objects.requireNonNull(attached.get(port)))) {
                pods++;
            }
        }
        return pods;
    }

    private boolean letIn(PodPort port, AttachmentRecord record) {
        if (!isAttached(record)) {
            return false;
        }
        try {
            filter.repair(port);
        } catch (PodnetException.Conflict foreign) {
            // Somebody put another owner's there: check tells of it, and the other pods are no worse for it.
            LOG.atWarn().addKeyValue("bridge", bridge).setCause(foreign).log("a pod's rules cannot be put back");
            return false;
        }
        if (isAttached(record)) {
            return true;
        }
        // Torn down meanwhile, perhaps before its rules were there to be removed.
        filter.removePods(List.of(port));
        return false;
    }

    private boolean isAttached(AttachmentRecord record) {
        Optional<Link> link = links.find(LinkNames.hostPort(record.id()));
        return link.filter(found -> found.group() == LinkNames.GROUP_LIVE).isPresent();
    }

    /** Lets a pod in. */
    void addPod(PodPort pod) {
        afterFlush(() -> filter.addPods(List.of(pod)));
    }

    /** Makes a pod's rules as they should be. */
    void repairPod(PodPort pod) {
        afterFlush(() -> filter.repair(pod));
    }

    /** Changes a pod's rules, where somebody flushed all of them a moment ago too. */
    private void afterFlush(Runnable change) {
        try {
            change.run();
        } catch (PodnetException.NotFound flushed) {
            lock.lock();
            try {
                if (wanted == null) {
                    throw flushed;
                }
                put(wanted);
            } finally {
                lock.unlock();
            }
            change.run();
        }
    }

    /**
     * Looks whether the rules are as they should be, and puts back what is not. A bridge without pods needs none, and
     * another process that has them too may have removed them with its last.
     *
     * @return false where a pod that is being set up may have been met, so that a second look is needed
     */
    boolean mend() {
        lock.lock();
        try {
            NodeRules rules = wanted;
            if (rules == null) {
                return true;
            }
            List<AttachmentRecord> present = attachments.list();
            if (present.isEmpty()) {
                return true;
            }
            Plan plan = filter.planNode(rules);
            if (!plan.steps().isEmpty()) {
                filter.ensureNode(rules);
            }
            int pods = letIn(present);
            if (!plan.steps().isEmpty() || pods > 0) {
                tell(plan, pods);
                unsure = true;
            }
            unsure &= present.stream().anyMatch(record -> record.status().isEmpty());
            return !unsure;
        } finally {
            lock.unlock();
        }
    }

    private void tell(Plan plan, int pods) {
        new RulesMended(bridge, plan.steps().toString(), pods).commit();
        LOG.atWarn()
                .addKeyValue("bridge", bridge)
                .addKeyValue("steps", plan.steps())
                .addKeyValue("pods", pods)
                .log("somebody else changed the packet filter's rules; they were put back");
    }

    /** Takes the rules away for good. */
    void remove() {
        lock.lock();
        try {
            wanted = null;
            filter.removeNode();
        } finally {
            lock.unlock();
        }
    }
}
