package io.podnet.examples.manifest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is run of a Kubernetes {@code Container}: a process of the host's file system.
 *
 * @param name the container's name, unique in its pod
 * @param command program and leading arguments; empty where only the image would know, then nothing is run
 * @param args further arguments
 * @param env the environment, in order, since later variables refer to earlier ones
 * @param workingDir where the process starts
 */
public record ContainerManifest(
        String name, List<String> command, List<String> args, List<EnvVar> env, Optional<Path> workingDir) {
    public ContainerManifest {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
    }

    /**
     * Tells whether there is a process to run.
     *
     * @return false where the command is the image's
     */
    public boolean runs() {
        return !command.isEmpty();
    }
}
