package io.podnet.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes as network namespaces on one bridge, all of them inside this process's own throw-away namespaces, with which they go:
 * see {@code benchmarks/run}.
 */
final class Lab {
    private static final Path NAMESPACES = Path.of("/run/netns");

    private int nodes;

    /** Makes the bridge. */
    Lab() throws IOException, InterruptedException {
        ip("link set lo up", "link add u0 type bridge", "link set u0 up");
    }

    /** Adds a node with 10.99.x.x on eth0; gives its name. */
    String node() throws IOException, InterruptedException {
        int number = nodes++;
        String name = "n" + number;
        String address = address(number);
        ip(
                "netns add " + name,
                "link add u" + (number + 1) + " type veth peer name eth0 netns " + name,
                "link set u" + (number + 1) + " master u0 up");
        in(
                name,
                "link set lo up",
                "address add " + address + "/16 dev eth0",
                "link set eth0 up",
                "route add default via 10.99.0.1");
        return name;
    }

    static String address(int number) {
        return "10.99." + (1 + number / 250) + "." + (1 + number % 250);
    }

    static Path path(String node) {
        return NAMESPACES.resolve(node);
    }

    static void ip(String... commands) throws IOException, InterruptedException {
        batch(List.of("ip", "-batch", "-"), commands);
    }

    static void in(String node, String... commands) throws IOException, InterruptedException {
        batch(List.of("ip", "-netns", node, "-batch", "-"), commands);
    }

    private static void batch(List<String> program, String... commands) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write((String.join("\n", commands) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", program) + ": " + List.of(commands));
        }
    }

    /** Runs a program in a network namespace and gives what it prints. */
    static String output(Path namespace, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + namespace));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", all) + " failed: " + printed);
        }
        return printed;
    }

    /** Starts a program in a network namespace. */
    static Process start(Path namespace, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + namespace));
        all.addAll(List.of(command));
        return new ProcessBuilder(all)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
