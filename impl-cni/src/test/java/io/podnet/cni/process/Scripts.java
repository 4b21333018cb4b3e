package io.podnet.cni.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Plugins that misbehave on purpose, as scripts in a directory of the test's. */
public final class Scripts {
    private final Path directory;

    public Scripts(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    public Path directory() {
        return directory;
    }

    /** Writes a plugin; its body is run by sh. */
    public Path plugin(String name, String body) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A plugin that writes down what it is asked, and then does something. */
    public Path recording(String name, String body) throws IOException {
        return plugin(
                name,
                "echo \"$CNI_COMMAND " + name + " netns=$CNI_NETNS\" >> " + directory.resolve("calls") + "\n" + "cat > "
                        + directory.resolve(name) + ".$CNI_COMMAND\n" + body);
    }

    /** What recording plugins were asked, in order. */
    public String calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls) ? Files.readString(calls) : "";
    }

    /** What a recording plugin read. */
    public String stdin(String name, String command) throws IOException {
        return Files.readString(directory.resolve(name + "." + command));
    }
}
