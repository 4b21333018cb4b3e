package io.podnet.examples.container;

import io.podnet.spi.PodSandbox;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What supervising a pod's containers takes.
 *
 * @param sandboxId the sandbox's id, unique for ever
 * @param sandbox where processes are started
 * @param commands makes command lines
 * @param processes the process table
 * @param clock tells the time for the back-off
 * @param logs a directory for the containers' output
 * @param changed called after each change of a container's status, before and after its start: writes it down
 * @param wake called on any thread when a process ended
 */
public record Supervision(
        String sandboxId,
        PodSandbox sandbox,
        ContainerCommand commands,
        ProcessTable processes,
        Clock clock,
        Path logs,
        Runnable changed,
        Runnable wake) {}
