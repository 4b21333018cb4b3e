package io.podnet.examples.agent;

import io.podnet.api.PodnetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The defaults that depend on where the agent runs. */
final class Nodes {
    private static final Path NETNS = Path.of("/run/netns");

    private Nodes() {}

    static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"))
                    .strip()
                    .toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new PodnetException.Invalid("the host name cannot be read (" + e + "); give --node-name", e);
        }
    }

    /** iproute2's directory, so that {@code ip netns exec} finds the pods; the state directory without root's rights. */
    static Path netnsDirectory(Path state) {
        Path writable = Files.isDirectory(NETNS) ? NETNS : NETNS.getParent();
        return Files.isWritable(writable) ? NETNS : state.toAbsolutePath().resolve("netns");
    }

    static String describe(@Nullable Path namespace) {
        if (namespace != null) {
            return "network namespace " + namespace;
        }
        try {
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
            return "this process's network namespace, " + own + (isTheMachines(own) ? ": this machine's own" : "");
        } catch (IOException e) {
            throw new PodnetException.StateFailure("/proc/self/ns/net cannot be read: " + e, e);
        }
    }

    private static boolean isTheMachines(Path own) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/1/ns/net")).equals(own);
        } catch (IOException notVisible) {
            return false;
        }
    }
}
