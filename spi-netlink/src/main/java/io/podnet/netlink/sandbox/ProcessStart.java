package io.podnet.netlink.sandbox;

import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceHandle;
import io.podnet.netlink.namespace.NamespaceKind;
import io.podnet.netlink.namespace.NamespaceThreads;
import io.podnet.netlink.namespace.NetworkNamespace;
import io.podnet.spi.PodSandbox.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts processes of one pod: {@code setsid nsenter --mount=… --net=… … -- command}, from the caller's thread. Both
 * programs exec what follows, so the process's id is the command's own, and no shell sees anything.
 */
final class ProcessStart {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessStart.class);
    private static final File NULL = new File("/dev/null");
    private static final long LONGEST_WAIT_NANOS = 10_000_000_000L;
    private static final long LOOK_EVERY_NANOS = 100_000;

    private final NamespaceThreads threads;
    private final NetworkNamespace network;
    private final Map<NamespaceKind, NamespaceHandle> others;
    private final PodDirectory directory;
    private final Optional<PodPins> pins;

    ProcessStart(
            NamespaceThreads threads,
            NetworkNamespace network,
            Map<NamespaceKind, NamespaceHandle> others,
            PodDirectory directory,
            Optional<PodPins> pins) {
        this.threads = threads;
        this.network = network;
        this.others = others;
        this.directory = directory;
        this.pins = pins;
    }

    Process start(Command command) {
        ProcessBuilder builder = new ProcessBuilder(command.command()).redirectInput(NULL);
        environment(builder, command.environment());
        File output = command.output().map(ProcessStart::privateFile).orElse(NULL);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output));
        return start(
                builder,
                command.workingDirectory().orElse(Path.of("/")),
                List.of(Programs.setsid().toString()));
    }

    Process start(ProcessBuilder builder) {
        if (builder.command().isEmpty() || builder.command().get(0).isEmpty()) {
            throw new PodnetException.Invalid("a command needs a program");
        }
        File here = builder.directory() == null ? new File("") : builder.directory();
        ProcessBuilder copy = new ProcessBuilder(List.copyOf(builder.command()))
                .redirectInput(builder.redirectInput())
                .redirectOutput(builder.redirectOutput())
                .redirectError(builder.redirectError())
                .redirectErrorStream(builder.redirectErrorStream());
        environment(copy, builder.environment());
        return start(copy, here.getAbsoluteFile().toPath().normalize(), List.of());
    }

    private static void environment(ProcessBuilder builder, Map<String, String> wanted) {
        Map<String, String> environment = builder.environment();
        environment.clear();
        try {
            environment.putAll(wanted);
        } catch (IllegalArgumentException e) {
            throw new PodnetException.Invalid("an environment variable cannot be passed on: " + e.getMessage(), e);
        }
    }

    /** What a pod prints is nobody else's business. */
    private static File privateFile(Path path) {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            LOG.atTrace().addKeyValue("file", path).log("output is appended to a file that exists");
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot make the output file " + path, e);
        }
        return path.toFile();
    }

    private Process start(ProcessBuilder builder, Path workingDirectory, List<String> before) {
        List<String> command = builder.command();
        Programs.require(command.get(0), builder.environment().getOrDefault("PATH", ""), workingDirectory);
        PodMounts.Made mounts = PodMounts.make(threads, directory, pins);
        try (NamespaceHandle namespace = mounts.namespace()) {
            mounts.skipped()
                    .forEach(file -> LOG.atWarn()
                            .addKeyValue("file", file)
                            .log("the pod's own file is not seen by its process: the node has none to lay it over"));
            List<String> all = new ArrayList<>(before);
            all.addAll(entering(namespace).arguments(workingDirectory, command));
            Process process = builder.command(all).directory(new File("/")).start();
            awaitEntered(process, namespace);
            return process;
        } catch (IOException e) {
            throw new PodnetException.StateFailure("cannot start " + command + " in " + network, e);
        }
    }

    private NamespaceCommand entering(NamespaceHandle mounts) {
        NamespaceCommand entering = NamespaceCommand.find()
                .entering(NamespaceKind.NET, network.path())
                .entering(NamespaceKind.MNT, mounts.path());
        for (NamespaceHandle other : others.values()) {
            entering = entering.entering(other.kind(), other.path());
        }
        return entering;
    }

    /** The mount namespace has to be held until the process is in it, or has ended. */
    private static void awaitEntered(Process process, NamespaceHandle mounts) {
        long end = System.nanoTime() + LONGEST_WAIT_NANOS;
        while (process.isAlive() && !isIn(process, mounts)) {
            if (System.nanoTime() - end > 0) {
                process.destroyForcibly();
                throw new PodnetException.TimedOut(
                        "process " + process.pid() + " did not enter " + mounts + " within 10 s and was killed");
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    private static boolean isIn(Process process, NamespaceHandle mounts) {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "ns", "mnt"))
                    .toString();
            return link.equals("mnt:[" + mounts.id() + "]");
        } catch (AccessDeniedException e) {
            return true; // nsenter can be looked at: this is a command that has other rights already
        } catch (IOException e) {
            return false; // it is just ending, which the next look will see
        }
    }
}
