package io.podnet.examples.state;

import io.podnet.api.PodId;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The containers' output: a directory for each pod, a file for each container, an older part beside it. */
public final class ContainerLogs {
    private static final String SUFFIX = ".log";
    private static final String OLDER = ".1";
    // Kubernetes' containerLogMaxSize.
    private static final long LARGEST = 10L << 20;

    private final Path root;
    private final long largest;

    /**
     * Opens a node's logs; nothing is made before the first pod.
     *
     * @param stateDirectory the node's state directory
     */
    public ContainerLogs(Path stateDirectory) {
        this(stateDirectory, LARGEST);
    }

    ContainerLogs(Path stateDirectory, long largest) {
        this.root = AgentFiles.root(stateDirectory.toAbsolutePath()).resolve("logs");
        this.largest = largest;
    }

    /**
     * Makes a pod's directory.
     *
     * @param pod the pod
     * @return the directory
     */
    public Path directory(PodId pod) {
        Path directory = root.resolve(AgentFiles.nameOf(pod));
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + directory + " cannot be made: " + e, e);
        }
    }

    /**
     * Names a container's file.
     *
     * @param directory its pod's directory
     * @param container the container's name
     * @return the file
     */
    public static Path file(Path directory, String container) {
        return directory.resolve(container + SUFFIX);
    }

    /**
     * Removes a pod's output.
     *
     * @param pod the pod
     */
    public void remove(PodId pod) {
        Path directory = root.resolve(AgentFiles.nameOf(pod));
        try {
            for (Path file : filesIn(directory)) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new PodnetException.StateFailure("output in " + directory + " cannot be removed: " + e, e);
        }
    }

    /**
     * Keeps the files small: what is too large is copied aside and emptied. Containers write at the end of the file,
     * wherever that is; what they write between copying and emptying is lost.
     *
     * @param pod the pod
     */
    public void trim(PodId pod) {
        try {
            for (Path file : filesIn(root.resolve(AgentFiles.nameOf(pod)))) {
                if (file.toString().endsWith(SUFFIX) && Files.size(file) > largest) {
                    Files.copy(
                            file, file.resolveSibling(file.getFileName() + OLDER), StandardCopyOption.REPLACE_EXISTING);
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.truncate(0);
                    }
                }
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("output of " + pod + " in " + root + " cannot be trimmed: " + e, e);
        }
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
