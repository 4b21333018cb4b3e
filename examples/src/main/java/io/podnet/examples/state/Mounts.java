package io.podnet.examples.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The mounts that this process sees. */
public final class Mounts {
    private Mounts() {}

    /**
     * Finds mounts at or below a directory.
     *
     * @param directory the directory
     * @return where they are, the innermost first
     * @throws IOException where the kernel does not tell
     */
    public static List<Path> below(Path directory) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> Path.of(line.split(" ", -1)[4]))
                .filter(point -> point.startsWith(directory))
                .sorted(Comparator.reverseOrder())
                .toList();
    }
}
