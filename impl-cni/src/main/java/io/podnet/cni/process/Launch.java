package io.podnet.cni.process;

import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line that becomes the plugin: {@code setsid [setpriv …] [nsenter …] plugin}. Each program replaces itself by the
 * next, so the process's id is the plugin's own and names its process group, and no shell sees anything.
 */
final class Launch {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final String STATUS = "/proc/thread-self/status";
    private static final String NOTHING = "0000000000000000";

    private Launch() {}

    static ProcessBuilder of(Path plugin, Optional<NamespaceRef> namespace) {
        List<String> line = new ArrayList<>();
        line.add(installed(SETSID).toString());
        if (passesCapabilitiesOn()) {
            // CVE-2022-27649, -24769, -27651: what is inheritable comes back with file capabilities further down.
            line.addAll(List.of(installed(SETPRIV).toString(), "--inh-caps=-all", "--ambient-caps=-all", "--"));
        }
        List<String> command = List.of(plugin.toString());
        line.addAll(
                namespace.isEmpty() || isHere(namespace.get())
                        ? command
                        : NamespaceCommand.find()
                                .entering(NamespaceKind.NET, namespace.get().path())
                                .arguments(Path.of("/"), command));
        return new ProcessBuilder(line).directory(Path.of("/").toFile());
    }

    private static Path installed(Path program) {
        if (!Files.isExecutable(program)) {
            throw new PodnetException.Unsupported(
                    "a CNI plugin is started through " + program + ", which is not there; install util-linux");
        }
        return program;
    }

    private static boolean isHere(NamespaceRef namespace) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))
                    .toString()
                    .equals("net:[" + namespace.inode() + "]");
        } catch (IOException e) {
            return false;
        }
    }

    /** A child has what the thread has that starts it; where both sets are empty one program less is needed. */
    private static boolean passesCapabilitiesOn() {
        try {
            for (String line : Files.readAllLines(Path.of(STATUS))) {
                if ((line.startsWith("CapInh:") || line.startsWith("CapAmb:")) && !line.endsWith(NOTHING)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
