package io.podnet.examples.cniplugin;

import io.podnet.cni.daemon.CniDaemon;
import io.podnet.cni.plugin.PodnetPlugin;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code cni-daemon} command. */
@Command(
        name = "cni-daemon",
        description = "Answers the calls of podnet-cni, until it is terminated. Containers keep their network.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class CniDaemonCommand implements Callable<Integer> {
    private static final long STOP_SECONDS = 70;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = Places.STATE,
            description = "Records and pending deletes; default: ${DEFAULT-VALUE}.")
    private Path state = Path.of("");

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = Places.SOCKET,
            description = "Where podnet-cni finds this; default: ${DEFAULT-VALUE}.")
    private Path socket = Path.of("");

    @Option(
            names = "--node-namespace",
            paramLabel = "PATH",
            description = "Network namespace with the bridges; default: this process's own.")
    private @Nullable Path nodeNamespace;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        null,
                        () -> {
                            stop.countDown();
                            await(stopped);
                        },
                        "podnet-cni-stop",
                        0,
                        false));
        try (PodnetPlugin plugin =
                        PodnetPlugin.open(state.toAbsolutePath().normalize(), Optional.ofNullable(nodeNamespace));
                CniDaemon daemon = CniDaemon.open(socket.toAbsolutePath().normalize(), plugin)) {
            out.println("cni-daemon: listening at " + daemon.socket());
            out.flush();
            stop.await();
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
