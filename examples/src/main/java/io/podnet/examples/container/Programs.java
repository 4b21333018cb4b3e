package io.podnet.examples.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds a program as execvp(3) does, to recognise its process. */
final class Programs {
    private Programs() {}

    static Optional<Path> find(String name, String path) {
        if (name.indexOf('/') >= 0) {
            return real(Path.of(name));
        }
        for (String directory : path.split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, name);
            if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                return real(candidate);
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> real(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
