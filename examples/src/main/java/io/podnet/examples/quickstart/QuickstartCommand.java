package io.podnet.examples.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code quickstart} command. */
@Command(
        name = "quickstart",
        description =
                "A guided tour: a node in a network namespace of its own, two pods, real traffic, and nothing left.",
        mixinStandardHelpOptions = true)
public final class QuickstartCommand implements Callable<Integer> {
    private static final long UNTIL_CLEAN_SECONDS = 30;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        Tour tour = new Tour(out);
        CountDownLatch clean = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> stop(tour, clean), "on-signal");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            new Quickstart(tour, System.getenv()).run();
            out.println();
            out.println("quickstart: ok");
            out.flush();
            return 0;
        } catch (TourException e) {
            err.println("quickstart: " + e.getMessage());
            err.flush();
            return 1;
        } finally {
            clean.countDown();
        }
    }

    /** Ends the tour early, and waits until it has taken everything back before the JVM goes. */
    private static void stop(Tour tour, CountDownLatch clean) {
        tour.stop();
        try {
            if (!clean.await(UNTIL_CLEAN_SECONDS, TimeUnit.SECONDS)) {
                tour.say("quickstart: not everything could be taken back in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
