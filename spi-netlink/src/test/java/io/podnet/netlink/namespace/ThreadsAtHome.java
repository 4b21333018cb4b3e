package io.podnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks where every thread of this JVM is, as the kernel sees it. */
public final class ThreadsAtHome {
    private ThreadsAtHome() {}

    /** Asserts that all threads are in the namespaces of the first one. */
    public static void assertAll() throws IOException {
        for (String kind : List.of("net", "ipc", "uts", "mnt")) {
            assertThat(outside(kind)).as("threads outside home, " + kind).isEmpty();
        }
    }

    private static List<String> outside(String kind) throws IOException {
        Path home = Files.readSymbolicLink(Path.of("/proc/self/ns", kind));
        List<String> found = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    if (!Files.readSymbolicLink(task.resolve("ns").resolve(kind))
                            .equals(home)) {
                        found.add(Files.readString(task.resolve("comm")).strip());
                    }
                } catch (NoSuchFileException e) {
                    assertThat(task).doesNotExist(); // a thread that has ended is nowhere
                }
            }
        }
        return found;
    }

    /** The network namespace that the calling thread is in. */
    public static String currentNet() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    }
}
