package io.podnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks where every thread of this JVM is, as the kernel sees it. */
public final class ThreadsAtHome {
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private ThreadsAtHome() {}

    /** Asserts that all threads are in the namespaces of the first one. Threads on their way out get time to end. */
    public static void assertAll() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        List<String> outside = outside();
        while (!outside.isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
            outside = outside();
        }
        assertThat(outside).as("threads outside home").isEmpty();
    }

    private static List<String> outside() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                for (String kind : List.of("net", "ipc", "uts", "mnt")) {
                    Path home = Files.readSymbolicLink(Path.of("/proc/self/ns", kind));
                    if (!here(task, kind, home)) {
                        found.add(kind + " of thread " + task.getFileName());
                    }
                }
            }
        }
        return found;
    }

    private static boolean here(Path task, String kind, Path home) throws IOException {
        try {
            return Files.readSymbolicLink(task.resolve("ns").resolve(kind)).equals(home);
        } catch (NoSuchFileException e) {
            return true; // a thread that has ended is nowhere
        } catch (AccessDeniedException e) {
            return false; // one that is just ending: the kernel's answer until its directory is gone
        }
    }

    /** The network namespace that the calling thread is in. */
    public static String currentNet() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    }
}
