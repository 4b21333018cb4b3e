package io.podnet.benchmarks;

import io.podnet.cni.daemon.Executable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Puts {@code podnet-cni} into a directory; the arguments are that, the state directory and the daemon's socket. */
public final class CniInstallation {
    private CniInstallation() {}

    /**
     * Installs.
     *
     * @param args directory, state directory, socket
     */
    public static void main(String[] args) {
        Executable executable = new Executable(Optional.of(Path.of(args[2])), Path.of(args[1]), List.of());
        System.out.println(executable.install(Path.of(args[0])));
    }
}
