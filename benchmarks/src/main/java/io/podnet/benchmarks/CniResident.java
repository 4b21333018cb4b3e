package io.podnet.benchmarks;

import io.podnet.cni.daemon.CniDaemon;
import io.podnet.cni.daemon.WarmUp;
import io.podnet.cni.plugin.PodnetPlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The daemon that {@code podnet-cni} speaks to, until it is terminated; arguments are state directory and socket. */
public final class CniResident {
    private CniResident() {}

    /**
     * Listens.
     *
     * @param args state directory, socket
     * @throws InterruptedException never, the process is terminated
     */
    public static void main(String[] args) throws InterruptedException {
        WarmUp.run(Path.of(args[0]), Duration.ofMillis(Long.getLong("warm-up", 3000)));
        try (PodnetPlugin plugin = PodnetPlugin.open(Path.of(args[0]), Optional.empty());
                CniDaemon daemon = CniDaemon.open(Path.of(args[1]), plugin)) {
            System.out.println("ready at " + daemon.socket());
            new CountDownLatch(1).await();
        }
    }
}
