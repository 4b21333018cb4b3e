package io.podnet.iptables.restore;

import io.podnet.api.NamespaceRef;
import io.podnet.api.PodnetException;
import io.podnet.netlink.namespace.NamespaceCommand;
import io.podnet.netlink.namespace.NamespaceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Starts programs in a network namespace: through nsenter from a thread that is elsewhere, so that no thread of this
 * process has to go there. Safe for any thread.
 */
public final class NamespacePrograms {
    private final NamespaceRef namespace;
    private final LongConsumer started;

    /**
     * Prepares programs.
     *
     * @param namespace where they run; stays the caller's to close
     * @param started hears of each process before it gets input
     */
    public NamespacePrograms(NamespaceRef namespace, LongConsumer started) {
        this.namespace = namespace;
        this.started = started;
    }

    Process start(List<String> command, ProcessBuilder.Redirect output) {
        ProcessBuilder builder = isHere()
                ? new ProcessBuilder(command)
                : NamespaceCommand.find()
                        .entering(NamespaceKind.NET, namespace.path())
                        .processBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.clear();
        // The tools load kernel modules by name, and error texts are read.
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("LC_ALL", "C");
        try {
            Process process = builder.redirectOutput(output).start();
            started.accept(process.pid());
            return process;
        } catch (IOException e) {
            throw new PodnetException.StateFailure(
                    "starting " + command.get(0) + " in namespace " + namespace.path() + " failed: " + e.getMessage(),
                    e);
        }
    }

    private boolean isHere() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))
                    .toString()
                    .equals("net:[" + namespace.inode() + "]");
        } catch (IOException e) {
            return false;
        }
    }
}
