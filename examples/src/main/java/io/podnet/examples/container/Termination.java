package io.podnet.examples.container;

import io.podnet.spi.PodSandbox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a pod's processes: SIGTERM to the containers, SIGKILL after the grace period, and to everything else in the pod's
 * namespace when they are gone. For one thread.
 */
public final class Termination {
    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);
    private static final Duration UNTIL_KILLED = Duration.ofSeconds(10);

    private final PodSandbox sandbox;
    private final ProcessTable processes;
    private final Clock clock;
    private final List<ProcessTable.Entry> containers;
    private final Instant deadline;
    private @Nullable Instant killed;

    private Termination(
            PodSandbox sandbox,
            ProcessTable processes,
            Clock clock,
            List<ProcessTable.Entry> containers,
            Instant deadline) {
        this.sandbox = sandbox;
        this.processes = processes;
        this.clock = clock;
        this.containers = List.copyOf(containers);
        this.deadline = deadline;
    }

    /**
     * Sends SIGTERM.
     *
     * @param sandbox the pod's sandbox
     * @param processes the process table
     * @param clock tells when the grace period is over
     * @param containers the containers' first processes
     * @param grace how long they have
     * @return what is to be asked until all is over
     */
    public static Termination begin(
            PodSandbox sandbox,
            ProcessTable processes,
            Clock clock,
            List<ProcessTable.Entry> containers,
            Duration grace) {
        containers.forEach(process -> processes.send(process, ProcessTable.Signal.TERM));
        return new Termination(
                sandbox, processes, clock, containers, clock.instant().plus(grace));
    }

    /**
     * Looks how far it is, and kills what has had its time.
     *
     * @return true where nothing runs any more
     */
    public boolean isOver() {
        boolean waits = containers.stream().anyMatch(this::lives);
        if (waits && clock.instant().isBefore(deadline)) {
            return false;
        }
        long self = ProcessHandle.current().pid();
        List<ProcessTable.Entry> left = sandbox.processes().stream()
                .filter(pid -> pid != self)
                .flatMap(pid -> processes.find(pid).stream())
                .toList();
        if (left.isEmpty() && !waits) {
            return true;
        }
        if (killed == null) {
            killed = clock.instant();
        }
        if (clock.instant().isAfter(killed.plus(UNTIL_KILLED))) {
            LOG.warn("processes {} do not end although they were killed; their pod's network goes all the same", left);
            return true;
        }
        left.forEach(process -> processes.send(process, ProcessTable.Signal.KILL));
        containers.stream().filter(this::lives).forEach(process -> processes.send(process, ProcessTable.Signal.KILL));
        return false;
    }

    private boolean lives(ProcessTable.Entry process) {
        return processes
                .find(process.pid())
                .filter(entry -> entry.startTicks() == process.startTicks())
                .isPresent();
    }
}
