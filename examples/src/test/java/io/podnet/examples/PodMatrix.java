package io.podnet.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Pods that all connect to each other, by a program that needs no pod's processes. */
public final class PodMatrix {
    private final List<List<Object>> pods = new ArrayList<>();
    private int addresses;

    /** Adds a pod: its network namespace, its addresses. */
    public PodMatrix pod(String netns, List<String> ips) {
        pods.add(List.of(netns, ips));
        addresses += ips.size();
        return this;
    }

    /** How many connections there are. */
    public int size() {
        return pods.size() * addresses;
    }

    /** Connects all to all; gives the program's words: what is wrong, then how many were right. */
    public String run(Path work) throws IOException, InterruptedException {
        Path script = work.resolve("matrix.py");
        try (InputStream source =
                Objects.requireNonNull(PodMatrix.class.getResourceAsStream("/cluster/matrix.py"), "matrix.py")) {
            Files.write(script, source.readAllBytes());
        }
        Process process = new ProcessBuilder("python3", script.toString(), json())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("matrix.txt").toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the matrix does not end");
        }
        return Files.readString(work.resolve("matrix.txt"), StandardCharsets.UTF_8)
                .strip();
    }

    private String json() throws JsonProcessingException {
        return new ObjectMapper().writeValueAsString(pods);
    }
}
