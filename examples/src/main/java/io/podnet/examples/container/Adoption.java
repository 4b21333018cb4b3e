package io.podnet.examples.container;

import io.podnet.examples.state.ContainerStatus;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the process of a container that an earlier agent started. Where the pid was written down, pid and start time
 * say it. Where that agent was killed between the start and the note, the process carries the start's marker in its
 * environment; a program that has overwritten its environment (redis does, for its title) is recognised by being in the
 * pod's namespace, no older than the decision to start it, and of the right executable.
 */
final class Adoption {
    private final ProcessTable processes;

    Adoption(ProcessTable processes) {
        this.processes = processes;
    }

    Optional<ProcessTable.Entry> find(
            ContainerStatus recorded, String marker, Optional<Path> program, List<Long> inPod) {
        return switch (recorded.state()) {
            case RUNNING -> processes.find(recorded.pid()).filter(entry -> entry.startTicks() == recorded.startTicks());
            case STARTING -> marked(marker).or(() -> likely(recorded, program, inPod));
            case WAITING, ENDED -> Optional.empty();
        };
    }

    /** The oldest marked process whose parent is not marked: children inherit the mark. */
    private Optional<ProcessTable.Entry> marked(String marker) {
        List<ProcessTable.Entry> marked = processes.all().stream()
                .filter(entry ->
                        processes.variable(entry.pid(), ContainerCommand.MARKER).equals(Optional.of(marker)))
                .toList();
        return oldestRoot(marked);
    }

    private Optional<ProcessTable.Entry> likely(ContainerStatus recorded, Optional<Path> program, List<Long> inPod) {
        if (program.isEmpty()) {
            return Optional.empty();
        }
        List<ProcessTable.Entry> likely = inPod.stream()
                .flatMap(pid -> processes.find(pid).stream())
                .filter(entry -> entry.startTicks() >= recorded.intentTicks())
                .filter(entry ->
                        processes.variable(entry.pid(), ContainerCommand.MARKER).isEmpty())
                .filter(entry -> processes.executable(entry.pid()).equals(program))
                .toList();
        return oldestRoot(likely);
    }

    private static Optional<ProcessTable.Entry> oldestRoot(List<ProcessTable.Entry> entries) {
        Set<Long> pids = new HashSet<>();
        entries.forEach(entry -> pids.add(entry.pid()));
        return entries.stream()
                .filter(entry -> !pids.contains(entry.parent()))
                .min(Comparator.comparingLong(ProcessTable.Entry::startTicks)
                        .thenComparingLong(ProcessTable.Entry::pid));
    }
}
