package io.podnet.examples.quickstart;

import io.podnet.spi.PodSandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Somewhere programs can be run: the node, or a pod.
 *
 * @param name what the tour calls it
 * @param sandbox its namespaces
 */
record Place(String name, PodSandbox sandbox) {
    private static final long TIMEOUT_SECONDS = 20;

    /** Runs a program, shows it, and gives its output. */
    String run(Tour tour, String... command) throws IOException, InterruptedException {
        tour.does(name, String.join(" ", command));
        String output = quietly(command);
        tour.shows(output);
        return output;
    }

    /** Runs a program and gives its output. */
    String quietly(String... command) throws IOException, InterruptedException {
        Process process = sandbox.start(new ProcessBuilder(List.of(command)).redirectErrorStream(true));
        process.getOutputStream().close();
        // What the tour runs prints a few lines, so the pipe takes them all before anybody reads.
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new TourException(String.join(" ", command) + " in " + name + " does not end");
        }
        try (InputStream stream = process.getInputStream()) {
            String output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new TourException(String.join(" ", command) + " in " + name + " failed with code "
                        + process.exitValue() + ": " + output.strip());
            }
            return output;
        }
    }
}
