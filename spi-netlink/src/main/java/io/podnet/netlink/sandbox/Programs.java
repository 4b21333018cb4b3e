package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds out beforehand whether a program is there: once nsenter has started, only an exit status could tell. */
final class Programs {
    // execvp(3) with no PATH in the environment.
    private static final String DEFAULT_PATH = "/bin:/usr/bin";
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private Programs() {}

    /** The program that begins a session of its own, in which no terminal's signals arrive. */
    static Path setsid() {
        return SETSID.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new PodnetException.Unsupported(
                        "a process of a pod is started through setsid, and there is none at " + SETSID
                                + "; install util-linux"));
    }

    /**
     * Looks for a program as execvp(3) will.
     *
     * @throws PodnetException.NotFound where there is none, or what is there cannot be executed
     */
    static void require(String program, String searchPath, Path workingDirectory) {
        if (!Files.isDirectory(workingDirectory)) {
            throw new PodnetException.NotFound("there is no working directory " + workingDirectory);
        }
        if (program.indexOf('/') >= 0) {
            Path file = workingDirectory.resolve(program);
            if (!isProgram(file)) {
                if (Files.exists(file)) {
                    throw new PodnetException.NotFound(file + " is no program: it is "
                            + (Files.isRegularFile(file)
                                    ? "not executable for this user; chmod +x it, or name the program that reads it"
                                    : "no regular file"));
                }
                throw new PodnetException.NotFound("there is no program " + program);
            }
            return;
        }
        String path = searchPath.isEmpty() ? DEFAULT_PATH : searchPath;
        for (String directory : path.split(":", -1)) {
            if (isProgram(workingDirectory.resolve(directory).resolve(program))) {
                return;
            }
        }
        throw new PodnetException.NotFound("there is no program " + program + " in PATH " + path);
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
