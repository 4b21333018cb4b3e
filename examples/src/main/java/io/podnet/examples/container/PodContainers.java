package io.podnet.examples.container;

import io.podnet.examples.manifest.PodManifest;
import io.podnet.examples.reconcile.Readiness;
import io.podnet.examples.state.ContainerStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A pod's containers. For one thread. */
public final class PodContainers {
    private final List<ContainerSupervisor> containers;

    /**
     * Prepares a pod's containers; nothing is started before the first {@link #tick}.
     *
     * @param manifest the pod
     * @param supervision what it takes
     */
    public PodContainers(PodManifest manifest, Supervision supervision) {
        this.containers = manifest.containers().stream()
                .map(container -> new ContainerSupervisor(
                        manifest.id().toString(), container, manifest.restartPolicy(), supervision))
                .toList();
    }

    /**
     * Takes over what an earlier agent wrote down.
     *
     * @param recorded the containers' statuses then
     */
    public void adopt(List<ContainerStatus> recorded) {
        for (ContainerSupervisor container : containers) {
            recorded.stream()
                    .filter(status -> status.name().equals(container.status().name()))
                    .findFirst()
                    .ifPresent(container::adopt);
        }
    }

    /** Notices ends and makes the starts that are due. */
    public void tick() {
        containers.forEach(ContainerSupervisor::tick);
    }

    /**
     * Tells when {@link #tick} is to be called next, unless a process wakes the agent before.
     *
     * @return the time; empty where nothing is due
     */
    public Optional<Instant> due() {
        return containers.stream()
                .flatMap(container -> container.due().stream())
                .min(Comparator.naturalOrder());
    }

    /**
     * Lists the statuses.
     *
     * @return one for each container
     */
    public List<ContainerStatus> statuses() {
        return containers.stream().map(ContainerSupervisor::status).toList();
    }

    /**
     * Lists the containers' first processes.
     *
     * @return those that run
     */
    public List<ProcessTable.Entry> processes() {
        return containers.stream()
                .flatMap(container -> container.process().stream())
                .toList();
    }

    /**
     * Sums up.
     *
     * @return the pod's phase: Running, or Succeeded or Failed where all ended for good
     */
    public String phase() {
        boolean over = !containers.isEmpty()
                && statuses().stream().allMatch(status -> status.state() == ContainerStatus.State.ENDED);
        if (!over) {
            return "Running";
        }
        return statuses().stream().allMatch(status -> status.exitCode() == 0) ? "Succeeded" : "Failed";
    }

    /**
     * Tells whether the pod can take traffic. A container whose command only its image would know is somebody else's to
     * run, so that it does not count.
     *
     * @return READY where every container that is run here runs
     */
    public Readiness readiness() {
        if (!phase().equals("Running")) {
            return Readiness.ENDED;
        }
        return containers.stream().allMatch(ContainerSupervisor::isReady) ? Readiness.READY : Readiness.NOT_READY;
    }

    /**
     * Tells what is wrong.
     *
     * @return a sentence for each container with a trouble; empty where there is none
     */
    public String message() {
        return statuses().stream()
                .map(ContainerStatus::message)
                .filter(message -> !message.isEmpty())
                .collect(Collectors.joining("; "));
    }
}
