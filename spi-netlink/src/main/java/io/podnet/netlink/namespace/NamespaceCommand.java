package io.podnet.netlink.namespace;

import io.podnet.api.PodnetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A command line that enters namespaces and then becomes the command: {@code nsenter --net=PIN … -- command}. It is
 * started from a thread at home, since a process started on a namespace thread takes the JDK's reaper thread with it,
 * which then keeps the namespace alive. nsenter does not fork here, so the process's id is the command's own. Immutable.
 */
public final class NamespaceCommand {
    /** Where nsenter of util-linux is looked for; the search path of the environment is not trusted. */
    public static final List<Path> NSENTER =
            List.of(Path.of("/usr/bin/nsenter"), Path.of("/bin/nsenter"), Path.of("/usr/sbin/nsenter"));

    private final Path nsenter;
    private final Map<NamespaceKind, Path> namespaces;

    private NamespaceCommand(Path nsenter, Map<NamespaceKind, Path> namespaces) {
        this.nsenter = nsenter;
        this.namespaces = namespaces;
    }

    /**
     * Begins a command line with the installed nsenter.
     *
     * @return a command line that enters nothing yet
     * @throws PodnetException.Unsupported where nsenter is not installed
     */
    public static NamespaceCommand find() {
        return find(NSENTER);
    }

    static NamespaceCommand find(List<Path> candidates) {
        for (Path candidate : candidates) {
            if (Files.isExecutable(candidate)) {
                return new NamespaceCommand(candidate, Map.of());
            }
        }
        throw new PodnetException.Unsupported("a process of a pod is started through nsenter, and there is none at "
                + candidates + "; install util-linux");
    }

    /**
     * Enters one namespace more.
     *
     * @param kind its kind
     * @param path a path that leads to it when the process starts, for example {@link NamespaceHandle#path()}
     * @return a longer command line
     */
    public NamespaceCommand entering(NamespaceKind kind, Path path) {
        if (!path.isAbsolute()) {
            throw new PodnetException.Invalid("namespace path " + path + " is not absolute");
        }
        Map<NamespaceKind, Path> more = new EnumMap<>(NamespaceKind.class);
        more.putAll(namespaces);
        more.put(kind, path);
        return new NamespaceCommand(nsenter, Collections.unmodifiableMap(more));
    }

    /**
     * Writes the whole command line.
     *
     * @param workingDirectory absolute, as seen inside; util-linux 2.38 or newer is needed for anything but {@code /}
     * @param command program and arguments, at least the program
     * @return the arguments, nsenter first
     */
    public List<String> arguments(Path workingDirectory, List<String> command) {
        if (command.isEmpty() || !workingDirectory.isAbsolute()) {
            throw new PodnetException.Invalid("a program and an absolute working directory are needed");
        }
        List<String> all = new ArrayList<>();
        all.add(nsenter.toString());
        namespaces.forEach((kind, path) -> all.add("--" + option(kind) + "=" + path));
        if (!workingDirectory.equals(Path.of("/"))) {
            all.add("--wdns=" + workingDirectory);
        }
        all.add("--");
        all.addAll(command);
        return List.copyOf(all);
    }

    /**
     * Prepares a process inside, for the caller to redirect and start.
     *
     * @param command program and arguments, at least the program
     * @return a builder with this environment and working directory
     */
    public ProcessBuilder processBuilder(List<String> command) {
        return new ProcessBuilder(arguments(Path.of("/"), command));
    }

    private static String option(NamespaceKind kind) {
        return switch (kind) {
            case NET -> "net";
            case IPC -> "ipc";
            case UTS -> "uts";
            case MNT -> "mount";
        };
    }
}
