package io.podnet.dns;

import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A network namespace with its loopback up, as a pod has one, and programs in it. */
public final class PodPlace implements AutoCloseable {
    private final NetworkNamespace namespace;

    public PodPlace(NamespaceThreads threads) throws IOException, InterruptedException {
        namespace = threads.makeUnpinned();
        run("ip", "link", "set", "lo", "up");
    }

    public NetworkNamespace namespace() {
        return namespace;
    }

    public List<String> command(String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + namespace.path()));
        all.addAll(List.of(command));
        return all;
    }

    /** Runs a program to its end and gives what it wrote; fails where it fails. */
    public String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("podnet-test", ".out");
        try {
            Process process = new ProcessBuilder(command(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            String text = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " failed: " + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    @Override
    public void close() {
        namespace.close();
    }
}
