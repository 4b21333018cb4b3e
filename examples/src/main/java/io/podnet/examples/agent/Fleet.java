package io.podnet.examples.agent;

import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import io.podnet.examples.container.Strays;
import io.podnet.examples.desired.DesiredState;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.reconcile.Action;
import io.podnet.examples.reconcile.Actual;
import io.podnet.examples.reconcile.Diff;
import io.podnet.examples.reconcile.PodNode;
import io.podnet.examples.reconcile.RunningPod;
import io.podnet.examples.state.PodStatus;
import io.podnet.examples.state.StatusStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's pods, brought step by step to what should run. For one thread. */
final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

    private final PodNode node;
    private final StatusStore statuses;
    private final Surroundings around;
    private final Runnable wake;
    private final NavigableMap<PodId, ManagedPod> pods = new TreeMap<>();
    private final Retries retries = new Retries();

    Fleet(PodNode node, StatusStore statuses, Surroundings around, Runnable wake) {
        this.node = node;
        this.statuses = statuses;
        this.around = around;
        this.wake = wake;
    }

    /** Takes over the pods of an earlier agent, and ends what is left of pods that are gone. */
    void recover(Map<PodId, PodManifest> accepted) {
        Map<PodId, PodStatus> written = new HashMap<>();
        statuses.list().stream()
                .filter(status -> status.bootId().equals(around.bootId()))
                .forEach(status -> written.put(status.id(), status));
        for (RunningPod pod : node.pods()) {
            PodManifest wanted = accepted.get(pod.id());
            ManagedPod managed = wanted != null && wanted.hash().equals(pod.manifestHash())
                    ? ManagedPod.of(pod, wanted, around, statuses, wake)
                    : ManagedPod.withoutManifest(pod, around, statuses, wake);
            PodStatus status = written.get(pod.id());
            if (status != null && status.sandboxId().equals(pod.sandboxId())) {
                written.remove(pod.id());
                managed.adopt(status.containers());
            }
            pods.put(pod.id(), managed);
            tellReadiness(managed);
            LOG.info("pod {} {} is adopted", pod.id(), pod.ips());
        }
        written.values().stream()
                .filter(status -> !status.sandboxId().isEmpty())
                .forEach(status -> Strays.kill(status, around.processes()));
    }

    /** Makes the steps towards what should run that can be made now. */
    void apply(DesiredState desired) {
        NavigableMap<PodId, PodManifest> manifests = desired.pods();
        NavigableMap<PodId, Actual> actual = new TreeMap<>();
        pods.forEach((id, pod) -> actual.put(id, pod.actual()));
        retries.keepOnly(manifests.keySet());
        for (Action action : Diff.actions(manifests, actual)) {
            if (action instanceof Action.Remove remove) {
                LOG.info("pod {} is being removed: {}", remove.pod(), remove.reason());
                terminate(managed(remove.pod()), remove.reason());
            } else if (action instanceof Action.SetUp setUp) {
                setUp(setUp.manifest());
            }
        }
    }

    /** Services send nobody there any more before the processes are told to end. */
    private void terminate(ManagedPod pod, String reason) {
        if (!pod.isTerminating()) {
            node.terminating(pod.pod().id());
            pod.terminate(reason);
        }
    }

    private void tellReadiness(ManagedPod pod) {
        pod.newReadiness().ifPresent(readiness -> node.setReadiness(pod.pod().id(), readiness));
    }

    private ManagedPod managed(PodId id) {
        ManagedPod pod = pods.get(id);
        if (pod == null) {
            throw new IllegalStateException("no pod " + id);
        }
        return pod;
    }

    private void setUp(PodManifest manifest) {
        PodId id = manifest.id();
        if (!retries.mayTry(manifest, around.clock().instant())) {
            return;
        }
        if (!retries.messages().containsKey(id)) {
            statuses.save(PodStatus.of(id, "Pending", ""));
        }
        try {
            RunningPod pod = node.setUp(manifest);
            LOG.info("pod {} is up: {}", id, String.join(", ", pod.ips()));
            ManagedPod managed = ManagedPod.of(pod, manifest, around, statuses, wake);
            pods.put(id, managed);
            retries.succeeded(id);
            managed.save();
            managed.tick();
            tellReadiness(managed);
        } catch (PodnetException e) {
            String message = String.valueOf(e.getMessage());
            if (retries.failed(manifest, message, around.clock().instant())) {
                LOG.warn("pod {} cannot be set up: {}", id, message);
            }
            if (!pods.containsKey(id)) {
                statuses.save(PodStatus.of(id, "Failed", message));
            }
        }
    }

    /**
     * Looks after containers and removals.
     *
     * @return true where pods are gone, so that comparing again is worth it at once
     */
    boolean tick() {
        List<PodId> over = new ArrayList<>();
        pods.forEach((id, pod) -> {
            pod.tick();
            tellReadiness(pod);
            if (pod.isReadyForTearDown()) {
                over.add(id);
            }
        });
        if (over.isEmpty()) {
            return false;
        }
        try {
            node.tearDownAll(over);
        } catch (PodnetException e) {
            LOG.warn("removing {}: {}", over, e.getMessage());
            over.forEach(id -> managed(id).tearDownFailed(String.valueOf(e.getMessage())));
            return false;
        }
        over.forEach(id -> {
            pods.remove(id);
            statuses.remove(id);
            around.logs().remove(id);
            LOG.info("pod {} is gone", id);
        });
        retries.tryAllAt(around.clock().instant());
        return true;
    }

    /** Writes down what the manifests' state means for pods that do not run, and forgets pods nobody speaks of. */
    void publish(DesiredState desired) {
        Map<PodId, String> failures = new TreeMap<>(desired.refusedPods());
        failures.putAll(retries.messages());
        pods.forEach((id, pod) -> {
            pod.remark(desired.refusedPods().getOrDefault(id, ""));
            pod.save();
        });
        failures.forEach((id, message) -> {
            if (!pods.containsKey(id)) {
                statuses.save(PodStatus.of(id, "Failed", message));
            }
        });
        for (PodId id : statuses.known()) {
            if (!pods.containsKey(id) && !failures.containsKey(id)) {
                statuses.remove(id);
            }
        }
    }

    /** Tells when {@link #tick} is to be called next, unless something wakes the agent before. */
    Optional<Instant> due() {
        return Stream.concat(pods.values().stream().flatMap(pod -> pod.due().stream()), retries.due().stream())
                .min(Comparator.naturalOrder());
    }

    boolean isEmpty() {
        return pods.isEmpty();
    }

    int size() {
        return pods.size();
    }

    Set<PodId> ids() {
        return Set.copyOf(pods.keySet());
    }

    boolean isSettled() {
        return pods.values().stream().noneMatch(ManagedPod::isTerminating);
    }

    Map<PodId, String> failures() {
        return retries.messages();
    }

    Duration longestGrace() {
        return pods.values().stream()
                .map(ManagedPod::grace)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    void trimLogs() {
        pods.values().forEach(ManagedPod::trimLogs);
    }

    void terminateAll(String reason) {
        pods.values().forEach(pod -> terminate(pod, reason));
    }
}
