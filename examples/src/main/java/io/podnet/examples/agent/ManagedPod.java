package io.podnet.examples.agent;

import io.podnet.examples.container.ContainerCommand;
import io.podnet.examples.container.PodContainers;
import io.podnet.examples.container.ProcessTable;
import io.podnet.examples.container.Supervision;
import io.podnet.examples.container.Termination;
import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.reconcile.Actual;
import io.podnet.examples.reconcile.Readiness;
import io.podnet.examples.reconcile.RunningPod;
import io.podnet.examples.state.ContainerStatus;
import io.podnet.examples.state.PodStatus;
import io.podnet.examples.state.StatusStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A pod that has its network, with its containers. For one thread. */
final class ManagedPod {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    private final RunningPod pod;
    private final Surroundings around;
    private final StatusStore statuses;
    private final Duration grace;
    private final @Nullable PodContainers containers;
    private List<ContainerStatus> recorded = List.of();
    private @Nullable Termination termination;
    private Instant nextTearDown = Instant.MIN;
    private String remark = "";
    private @Nullable Readiness told;

    private ManagedPod(
            RunningPod pod, @Nullable PodManifest manifest, Surroundings around, StatusStore statuses, Runnable wake) {
        this.pod = pod;
        this.around = around;
        this.statuses = statuses;
        this.grace = manifest == null ? DEFAULT_GRACE : manifest.gracePeriod();
        this.containers = manifest == null
                ? null
                : new PodContainers(
                        manifest,
                        new Supervision(
                                pod.sandboxId(),
                                pod.sandbox(),
                                new ContainerCommand(
                                        manifest.spec(),
                                        around.nodeName(),
                                        around.clusterDomain(),
                                        pod.ips(),
                                        around.environment()),
                                around.processes(),
                                around.clock(),
                                around.logs().directory(pod.id()),
                                this::save,
                                wake));
    }

    /** A pod that runs as its manifest says. */
    static ManagedPod of(
            RunningPod pod, PodManifest manifest, Surroundings around, StatusStore statuses, Runnable wake) {
        return new ManagedPod(pod, manifest, around, statuses, wake);
    }

    /** A pod that nobody knows a manifest of, or only another version: it will be removed. */
    static ManagedPod withoutManifest(RunningPod pod, Surroundings around, StatusStore statuses, Runnable wake) {
        return new ManagedPod(pod, null, around, statuses, wake);
    }

    /** Takes over what an earlier agent wrote down of the same sandbox. */
    void adopt(List<ContainerStatus> written) {
        recorded = List.copyOf(written);
        if (containers != null) {
            containers.adopt(written);
        }
    }

    RunningPod pod() {
        return pod;
    }

    Actual actual() {
        return new Actual(pod.manifestHash(), isTerminating());
    }

    Duration grace() {
        return grace;
    }

    boolean isTerminating() {
        return termination != null;
    }

    void terminate(String reason) {
        if (termination == null) {
            remark = "is being removed: " + reason;
            termination = Termination.begin(pod.sandbox(), around.processes(), around.clock(), processes(), grace);
            save();
        }
    }

    private List<ProcessTable.Entry> processes() {
        if (containers != null) {
            return containers.processes();
        }
        return recorded.stream()
                .filter(status -> status.state() == ContainerStatus.State.RUNNING)
                .flatMap(
                        status -> around
                                .processes()
                                .find(status.pid())
                                .filter(entry -> entry.startTicks() == status.startTicks())
                                .stream())
                .toList();
    }

    /** Tells whether its processes are gone, so that its network can go. */
    boolean isReadyForTearDown() {
        return termination != null && !around.clock().instant().isBefore(nextTearDown) && termination.isOver();
    }

    void tearDownFailed(String message) {
        remark = "cannot be removed yet: " + message;
        nextTearDown = around.clock().instant().plus(RETRY);
        save();
    }

    void trimLogs() {
        around.logs().trim(pod.id());
    }

    void tick() {
        if (containers != null && termination == null) {
            containers.tick();
        }
    }

    /** Whether it can take traffic, where that is another answer than the last one. */
    Optional<Readiness> newReadiness() {
        if (containers == null || termination != null) {
            // Without a manifest nobody knows what would be ready; while it ends, the node knows.
            return Optional.empty();
        }
        Readiness now = containers.readiness();
        if (now == told) {
            return Optional.empty();
        }
        told = now;
        return Optional.of(now);
    }

    Optional<Instant> due() {
        if (termination != null) {
            Instant poll = around.clock().instant().plus(POLL);
            return Optional.of(poll.isBefore(nextTearDown) ? nextTearDown : poll);
        }
        return containers == null ? Optional.empty() : containers.due();
    }

    /** Says why the newest manifest does not count; empty where it does. */
    void remark(String text) {
        if (termination == null) {
            remark = text;
        }
    }

    void save() {
        String message = containers == null ? "" : containers.message();
        statuses.save(new PodStatus(
                pod.id().namespace(),
                pod.id().name(),
                containers == null ? "Running" : containers.phase(),
                remark.isEmpty() || message.isEmpty() ? remark + message : remark + "; " + message,
                pod.sandboxId(),
                around.bootId(),
                containers == null ? recorded : containers.statuses()));
    }
}
