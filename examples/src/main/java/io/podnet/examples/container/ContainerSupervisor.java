package io.podnet.examples.container;

import io.podnet.api.PodnetException;
import io.podnet.examples.manifest.ContainerManifest;
import io.podnet.examples.manifest.RestartPolicy;
import io.podnet.examples.state.ContainerLogs;
import io.podnet.examples.state.ContainerStatus;
import io.podnet.spi.PodSandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one container running. Its status is written down before each start and again when the process is known; a kill
 * between the two leaves a start that {@link Adoption} resolves, so that no process is doubled or lost. For one thread.
 */
final class ContainerSupervisor {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerSupervisor.class);
    // Kubernetes' exit code for a container that could not be started: StartError.
    private static final int START_ERROR = 128;

    private final String title;
    private final ContainerManifest container;
    private final RestartPolicy policy;
    private final Supervision supervision;
    private ContainerStatus status;
    private @Nullable Process child;

    ContainerSupervisor(String pod, ContainerManifest container, RestartPolicy policy, Supervision supervision) {
        this.title = pod + "/" + container.name();
        this.container = container;
        this.policy = policy;
        this.supervision = supervision;
        this.status = ContainerStatus.fresh(container.name());
    }

    boolean isReady() {
        return !container.runs() || status.state() == ContainerStatus.State.RUNNING;
    }

    ContainerStatus status() {
        return status;
    }

    /** Takes over what an earlier agent wrote down. */
    void adopt(ContainerStatus recorded) {
        status = recorded;
        if (recorded.state() != ContainerStatus.State.RUNNING && recorded.state() != ContainerStatus.State.STARTING) {
            return;
        }
        Optional<ProcessTable.Entry> found = new Adoption(supervision.processes())
                .find(
                        recorded,
                        marker(recorded.attempt()),
                        program(),
                        supervision.sandbox().processes());
        if (found.isPresent()) {
            status = recorded.running(found.get().pid(), found.get().startTicks());
            LOG.info("container {} runs on, pid {}", title, status.pid());
        } else if (recorded.state() == ContainerStatus.State.RUNNING) {
            ended(ContainerStatus.UNKNOWN_EXIT_CODE);
        } else {
            // Whether it ran is not known, so it runs: a container is run at least once.
            status = recorded.waiting(recorded.exitCode(), recorded.streak(), 0, "");
        }
        supervision.changed().run();
    }

    private Optional<Path> program() {
        PodSandbox.Command command = command(0);
        return Programs.find(command.command().get(0), command.environment().getOrDefault("PATH", ""));
    }

    private String marker(int attempt) {
        return markerOfAnyAttempt() + attempt;
    }

    private String markerOfAnyAttempt() {
        return supervision.sandboxId() + "/" + container.name() + "/";
    }

    private Path log() {
        return ContainerLogs.file(supervision.logs(), container.name());
    }

    private PodSandbox.Command command(int attempt) {
        return supervision.commands().of(container, marker(attempt), log());
    }

    void tick() {
        if (status.state() == ContainerStatus.State.RUNNING) {
            if (child != null && !child.isAlive()) {
                ended(child.exitValue());
            } else if (child == null && process().isEmpty()) {
                ended(ContainerStatus.UNKNOWN_EXIT_CODE);
            }
        }
        if (container.runs()
                && status.state() == ContainerStatus.State.WAITING
                && supervision.clock().millis() >= status.notBeforeMillis()) {
            start();
        }
    }

    /** When something is to be done that no event announces. */
    Optional<Instant> due() {
        return switch (status.state()) {
            case WAITING ->
                container.runs() ? Optional.of(Instant.ofEpochMilli(status.notBeforeMillis())) : Optional.empty();
            // Another process's child: its end has to be looked for.
            case RUNNING ->
                child == null ? Optional.of(supervision.clock().instant().plusSeconds(1)) : Optional.empty();
            case STARTING, ENDED -> Optional.empty();
        };
    }

    /** The container's process, while it runs. */
    Optional<ProcessTable.Entry> process() {
        return status.state() != ContainerStatus.State.RUNNING
                ? Optional.empty()
                : supervision.processes().find(status.pid()).filter(entry -> entry.startTicks() == status.startTicks());
    }

    private void start() {
        if (status.attempt() > 0) {
            killLeftovers();
        }
        ContainerStatus before = status;
        status = status.starting(
                supervision.processes().nowTicks(), supervision.clock().millis());
        try {
            supervision.changed().run();
        } catch (PodnetException notWritten) {
            status = before;
            throw notWritten;
        }
        try {
            Process process = supervision.sandbox().start(command(status.attempt()));
            child = process;
            long startTicks = supervision
                    .processes()
                    .find(process.pid())
                    .map(ProcessTable.Entry::startTicks)
                    .orElse(0L);
            status = status.running(process.pid(), startTicks);
            LOG.info("container {} started, pid {}", title, process.pid());
            whenItEnds(process);
        } catch (PodnetException e) {
            failed(START_ERROR, "container " + container.name() + " cannot be started: " + e.getMessage());
        }
        supervision.changed().run();
    }

    private void whenItEnds(Process process) {
        CompletableFuture<Void> woken =
                process.onExit().thenRun(() -> supervision.wake().run());
        if (woken.isCompletedExceptionally()) {
            LOG.debug("the end of {} wakes nobody; it is noticed by the next look", title);
        }
    }

    /** In Kubernetes a container's processes end with its first one; here those are found by their mark. */
    private void killLeftovers() {
        ProcessTable processes = supervision.processes();
        for (long pid : supervision.sandbox().processes()) {
            if (processes
                    .variable(pid, ContainerCommand.MARKER)
                    .filter(marker -> marker.startsWith(markerOfAnyAttempt()))
                    .isPresent()) {
                processes.find(pid).ifPresent(entry -> processes.send(entry, ProcessTable.Signal.KILL));
            }
        }
    }

    private void ended(int code) {
        String how = code == ContainerStatus.UNKNOWN_EXIT_CODE
                ? "ended while no agent watched"
                : "exited with code " + code + (code == 127 ? " (program not found?)" : "");
        failed(code, "container " + container.name() + " " + how + ", output in " + log());
        supervision.changed().run();
    }

    private void failed(int code, String what) {
        child = null;
        boolean failure = code != 0;
        if (!policy.restarts(failure)) {
            status = status.ended(code, failure ? what : "");
            LOG.info("{}: {}; it is not started again", title, what);
            return;
        }
        long now = supervision.clock().millis();
        int streak = Backoff.wasHealthy(Duration.ofMillis(now - status.startedMillis())) ? 0 : status.streak();
        Duration delay = Backoff.delay(streak);
        status = status.waiting(code, streak + 1, now + delay.toMillis(), what);
        LOG.info("{}: {}; next start in {} s", title, what, delay.toSeconds());
    }
}
