package io.podnet.examples.cniplugin;

import io.podnet.cni.daemon.CniDaemon;
import io.podnet.cni.daemon.WarmUp;
import io.podnet.cni.plugin.PodnetPlugin;
import io.podnet.examples.signal.OrderlyEnd;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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

    @Option(
            names = "--warm-up",
            paramLabel = "MILLIS",
            defaultValue = "3000",
            description =
                    "How long it may practise in a namespace of its own before it listens, so that the first calls"
                            + " are as fast as later ones; 0 for not at all; default: ${DEFAULT-VALUE}.")
    private long warmUp;

    @Spec
    private @Nullable CommandSpec spec;

    private final OrderlyEnd end = new OrderlyEnd();

    @Override
    public Integer call() throws Exception {
        return end.of(this::work);
    }

    private int work() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        CountDownLatch stop = new CountDownLatch(1);
        end.onSignal(stop::countDown);
        Path directory = state.toAbsolutePath().normalize();
        // Before anybody can call: who finds the socket finds it fast.
        WarmUp.run(directory, Duration.ofMillis(warmUp));
        try (PodnetPlugin plugin = PodnetPlugin.open(directory, Optional.ofNullable(nodeNamespace));
                CniDaemon daemon = CniDaemon.open(socket.toAbsolutePath().normalize(), plugin)) {
            out.println("cni-daemon: listening at " + daemon.socket());
            out.flush();
            stop.await();
        }
        return 0;
    }
}
