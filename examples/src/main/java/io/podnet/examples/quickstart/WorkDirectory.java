package io.podnet.examples.quickstart;

import io.podnet.api.PodnetException;
import io.podnet.examples.state.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for everything that the tour writes; it goes with the tour. */
final class WorkDirectory implements AutoCloseable {
    private final Path path;

    private WorkDirectory(Path path) {
        this.path = path;
    }

    static WorkDirectory create() throws IOException {
        return new WorkDirectory(Files.createTempDirectory("podnet-quickstart-").toRealPath());
    }

    Path path() {
        return path;
    }

    Path directory(String name) throws IOException {
        return Files.createDirectories(path.resolve(name));
    }

    /** Unmounts what is mounted in it: pin directories are mounts of their own, as ip netns makes /run/netns one. */
    void unmount() throws IOException, InterruptedException {
        for (Path point : Mounts.below(path)) {
            Process umount =
                    new ProcessBuilder("umount", point.toString()).inheritIO().start();
            if (umount.waitFor() != 0) {
                throw new TourException("umount " + point + " failed with code " + umount.exitValue());
            }
        }
    }

    @Override
    public void close() {
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("directory " + path + " cannot be removed: " + e, e);
        }
    }
}
