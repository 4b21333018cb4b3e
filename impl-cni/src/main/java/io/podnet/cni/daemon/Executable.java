package io.podnet.cni.daemon;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The executable {@code podnet-cni} and the settings beside it.
 *
 * @param socket where the daemon listens; empty where there is never one, so that every call is a process of its own
 * @param state the state directory, absolute
 * @param standAlone program and arguments that answer a call without the daemon, the program by absolute path; empty for
 *     none
 */
public record Executable(Optional<Path> socket, Path state, List<String> standAlone) {
    private static final String NAME = "podnet-cni";

    /** Checks what the settings' file cannot say. */
    public Executable {
        standAlone = List.copyOf(standAlone);
        List<String> texts = new ArrayList<>(standAlone);
        texts.add(state.toString());
        socket.ifPresent(path -> texts.add(path.toString()));
        if (texts.stream().anyMatch(text -> text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0)) {
            throw new PodnetException.Invalid("settings of podnet-cni with line breaks: " + texts);
        }
        if (!state.isAbsolute() || socket.filter(path -> !path.isAbsolute()).isPresent()) {
            throw new PodnetException.Invalid("state directory and socket of podnet-cni need absolute paths");
        }
    }

    /**
     * Puts the executable into a directory of CNI plugins, over what is there.
     *
     * @param directory the directory; made where it is missing
     * @return the executable's path
     * @throws PodnetException.Unsupported for a machine that it was not built for
     * @throws PodnetException.StateFailure where a file cannot be written
     */
    public Path install(Path directory) {
        byte[] program = program(System.getProperty("os.arch", ""));
        try {
            Files.createDirectories(directory);
            put(directory.resolve(NAME + ".conf"), settings().getBytes(StandardCharsets.UTF_8), "rw-r--r--");
            Path executable = directory.resolve(NAME);
            put(executable, program, "rwxr-xr-x");
            return executable;
        } catch (IOException e) {
            throw new PodnetException.StateFailure(NAME + " cannot be put into " + directory + ": " + e, e);
        }
    }

    private String settings() {
        StringBuilder text = new StringBuilder("# Written by install-cni.\n");
        socket.ifPresent(path -> text.append("socket ").append(path).append('\n'));
        text.append("state ").append(state).append('\n');
        standAlone.forEach(word -> text.append("run ").append(word).append('\n'));
        return text.toString();
    }

    private static byte[] program(String architecture) {
        String machine = architecture.equals("amd64") ? "x86_64" : architecture;
        try (InputStream resource = Executable.class.getResourceAsStream(NAME + "-" + machine)) {
            if (resource == null) {
                throw new PodnetException.Unsupported(
                        NAME + " is there for x86_64 and aarch64, not for " + architecture);
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new PodnetException.StateFailure("the resource " + NAME + "-" + machine + " cannot be read", e);
        }
    }

    /** A runtime that starts it meanwhile gets the old or the new one. */
    private static void put(Path file, byte[] content, String mode) throws IOException {
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".podnet-cni", "");
        try {
            Files.write(fresh, content);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
