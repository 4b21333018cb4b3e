package io.podnet.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A Python program of the tests, for what needs raw sockets, which Java has not. */
final class Script implements AutoCloseable {
    private final Path file;

    Script(String name) throws IOException {
        file = Files.createTempFile("podnet-test", name);
        try (var resource = Objects.requireNonNull(Script.class.getResourceAsStream("/" + name))) {
            Files.write(file, resource.readAllBytes());
        }
    }

    List<String> command(Object... arguments) {
        List<String> command = new ArrayList<>(List.of("python3", file.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    @Override
    public void close() throws IOException {
        Files.delete(file);
    }
}
