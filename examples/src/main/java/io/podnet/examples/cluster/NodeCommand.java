package io.podnet.examples.cluster;

import io.podnet.api.PodnetException;
import io.podnet.spi.PodSandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Programs that are run on a node and end soon. They see this process's mounts, where all nodes' pins are, and not the node's,
 * which are as old as the node.
 */
final class NodeCommand {
    private static final long TIMEOUT_SECONDS = 20;

    private NodeCommand() {}

    /** How a program ended, and what it said. */
    record Outcome(int code, String output) {}

    static Outcome run(PodSandbox place, String... command) {
        List<String> all =
                new ArrayList<>(List.of("nsenter", "--net=" + place.network().path()));
        all.addAll(List.of(command));
        return here(all.toArray(new String[0]));
    }

    /** Runs a program where this process is. */
    static Outcome here(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            // A few lines, so the pipe takes them all before anybody reads.
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new PodnetException.TimedOut(String.join(" ", command) + " does not end");
            }
            try (InputStream stream = process.getInputStream()) {
                return new Outcome(process.exitValue(), new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure(String.join(" ", command) + " cannot be run: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PodnetException.TimedOut(String.join(" ", command) + " was not waited for");
        }
    }
}
