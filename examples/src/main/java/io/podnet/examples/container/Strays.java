package io.podnet.examples.container;

import io.podnet.examples.state.ContainerStatus;
import io.podnet.examples.state.PodStatus;
import java.util.List;

/** Processes whose pod is gone: an agent was killed, then its pod's pin was removed by somebody else. */
public final class Strays {
    private Strays() {}

    /**
     * Kills what is left of a pod's containers.
     *
     * @param status what was written down of the pod, in this boot
     * @param processes the process table
     */
    public static void kill(PodStatus status, ProcessTable processes) {
        processes.all().stream()
                .filter(process -> isRecorded(process, status.containers())
                        || processes
                                .variable(process.pid(), ContainerCommand.MARKER)
                                .filter(marker -> marker.startsWith(status.sandboxId() + "/"))
                                .isPresent())
                .forEach(process -> processes.send(process, ProcessTable.Signal.KILL));
    }

    private static boolean isRecorded(ProcessTable.Entry process, List<ContainerStatus> containers) {
        return containers.stream()
                .filter(container -> container.state() == ContainerStatus.State.RUNNING)
                .anyMatch(container ->
                        container.pid() == process.pid() && container.startTicks() == process.startTicks());
    }
}
