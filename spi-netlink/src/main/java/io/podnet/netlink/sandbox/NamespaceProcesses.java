package io.podnet.netlink.sandbox;

import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds the processes in a network namespace, whoever started them, by looking at every process there is. */
public final class NamespaceProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final int MOST_ROUNDS = 20;

    private NamespaceProcesses() {}

    /**
     * Finds the processes whose main thread is in a network namespace. Some 5 µs for each process of the machine.
     *
     * @param namespace which
     * @return the processes at this moment, without this one
     * @throws PodnetException.StateFailure where /proc cannot be read
     */
    public static List<RunningProcess> in(NamespaceRef namespace) {
        String wanted = "net:[" + Long.toUnsignedString(namespace.inode()) + "]";
        long self = ProcessHandle.current().pid();
        List<RunningProcess> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                if (pid != self && isIn(entry, wanted)) {
                    // Looked at twice, with the namespace in between: so both looks are at one process.
                    RunningProcess.of(pid)
                            .filter(process -> isIn(entry, wanted))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot list " + PROC, e);
        }
        return List.copyOf(found);
    }

    private static boolean isIn(Path process, String wanted) {
        try {
            return Files.readSymbolicLink(process.resolve("ns").resolve("net"))
                    .toString()
                    .equals(wanted);
        } catch (IOException e) {
            return false; // ended, or not ours to look at
        }
    }

    /**
     * Ends all processes in a network namespace, those too that they start meanwhile.
     *
     * @param namespace which
     * @param grace how long they may take, all together, to end by themselves
     * @throws PodnetException.Incomplete where some could not be ended
     */
    public static void stopAll(NamespaceRef namespace, Duration grace) {
        long end = System.nanoTime() + grace.toNanos();
        List<PodnetException> failures = new ArrayList<>();
        for (int round = 0; failures.isEmpty() && round < MOST_ROUNDS; round++) {
            List<RunningProcess> running = in(namespace);
            if (running.isEmpty()) {
                return;
            }
            if (end - System.nanoTime() > 0) {
                running.forEach(process -> attempt(failures, process::terminate));
            }
            running.forEach(process ->
                    attempt(failures, () -> process.killAfter(Duration.ofNanos(Math.max(0, end - System.nanoTime())))));
        }
        if (failures.isEmpty()) {
            failures.add(new PodnetException.TimedOut("they start new ones faster than they are ended"));
        }
        throw new PodnetException.Incomplete("processes in " + namespace + " are left", failures);
    }

    private static void attempt(List<PodnetException> failures, Runnable step) {
        try {
            step.run();
        } catch (PodnetException e) {
            failures.add(e);
        }
    }
}
